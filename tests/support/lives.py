"""Any life: a small community under the shipped playbooks, told from numbers, so that a search may try every kind of event."""

from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec

from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Policy, Silence
from processors.vocabulary import ANNOUNCED, COMMUNITY, CONTROL, OUTCOMES, VOCABULARY, Item
from resource_catalog.loader import SHIPPED, load
from tests.support.promises import HEAVY, Promises
from tests.support.stories import DAY, HOUR, MINUTE, NOON, playbook

MEMBERS = ("ann", "ben", "cem")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "no/zone")
# Days after 2026-01-05: nothing, then the weekends on which Berlin's clocks change, then New York's.
BEGINNINGS = (0, 81, 291, 60, 298)
GAPS = (0, 1, 7, 59, 60, 240, 700, 1440, 3000, 11_000)  # minutes between two events
ASKED = "How do I mount the frobnicator partition under gentoo?"
TEXTS = (
    ASKED, "How can I mount a frobnicator partition with gentoo?", "Good morning everybody", "You are such an idiot.", "Shut up.",
    "I am completely lost, nothing works, I tried it again and again", "/help mount", "Wie fange ich hier an?", HEAVY,
    "My friend wants to kill himself", "Thank you, that helped!", "> " + HEAVY + "\nHe wrote that.", "x" * 3000, "",
)  # fmt: skip
KINDS = (  # what a life is made of; those with more effect come more often
    *(kind for kind in COMMUNITY if kind not in ANNOUNCED), *ANNOUNCED,
    *("post.created", "question.asked", "post.replied", "channel.joined", "community.joined", "post.read", "search.performed", "presence.seen") * 4,
    *("outcome", "preference.snoozed", "preference.opted_out", "preference.opted_in", "preference.time_chosen", "profile.changed") * 3,
    "signal", "signal", "suggestion", "suggestion", "again", "again", "late", "catalog", "catalog", "policy", "policy", "quiet", "quiet",
)  # fmt: skip
WISHED = ("all", "onboarding", "questions", "safety", "topic", "dense", "questions.unanswered", "crisis", "x" * 200)
SIGNALS = (
    "unanswered",
    "stuck",
    "lost",
    "asked_by_many",
    "answered",
    "peer_wanted",
    "missed_threads",
    "heated",
    "overdue",
)
POLICIES = (
    Policy(),
    Policy(cooldown_resource=0.0, cooldown_theme=0.0),
    Policy(cooldown_resource=0.0, cooldown_theme=0.0, budget_day=2, budget_week=4, budget_week_new=5, answers_day=2),
    Policy(quiet_from=0, quiet_to=0, timezone="Europe/Berlin", locale="de", staff_day=2),
    Policy(quiet_from=2, quiet_to=3, timezone="Europe/Berlin", cooldown_theme=0.0),
    Policy(consent_required=("all",), cooldown_resource=0.0, cooldown_theme=0.0),
    Policy(budget_day=20, budget_week=20, budget_week_new=20, answers_day=16, cooldown_resource=0.0, cooldown_theme=0.0),
)  # fmt: skip


def _catalogs() -> tuple[Bundle, ...]:
    """The shipped playbooks, all live, some with chance or a person between; beside them a few that fire at everything."""
    shipped = load(SHIPPED).bundle
    live = [msgspec.structs.replace(one, maturity="live") for one in shipped.playbooks]
    dense = [
        playbook("dense.read", "post.read", resource="asking-well", channels=("email", "in_app"), theme="dense"),
        playbook("dense.post", "post.created", resource="getting-started", priority="low", theme="dense2", channels=("direct_message",)),
        playbook("dense.reply", "post.replied", resource="how-we-talk", priority="low", theme="dense3"),
        playbook("dense.search", "search.performed", resource="finding-things", lane="answer", channels=("thread", "direct_message"), theme="dense4"),
        playbook("dense.join", "channel.joined", resource="next-step", wait=2 * HOUR, goal=("post.created",), goal_within=2 * DAY, theme="dense5"),
        playbook("dense.suggested", "presence.seen", resource="new-feature", maturity="suggest", expires=5 * DAY, theme="dense6"),
        playbook("dense.chance", "reaction.added", resource="thank-you", randomised=0.3, holdout=0.1, theme="dense7"),
        playbook("dense.staff", "content.flagged", resource="somebody-is-stuck", lane="staff", channels=("staff",), theme="dense8"),
        playbook("dense.urgent", "task.begun", resource="stay-in-touch", priority="urgent", theme="dense9", channels=("direct_message",)),
    ]  # fmt: skip
    verified = tuple(msgspec.structs.replace(one, verified=True, expires=0.0) for one in shipped.resources)
    first = msgspec.structs.replace(shipped, resources=verified, playbooks=(*live, *dense))
    partly = msgspec.structs.replace(
        first,
        playbooks=tuple(
            msgspec.structs.replace(one, maturity=("live", "canary", "shadow", "off")[number % 4], canary=0.5)
            if one.lane != "safety" else one
            for number, one in enumerate(first.playbooks)
        ),
    )  # fmt: skip
    return first, partly


BUNDLES = _catalogs()
_COMPILED: dict[tuple[int, int, int], Catalog] = {}


def compiled(bundle: int, policy: int, silenced: int = 0) -> Catalog:
    """A catalog of these, distress support switched on; `silenced` is until when (epoch s) some of its playbooks are."""
    key = bundle, policy, silenced
    if key not in _COMPILED:
        rules = msgspec.structs.replace(POLICIES[policy], distress_support=True, safety_owner="owner")
        silences = (
            tuple(Silence(float(silenced), "op", theme=f"dense{one}") for one in ("", 2, 4, 5)) if silenced else ()
        )
        _COMPILED[key] = Catalog(msgspec.structs.replace(BUNDLES[bundle], policies={"*": rules}, silences=silences))
    return _COMPILED[key]


class AnyLife:
    """A community told from (kind, number, gap) steps; each send is held against the promises at once."""

    def __init__(self, bundle: int = 0, policy: int = 0) -> None:
        self.rules = [bundle, policy, 0]
        self.promises = Promises(compiled(*self.rules))
        self.loop = Loop(
            compiled(*self.rules), self.promises.decided, self.promises.commanded, recalled=self.promises.recalled
        )
        self.loop.advance(NOON - MINUTE)
        self.told: list[Event] = []
        self.minute = 0.0

    def live(self, begin: int, steps: Sequence[tuple[str, int, int]], after_days: int = 15) -> "AnyLife":
        """Tell all steps, then wait."""
        self.minute = begin * 24 * 60
        for number, (kind, variant, gap) in enumerate(steps):
            self.minute += gap
            self.loop.advance(NOON + self.minute * MINUTE)
            self.tell(kind, Random(variant), f"n{number}")
        self.minute += after_days * 24 * 60
        self.loop.advance(NOON + self.minute * MINUTE)
        return self

    def tell(self, kind: str, draw: Random, name: str) -> None:
        """Tell one step at the present minute."""
        if kind in ("catalog", "policy", "quiet"):
            self._change(kind, draw)
            return
        event = self._event(kind, draw, name)
        if event is not None:
            self.promises.hear(event, self.loop.time)
            self.told.append(event)
            self.loop.fold(event)

    def _change(self, kind: str, draw: Random) -> None:
        if kind == "quiet":
            self.rules[2] = 0 if self.rules[2] else int(self.loop.time + draw.choice((1, 5)) * DAY)
        else:
            self.rules[kind == "policy"] = draw.randrange(len(POLICIES if kind == "policy" else BUNDLES))
        catalog = compiled(*self.rules)
        self.promises.rule(catalog)
        self.loop.activate(catalog)

    def _event(self, kind: str, draw: Random, name: str) -> Event | None:
        now, key = NOON + self.minute * MINUTE, f"town/{draw.choice(MEMBERS)}"
        if kind == "again":
            known = [one for one in self.told if self.promises.may_repeat(one)]
            return draw.choice(known) if known else None
        if kind == "late":
            return Event(
                name,
                draw.choice(("post.read", "presence.seen")),
                key,
                now - draw.choice((1, 20)) * DAY,
                VOCABULARY["post.read"](),
            )
        if kind == "outcome":
            return self._outcome(draw, name, now)
        if kind == "suggestion":
            waits = self.promises.suggestions
            if not waits:
                return None
            member, command = draw.choice(waits)
            kind = f"suggestion.{draw.choice(('sent', 'edited', 'dropped'))}"
            return Event(name, kind, member, now, CONTROL[kind](command=command, author="mod"))
        if kind == "signal":
            what = draw.choice(SIGNALS)
            evidence = {
                "thread": "t1",
                "hours": 30,
                "kind": "x",
                "sharp": 3,
                "sides": 2,
                "flags": 1,
                "channel": "help",
                "resource": "asking-well",
            }
            data = CONTROL["signal"](kind=what, episode=f"{what}/{draw.randrange(4)}", score=1.0, evidence=evidence)
            return Event(name, "signal", key, now, data)
        if kind in ANNOUNCED:
            return Event(name, kind, "town", now, self._data(kind, draw, now))
        return Event(name, kind, key, now, self._data(kind, draw, now))

    def _outcome(self, draw: Random, name: str, now: float) -> Event | None:
        """One of the last commands is answered, in any way that a member or a channel may answer."""
        if not self.promises.commands:
            return None
        command = draw.choice(self.promises.commands[-4:])
        kind = f"outcome.{draw.choice(OUTCOMES)}"
        fields: dict[str, Any] = {"command": command.id, "playbook": command.playbook}
        if kind in ("outcome.snoozed", "outcome.opted_out"):
            fields["kind"] = draw.choice(("", "all", command.kind, command.playbook, command.theme))
        if kind == "outcome.snoozed":
            fields["until"] = now + draw.choice((1, 7, 30)) * DAY
        return Event(name, kind, command.member, now, CONTROL[kind](**fields))

    def _data(self, kind: str, draw: Random, now: float) -> Any:
        """Data of an event type: each of its fields filled by its name, or left out."""
        shape, fields = VOCABULARY[kind], dict[str, Any]()
        needed = {one.name for one in msgspec.structs.fields(shape) if one.required}
        for name in shape.__struct_fields__:
            if name in needed or draw.random() < 0.7:
                value = self._field(name, draw, now)
                if value is not None:
                    fields[name] = value
        if issubclass(shape, Item) and kind in ANNOUNCED:
            fields = {"name": fields.get("name", "chess"), "title": "A title"} | (
                {"starts": fields["starts"]} if "starts" in fields else {}
            )
        return shape(**fields)

    def _field(self, name: str, draw: Random, now: float) -> Any:
        choices: dict[str, Any] = {
            "channel": ("help", "general", "offtopic"), "thread": ("t1", "t2", "t3"), "text": TEXTS, "title": (None, "A title", "https://bad.example @everyone"),
            "to": tuple(f"town/{one}" for one in MEMBERS), "by": ("town/ann", "town/ben"), "author": ("town/ann", "town/ben"),
            "post": ("p1", "p2"), "query": ("mount", "refund"), "results": (0, 5), "name": ("chess", "draft", "helpers"),
            "until": tuple(now + days * DAY for days in (-1, 0.5, 3, 40)), "kind": WISHED, "timezone": ZONES, "locale": ("en", "de", "xx"),
            "role": ("member", "staff", "moderator", "mentor", "bot"), "region": ("north", "south"), "interests": (("chess",), ()),
            "birth_year": (1980, 2000, 2010), "identity": ("sure", "unsure"), "when": ("now", "next_visit", "daily", "weekly", "hours"),
            "hour": tuple(range(24)), "until_hour": tuple(range(24)), "weekday": tuple(range(7)), "score": (1, 5),
            "starts": tuple(now + hours * HOUR for hours in (-1, 2, 30)), "status": ("closed", "open"), "reaction": ("+1",), "about": ("post",),
        }  # fmt: skip
        return draw.choice(choices[name]) if name in choices else None
