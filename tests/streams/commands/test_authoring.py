"""`lotse init`, `lotse playbooks preview`, `lotse journeys`: a catalog begun, a message shown, a funnel counted."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from resource_catalog.layers import load_layered
from resource_catalog.loader import SHIPPED, load
from streams.commands import app
from streams.errors import UserError


def run(*arguments: str) -> str:
    """Run a command that must end well; return what it prints."""
    told = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.stdout


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A catalog just begun, formally and in German."""
    run("init", str(tmp_path / "own"), "--community", "Chess Town", "--language", "de", "--address", "formal")
    return tmp_path / "own"


@pytest.mark.parametrize("options", [(), ("--language", "de", "--tone", "warm", "--address", "formal")])
def test_a_new_catalog_is_sound_and_its_scenarios_hold(tmp_path: Path, options: tuple[str, ...]) -> None:
    """No problem, no warning, all in shadow, over the starter content."""
    directory = tmp_path / "own"
    run("init", str(directory), *options)
    assert "no problems\n" in run("catalog", "lint", "--strict", "--catalog", str(directory))
    assert orjson.loads(run("playbooks", "test", "--catalog", str(directory), "--json"))["failed"] == 0
    shipped, ours = {one.id for one in load(SHIPPED).bundle.playbooks}, load_layered(directory).bundle.playbooks
    assert {one.maturity for one in ours if one.id not in shipped} == {"shadow"}
    assert {one.id for one in ours} == shipped | {"welcome.where-things-are", "week.on-monday"}
    assert {path.name for path in (directory / ".lotse").iterdir()} >= {"playbook.schema.json", "segment.schema.json"}
    assert "own" in (directory / "README.md").read_text(encoding="utf-8")


def test_what_comes_next_can_be_pasted(tmp_path: Path) -> None:
    """A path with a blank is quoted; the scenarios of one playbook play alone, and an unknown one is told."""
    directory = tmp_path / "my own"
    assert f"--catalog '{directory}'" in run("init", str(directory))
    words = ("playbooks", "test", "--catalog", str(directory), "--json")
    played = orjson.loads(run(*words, "week.on-monday"))["played"]
    assert {one["playbook"] for one in played} == {"week.on-monday"}
    with pytest.raises(UserError, match=r"no playbook week.on-munday; did you mean week.on-monday\?"):
        CliRunner().invoke(app, [*words, "week.on-munday"], catch_exceptions=False)


def test_nothing_of_anybody_is_overwritten(own: Path) -> None:
    """A directory with something in it, and a choice that there is not."""
    for arguments, message in (
        ((str(own),), "expected a new or an empty directory"),
        ((str(own / "new"), "--tone", "wram"), "did you mean 'warm'|did you mean warm"),
        ((str(own / "new"), "--timezone", "Europe/Belrin"), "did you mean Europe/Berlin"),
    ):
        with pytest.raises(UserError, match=message):
            CliRunner().invoke(app, ["init", *arguments], catch_exceptions=False)
    assert not (own / "new").exists()


def test_a_catalog_may_stand_alone(own: Path) -> None:
    """`starter: false` leaves the shipped content out; another word is told."""
    (own / "catalog.yaml").write_text("starter: false\n", encoding="utf-8")
    assert {one.id for one in load_layered(own).bundle.playbooks} == {"welcome.where-things-are", "week.on-monday"}
    (own / "catalog.yaml").write_text("starer: false\n", encoding="utf-8")
    told = CliRunner().invoke(app, ["catalog", "lint", "--catalog", str(own)])
    assert (told.exit_code, "unknown field starer; did you mean starter?" in told.stdout) == (1, True)


def test_a_shipped_playbook_is_switched_off_by_two_lines(own: Path) -> None:
    """As the README of the new catalog says."""
    (own / "playbooks" / "off.yaml").write_text("id: drop-off.quiet-visitor\nmaturity: off\n", encoding="utf-8")
    playbooks = {one.id: one for one in load_layered(own).bundle.playbooks}
    assert playbooks["drop-off.quiet-visitor"].maturity == "off"
    assert playbooks["drop-off.quiet-visitor"].resource == "read-in-your-own-time"


def test_a_message_is_shown_as_the_member_would_see_it(own: Path) -> None:
    """In their language, formally, with the reason and the answers."""
    arguments = ("playbooks", "preview", "welcome.where-things-are", "--catalog", str(own), "--channel", "in_app")
    german = run(*arguments, "--locale", "de")
    assert "Drei Orte, die Sie kennen sollten" in german
    assert "Sie sind gerade #general beigetreten" in german
    assert "[Hilfreich]" in german
    english = orjson.loads(run(*arguments, "--locale", "en", "--fact", "channel.name=chess", "--json"))
    assert (english["locale"], english["because"], english["notes"]) == ("en", "you just joined chess", [])


def test_a_preview_says_what_would_be_otherwise(own: Path) -> None:
    """A channel that the playbook does not use, a language that there is not, facts of the moment, a fact that nothing asks."""
    typed = run(
        "playbooks", "preview", "drop-off.welcome-back", "--catalog", str(own), "--channel", "email", "--fact", "signal.days=9"
    )  # fmt: skip
    assert "note: --fact signal.days changes nothing; facts of this playbook: " in typed
    told = run(
        "playbooks", "preview", "drop-off.welcome-back", "--catalog", str(own), "--channel", "pinned", "--locale", "fr"
    )
    assert "never over pinned" in told
    assert "there is no text in fr" in told
    assert "--fact signal.silent_days=..." in told
    assert "[" not in told.replace("<signal", "").partition("note:")[0]  # nobody answers to a pinned post


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("welcome.where-thing-are", "--channel", "in_app"), "did you mean welcome.where-things-are"),
        (("week.on-monday", "--channel", "inapp"), "did you mean in_app"),
        (("week.on-monday", "--channel", "in_app", "--fact", "days"), "expected <fact>=<value>"),
        (("questions.answer-at-once", "--channel", "thread"), "offers what matches a question"),
    ],
)
def test_what_cannot_be_shown_is_told(own: Path, arguments: tuple[str, ...], message: str) -> None:
    """With a way out."""
    with pytest.raises(UserError, match=message):
        CliRunner().invoke(app, ["playbooks", "preview", "--catalog", str(own), *arguments], catch_exceptions=False)


def test_journeys_are_counted_over_a_history(tmp_path: Path) -> None:
    """The shipped journey of tasks, over three members' events."""
    lines = []
    for number, (member, kind) in enumerate(
        (("ann", "task.begun"), ("ann", "task.completed"), ("ben", "task.begun"), ("eve", "post.created"))
    ):
        data = {"name": "tour"} if kind.startswith("task") else {"text": "Hello"}
        time = f"2026-01-{5 + 3 * number:02}T12:00:00Z"
        lines.append(
            {
                "specversion": "1.0",
                "id": str(number),
                "source": "/t",
                "type": kind,
                "subject": f"town/{member}",
                "time": time,
                "data": data,
            }
        )
    (tmp_path / "history.jsonl").write_bytes(b"\n".join(map(orjson.dumps, lines)))
    found = orjson.loads(run("journeys", "--history", str(tmp_path / "history.jsonl"), "--json"))
    task = next(one for one in found["journeys"] if one["journey"] == "task")
    assert (task["begun"], task["finished"], task["drop_off"]) == (2, 1, "complete")
    told = run("journeys", "--history", str(tmp_path / "history.jsonl"))
    assert "most stop at: completing it" in told
    assert "your draft (draft): nobody set out; it begins with draft.abandoned\n" in told
