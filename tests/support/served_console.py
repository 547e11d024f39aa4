"""A console on a port of its own after some life, in which every field that somebody else writes holds what a browser would run."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import uvicorn

from processors.decisions import Reason
from processors.playbooks.resources import Bundle, Localised, Playbook, Resource
from streams.console.accounts import Role
from streams.console.app import console
from streams.console.backtest_pages import begin
from streams.console.counting import count
from streams.console.reviews import from_alert, from_review
from tests.streams.console.test_catalog_pages import BUNDLE as JOURNEYS
from tests.streams.console.test_catalog_pages import GAP
from tests.streams.console.test_measure_pages import BUNDLE as TRIAL
from tests.streams.console.test_measure_pages import trial
from tests.streams.console.test_reviews import alert, review
from tests.support.consoles import NOW, PASSWORD, Operators, decision, event
from tests.support.member_pages import PLAYBOOKS, RESOURCES
from tests.support.own_catalog import CARE, FIRST, WELCOME, own_catalog
from tests.support.processes import wait_until

Made = TypeVar("Made", bound="Operators")
PLANTED = "\"'><x-planted></x-planted><img src=x onerror=alert(1)><script>alert(1)</script>"
PLANTED_PAGE = Resource("planted", "how-to", "faq", {"en": Localised(PLANTED, PLANTED, body=PLANTED)}, owner=PLANTED)
PLANTED_PLAY = Playbook(
    "planted.words", "signal.heated", "planted", "faq", describe=PLANTED, kind="questions", maturity="live", owner=PLANTED, because=PLANTED
)  # fmt: skip


def planted_catalog(directory: Path) -> Path:
    """Write a catalog of one's own with a page and a playbook whose words a browser would run; return its directory."""
    own_catalog(directory, distress=True)
    words = json.dumps(PLANTED)
    text = WELCOME.replace("id: welcome.start", "id: planted.words").replace("Say where to begin", words)
    text = (
        text.replace("community.joined", "profile.completed")
        .replace("first-steps", "planted")
        .replace("you just joined", words)
        .replace("owner: team", f"owner: {words}")
    )
    (directory / "playbooks" / "planted.words.yaml").write_text(text, encoding="utf-8")
    page = FIRST["en"].replace("First steps", words).replace("Two small steps.", words).replace("Say hello.", PLANTED)
    (directory / "resources" / "welcome" / "planted.en.md").write_text(page, encoding="utf-8")
    return directory


class Served(Operators):
    """A console on a port of its own, after some life."""

    def __init__(self, folder: Path) -> None:
        bundle = Bundle((*RESOURCES, PLANTED_PAGE), (*PLAYBOOKS, PLANTED_PLAY))
        super().__init__(folder, bundle, catalog=planted_catalog(folder / "own"), channels="email")
        playbooks, reasons = (
            ("onboarding.start", "faq.answer"),
            (Reason.SENT, Reason.BUDGET_WEEK, Reason.HOLDOUT, Reason.QUIET_HOURS_HOLD),
        )
        made = [
            decision(n * 700, f"town/member-{n % 7}", reasons[n % 4], playbook=playbooks[n % 2], needed="budget_week > 2" if n % 4 == 1 else "",
                     stages=("consent", "budget"), values={"week": n % 3})
            for n in range(120)
        ]  # fmt: skip
        self.store.take(made, [event(n, "post.created", f"town/member-{n % 7}", text="words") for n in range(30)])
        sent = [one for one in made if one.command]
        self.store.take(
            events=[
                event(500 + n, "outcome.dismissed", one.member, at=one.time + 60, command=one.command)
                for n, one in enumerate(sent[:9])
            ]
        )
        self.accounts.join(self.accounts.invite(Role.ADMIN), "ann", PASSWORD)
        self.accounts.join(self.accounts.invite(Role.SAFETY_REVIEWER), "sam", PASSWORD)
        self.held = next(one for one in made if one.reason is Reason.BUDGET_WEEK)
        self.store.take(
            gaps=[
                (GAP.id, GAP),
                ("town/lost-1", msgspec.structs.replace(GAP, id="town/lost-1", kind="lost", friction=3)),
            ]
        )
        events = [event(5_000 + n, "community.joined", f"town/m{n}") for n in range(120)]
        events += [event(6_000 + n, "post.read", f"town/m{n}") for n in range(90)]
        events += [event(7_000 + n, "post.created", f"town/m{n}", text="words") for n in range(30)]
        more, drawn = trial(200)
        bundle = msgspec.structs.replace(TRIAL, policies=JOURNEYS.policies)
        self.counts.counted = count([*events, *more], drawn, bundle, NOW)
        samples = [review(f"5{n}", queue="sample", kind=kind, detector="x", member="town/zoe", evidence={"thread": "t1", "sides": 2})
                   for n, kind in enumerate(("lost", "overdue", "stuck"))]  # fmt: skip
        taken = [
            from_alert(alert("a1"), NOW, -1, -1),
            from_alert(alert("a2"), NOW + 60, -1, -1),
            from_review(review("b2", kind="heated"), NOW, -1, -1),
        ]
        self.desk.reviews.take([*taken, *(from_review(one, NOW, -1, -1) for one in samples)], {})
        labelled = [from_review(review(f"l{n}", kind="heated"), NOW, -1, -1) for n in range(14)]
        self.desk.reviews.take(labelled, {})
        for n, one in enumerate(labelled):
            self.desk.reviews.answer(one, "wrong" if n % 5 == 0 else "right", "sam")
        self.desk.proposals.add(
            "crisis.offer", CARE.replace("maturity: shadow", "maturity: live"), "stale", PLANTED, PLANTED
        )
        self._plant()
        self.trial = self._tried(folder)

    def _plant(self) -> None:
        """Put what a browser would run into every field that somebody else writes."""
        member, hours = f"town/{PLANTED}", {"until": 4e9}
        fields = {"playbook": PLANTED, "resource": PLANTED, "channel": PLANTED, "theme": PLANTED, "episode": PLANTED}
        self.store.take(
            [
                decision(90_000, member, Reason.OUTRANKED, **fields, needed=PLANTED, stages=(PLANTED,), values={PLANTED: PLANTED}, versions={PLANTED: PLANTED}),
                decision(90_001, member, **fields), decision(90_002, member, Reason.BUDGET_WEEK, playbook=PLANTED, resource=PLANTED, needed=PLANTED),
                decision(90_003, member, Reason.SUGGESTION_WAITS, playbook=PLANTED_PLAY.id, resource=PLANTED_PAGE.id, episode="p", **hours),
            ],
            [event(90_000, "signal", member, kind=PLANTED, episode=PLANTED)],
            gaps=[("town/planted", msgspec.structs.replace(GAP, id="town/planted", about=PLANTED, threads=(PLANTED,), resource=PLANTED, answer=PLANTED))],
        )  # fmt: skip
        item = review("p1", kind="heated", detector=PLANTED, member=member, evidence={PLANTED: PLANTED})
        self.desk.reviews.take([from_review(item, NOW, -1, -1)], {})
        self.accounts.join(self.accounts.invite(Role.VIEWER), "<x-planted>", PASSWORD)
        self.accounts.note(PLANTED, PLANTED, PLANTED, PLANTED)

    def _tried(self, folder: Path) -> str:
        """Backtest a playbook on a small history; return where it is read."""
        history = folder / "history.jsonl"
        row = '{{"ts": "2026-01-{day:02}T10:00:00", "author": "m{n}", "channel": "c", "text": "hello", "kind": "message"}}\n'
        history.write_text("".join(row.format(day=day, n=day % 7) for day in range(5, 25)), encoding="utf-8")
        self.desk.settings = msgspec.structs.replace(self.desk.settings, console_history=str(history))
        file, account = self.desk.folder.file("welcome.start"), self.accounts.account("ann")
        assert file
        assert account
        trial = begin(self.desk, account, file, "file", "28")
        wait_until(lambda: trial.state != "running", 60, "a backtest")
        return f"/playbooks/welcome.start/backtest/{trial.id}"


@contextmanager
def serving(made: Made) -> Iterator[Made]:
    """Serve a console on a port of its own."""
    made.desk.clock = time.time
    made.app = console(made.desk)  # whose limit of requests goes by that clock
    server = uvicorn.Server(uvicorn.Config(made.app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, 20, "the console", 0.02)
    made.base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join(10)
