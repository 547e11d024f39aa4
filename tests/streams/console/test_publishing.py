"""Playbooks published, promoted, approved by a second person and backtested from the console, on a real broker."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaProducer

from processors.commands import Command
from processors.decisions import Reason
from processors.events import Event
from processors.playbooks.resources import Playbook
from processors.vocabulary import VOCABULARY
from streams.catalog.feed import last_published
from streams.catalog.publication import approve, load_or_tell
from streams.catalog.versions import publish_by
from streams.codec import Codec
from streams.console.accounts import Role
from streams.delivery.own_message import PLAYBOOK
from streams.errors import UserError
from streams.servers.log_reader import read_topic
from streams.topics import ACTIVITY, DELIVERY
from tests.support.consoles import KEY, Operators, decision
from tests.support.own_catalog import CARE, WELCOME, own_catalog
from tests.support.processes import wait_until

pytestmark = pytest.mark.integration
LIVE_CARE = CARE.replace("maturity: shadow", "maturity: live")


@pytest.fixture
def operators(broker: str, tmp_path: Path) -> Iterator[Operators]:
    """A console whose catalog has distress support on, and is published."""
    made = Operators(
        tmp_path, catalog=own_catalog(tmp_path / "own", distress=True), bootstrap=broker, partitions=1, channels="email"
    )
    publish_by(made.desk.settings, load_or_tell(tmp_path / "own").bundle, "tests", "first")
    made.sign_in(Role.AUTHOR, "ann")
    yield made
    made.desk.trials.stop()


def published(operators: Operators, name: str) -> Playbook:
    """A playbook as it is in force."""
    bundle = last_published(operators.desk.settings.bootstrap)
    assert bundle
    return next(one for one in bundle.playbooks if one.id == name)


def file_of(operators: Operators, name: str) -> str:
    """Its file."""
    return (operators.desk.folder.directory / "playbooks" / f"{name}.yaml").read_text(encoding="utf-8")


def joined(operators: Operators, *members: str) -> None:
    """Write into the member log that these joined now."""
    codec = Codec(KEY)
    with closing(KafkaProducer(bootstrap_servers=operators.desk.settings.bootstrap, acks="all")) as producer:
        for name in members:
            told = Event(
                f"{name}/{time.time()}",
                "community.joined",
                f"town/{name}",
                time.time(),
                VOCABULARY["community.joined"](),
            )
            producer.send(ACTIVITY, key=told.key.encode(), value=codec.encode(told), partition=0)
        producer.flush(20)


def publish(operators: Operators, name: str, text: str, base: str = "", reason: str = "better") -> int:
    """Press publish; return the status."""
    known = operators.desk.folder.text(name)
    fields = {
        "do": "publish",
        "view": "yaml",
        "text": text,
        "base": base or (known.base if known else ""),
        "reason": reason,
    }
    return operators.post(f"/playbooks/{name}/edit", **fields).status_code


def test_a_change_is_looked_at_and_published(operators: Operators) -> None:
    """With its author and reason; the file has it too, and the record; what would come in force beside is told."""
    text = WELCOME.replace("Say where to begin", "Where to begin")
    (operators.desk.folder.directory / "playbooks" / "crisis.offer.yaml").write_text(
        CARE.replace("One private", "A private"), encoding="utf-8"
    )
    base = operators.desk.folder.text("welcome.start")
    assert base
    page = operators.post("/playbooks/welcome.start/edit", do="review", view="yaml", text=text, base=base.base).text
    assert re.search(r'class="add">\+describe: Where to begin', page)
    assert "These others differ" in page
    assert "crisis.offer" in page
    assert published(operators, "welcome.start").describe == "Say where to begin"
    assert publish(operators, "welcome.start", text, reason="") == 400
    assert publish(operators, "welcome.start", text) == 303
    bundle = last_published(operators.desk.settings.bootstrap)
    assert bundle
    assert (bundle.author, bundle.note) == ("ann", "better")
    assert published(operators, "welcome.start").describe == "Where to begin"
    assert file_of(operators, "welcome.start") == text
    assert operators.accounts.noted()[0][1].action == "playbook.published"


def test_two_who_edit_at_once_lose_nothing(operators: Operators) -> None:
    """The second is told, and the first one's change stays."""
    known = operators.desk.folder.text("welcome.start")
    assert known
    assert publish(operators, "welcome.start", WELCOME.replace("owner: team", "owner: one"), known.base) == 303
    assert publish(operators, "welcome.start", WELCOME.replace("owner: team", "owner: two"), known.base) == 400
    assert "owner: one" in file_of(operators, "welcome.start")


def test_what_cannot_be_published_leaves_the_file_as_it_was(operators: Operators) -> None:
    """A draft with errors; a broker that is away."""
    assert publish(operators, "welcome.start", WELCOME.replace("first-steps   #", "none   #")) == 400
    operators.desk.settings = msgspec.structs.replace(operators.desk.settings, bootstrap="127.0.0.1:1")
    assert publish(operators, "welcome.start", WELCOME.replace("owner: team", "owner: new")) == 400
    assert file_of(operators, "welcome.start") == WELCOME


def test_editing_does_not_promote(operators: Operators) -> None:
    """Neither to live nor as a new one; to go less far is allowed."""
    assert publish(operators, "welcome.start", WELCOME.replace("maturity: shadow", "maturity: live")) == 400
    assert (
        publish(
            operators,
            "welcome.more",
            WELCOME.replace("welcome.start", "welcome.more").replace("maturity: shadow", "maturity: live"),
        )
        == 400
    )
    assert published(operators, "welcome.start").maturity == "shadow"
    assert publish(operators, "welcome.start", WELCOME.replace("maturity: shadow", "maturity: off")) == 303
    assert publish(operators, "welcome.more", WELCOME.replace("welcome.start", "welcome.more")) == 303
    assert published(operators, "welcome.more").maturity == "shadow"


def test_nothing_unknown_goes_live(operators: Operators) -> None:
    """It is backtested first, or has counted in shadow; then it is looked at, and goes."""
    go = {"to": "live", "do": "go", "reason": "it helps"}
    answer = operators.post("/playbooks/welcome.start/promote", **go)
    assert (answer.status_code, "nothing is known" in answer.text) == (400, True)
    operators.store.take([decision(1, reason=Reason.SHADOW, playbook="welcome.start")])
    look = operators.post("/playbooks/welcome.start/promote", to="live").text
    assert "From shadow to live?" in look
    assert published(operators, "welcome.start").maturity == "shadow"
    assert operators.post("/playbooks/welcome.start/promote", **go).status_code == 303
    assert published(operators, "welcome.start").maturity == "live"
    assert "maturity: live   # for now" in file_of(operators, "welcome.start")
    assert (
        operators.post(
            "/playbooks/welcome.start/promote", to="canary", share="0.25", do="go", reason="less"
        ).status_code
        == 303
    )
    assert published(operators, "welcome.start").canary == 0.25
    assert operators.post("/playbooks/welcome.start/back", reason="worse").status_code == 303
    assert published(operators, "welcome.start").maturity == "live"
    assert "maturity: live   # for now" in file_of(operators, "welcome.start")


def test_what_is_for_people_in_distress_wants_a_second_person(operators: Operators) -> None:
    """The author cannot, an author's role cannot; a safety reviewer can, once; the file says who, and nothing changes before."""
    operators.store.take([decision(1, reason=Reason.SHADOW, playbook="crisis.offer")])
    go = {"to": "live", "do": "go", "reason": "read and tried"}
    assert "second person" in operators.post("/playbooks/crisis.offer/promote", to="live").text
    answer = operators.post("/playbooks/crisis.offer/promote", **go)
    assert (answer.status_code, answer.headers["location"]) == (303, "/approvals")
    assert published(operators, "crisis.offer").maturity == "shadow"
    assert file_of(operators, "crisis.offer") == CARE
    (one,) = operators.desk.proposals.waiting()
    assert "somebody else must look" in operators.get("/approvals").text
    assert operators.post("/approvals", id=one.id, do="approve").status_code == 400
    operators.sign_in(Role.AUTHOR, "other author")
    assert operators.post("/approvals", id=one.id, do="approve").status_code == 400
    assert published(operators, "crisis.offer").maturity == "shadow"
    operators.sign_in(Role.SAFETY_REVIEWER, "ben")
    assert "Approve and publish" in operators.get("/approvals").text
    assert operators.post("/approvals", id=one.id, do="approve").status_code == 303
    spec = published(operators, "crisis.offer")
    assert (spec.maturity, spec.approved_by) == ("live", ("ann", "ben"))
    assert "approved_by: [ann, ben]" in file_of(operators, "crisis.offer")
    assert operators.post("/approvals", id=one.id, do="approve").status_code == 400
    actions = [line.action for _, line in operators.accounts.noted()]
    assert {"playbook.proposed", "playbook.approved"} <= set(actions)
    # The same words again need nobody; other words do.
    operators.sign_in(Role.AUTHOR, "ann")
    assert publish(operators, "welcome.start", WELCOME.replace("owner: team", "owner: x")) == 303
    live = file_of(operators, "crisis.offer")
    assert publish(operators, "crisis.offer", live.replace("your words sounded heavy", "you sounded sad")) == 303
    assert published(operators, "crisis.offer").because == "your words sounded heavy"
    assert len(operators.desk.proposals.waiting()) == 1


def test_a_proposal_is_turned_down_or_taken_back(operators: Operators) -> None:
    """With a reason; one about a file that has changed since is not carried out."""
    operators.store.take([decision(1, reason=Reason.SHADOW, playbook="crisis.offer")])
    go = {"to": "live", "do": "go", "reason": "why"}
    operators.post("/playbooks/crisis.offer/promote", **go)
    (one,) = operators.desk.proposals.waiting()
    operators.sign_in(Role.SAFETY_REVIEWER, "ben")
    assert operators.post("/approvals", id=one.id, do="refuse").status_code == 400
    (operators.desk.folder.directory / "playbooks" / "crisis.offer.yaml").write_text(
        CARE + "\n# new\n", encoding="utf-8"
    )
    assert "changed since" in operators.get("/approvals").text
    assert operators.post("/approvals", id=one.id, do="approve").status_code == 400
    assert operators.post("/approvals", id=one.id, do="refuse", reason="too soon").status_code == 303
    assert operators.desk.proposals.waiting() == []
    operators.sign_in(Role.AUTHOR, "ann")
    operators.post("/playbooks/crisis.offer/promote", **go)
    (again,) = operators.desk.proposals.waiting()
    assert operators.post("/approvals", id=again.id, do="withdraw").status_code == 303
    assert published(operators, "crisis.offer").maturity == "shadow"


def test_the_rule_is_in_the_code_not_in_the_page(operators: Operators) -> None:
    """Whoever publishes a folder from the command line meets it too; two who approve it there satisfy it."""
    directory, settings = operators.desk.folder.directory, operators.desk.settings
    (directory / "playbooks" / "crisis.offer.yaml").write_text(LIVE_CARE, encoding="utf-8")
    with pytest.raises(UserError, match=r"crisis.offer: help for people in distress .* lotse playbooks approve"):
        publish_by(settings, load_or_tell(directory).bundle, "ann", "alone")
    for name in ("ann", "ben"):
        file = next(one for one in load_or_tell(directory).playbooks if one.id == "crisis.offer")
        approve(directory, file, name)
    publish_by(settings, load_or_tell(directory).bundle, "ann", "with ben")
    assert published(operators, "crisis.offer").approved_by == ("ann", "ben")
    file = next(one for one in load_or_tell(directory).playbooks if one.id == "welcome.start")
    with pytest.raises(UserError, match="only what is for people in distress"):
        approve(directory, file, "ann")


def test_a_message_goes_to_oneself_and_to_nobody_else(operators: Operators) -> None:
    """Once the address is confirmed by the code that went there; over a channel that nobody else sees; without answers that count."""
    form = {"channel": "email", "locale": "de"}
    assert operators.post("/playbooks/welcome.start/try", **form).status_code == 400
    assert operators.post("/me", member="nobody", channel="email").status_code == 400
    assert operators.post("/me", member="town/ann", channel="email").status_code == 200

    def sent() -> list[Command]:
        records = read_topic(operators.desk.settings.bootstrap, DELIVERY["email"])
        found = [msgspec.json.decode(one.value, type=Command) for one in records if b'"recall"' not in one.value]
        return [one for one in found if one.playbook == PLAYBOOK and one.member == "town/ann"]

    code = re.search(r"\d{6}", sent()[-1].text)
    assert code
    before = len(sent())
    assert operators.post("/playbooks/welcome.start/try", **form).status_code == 400
    assert operators.post("/me/code", code="abcdef").status_code == 400
    assert "Confirmed" in operators.post("/me/code", code=code[0]).text
    assert "Handed to delivery" in operators.post("/playbooks/welcome.start/try", **form).text
    last = sent()[-1]
    assert len(sent()) == before + 1
    assert (last.title, last.because, last.actions) == ("Erste Schritte", "du bist neu hier", ())
    assert operators.post("/playbooks/welcome.start/try", channel="thread").status_code == 400
    for _ in range(3):
        last_status = operators.post("/me", member="town/zoe", channel="email").status_code
    assert last_status == 429


def test_a_backtest_over_the_recorded_log_and_over_a_file(operators: Operators, tmp_path: Path) -> None:
    """Begun, watched, read with its pictures; what it found counts for promoting while the playbook stays as it is."""
    line = (
        '{{"ts": "2026-01-{day:02}T10:00:00", "author": "m{n}", "channel": "c", "text": "hello", "kind": "message"}}\n'
    )
    history = tmp_path / "history.jsonl"
    history.write_text("".join(line.format(day=day, n=n) for day in range(5, 9) for n in range(4)), encoding="utf-8")
    operators.desk.settings = msgspec.structs.replace(operators.desk.settings, console_history=str(history))
    answer = operators.post("/playbooks/welcome.start/backtest", on="file")
    assert answer.status_code == 303
    page = answer.headers["location"]
    (trial,) = operators.desk.trials.of("welcome.start")
    wait_until(lambda: trial.state != "running", 60, "its end")
    text = operators.get(page).text
    assert trial.report
    assert trial.report.sends == 4
    for part in ("Would send", "What held it back", "To read", "<rect", "First steps"):
        assert part in text
    assert not re.search(r"history/m\d", text), "members stand there by reference alone"
    assert operators.get(f"{page}?format=csv").text.startswith("playbook,wanted")
    assert "Read the backtest" in operators.get("/playbooks/welcome.start/promote").text
    assert operators.post("/playbooks/welcome.start/promote", to="canary", do="go", reason="tried").status_code == 303
    assert "Read the backtest" in operators.get("/playbooks/welcome.start/promote").text, (
        "the maturity is not what was tried"
    )
    publish(operators, "welcome.start", file_of(operators, "welcome.start").replace("7 days", "8 days"))
    assert "Not backtested as it is now" in operators.get("/playbooks/welcome.start/promote").text
    assert "has been changed since" in operators.get(page).text
    joined(operators, "desk-1", "desk-2", "desk-3")
    begun = operators.post("/playbooks/welcome.start/backtest", on="log", days="28")
    assert begun.status_code == 303
    newest = operators.desk.trials.find(begun.headers["location"].rpartition("/")[2])
    assert newest
    wait_until(lambda: newest.state != "running", 60, "its end")
    assert (newest.state, newest.problem) == ("done", "")
    assert newest.report
    assert newest.report.sends >= 3, "the shared log may hold events of other tests beside"
    assert operators.get("/playbooks/welcome.start/backtest/0123456789abcdef").status_code == 404
    draft = WELCOME.replace("welcome.start", "welcome.draft")
    begun = operators.post("/playbooks/welcome.draft/edit", do="backtest", view="yaml", text=draft)
    assert begun.status_code == 303
    tried = operators.desk.trials.of("welcome.draft")[0]
    wait_until(lambda: tried.state != "running", 60, "its end")
    assert "Would send" in operators.get(begun.headers["location"]).text, "before it is in any file"
