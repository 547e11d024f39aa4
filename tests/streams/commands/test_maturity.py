"""`lotse playbooks approve` and `promote`: who stands behind what is for people in distress; the way of all others is in test_manager_path."""

import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from resource_catalog.approval import approvers, unapproved
from resource_catalog.layers import load_layered
from resource_catalog.playbook_file import PlaybookFile
from streams.commands import app
from streams.errors import INTERRUPTED, NO, UserError
from streams.settings import child_environment
from tests.support.own_catalog import CARE, own_catalog


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A catalog with distress support on."""
    return own_catalog(tmp_path, distress=True)


def care(own: Path) -> PlaybookFile:
    """The playbook for people in distress."""
    return next(one for one in load_layered(own).playbooks if one.id == "crisis.offer")


def run(own: Path, *words: str) -> str:
    """Run a command about it; return what it prints. Raises what it raises."""
    done = CliRunner().invoke(app, ["playbooks", *words, "--catalog", str(own)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_two_approve_what_they_read(own: Path) -> None:
    """The same person twice is one; other words are approved by nobody; all else in the file stays."""
    assert "one more must" in run(own, "approve", "crisis.offer", "--by", "ann")
    assert "one more must" in run(own, "approve", "crisis.offer", "--by", "ann")
    told = orjson.loads(run(own, "approve", "crisis.offer", "--by", "ben", "--json"))
    assert told["approved_by"] == ["ann", "ben"]
    assert approvers(care(own).playbooks) == ("ann", "ben")
    path = Path(care(own).path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("approved")] == CARE.splitlines()
    path.write_text(path.read_text(encoding="utf-8").replace("sounded heavy", "sounded sad"), encoding="utf-8")
    assert approvers(care(own).playbooks) == ()
    assert "by carla; one more must" in run(own, "approve", "crisis.offer", "--by", "carla")


def test_only_what_is_for_people_in_distress_is_approved(own: Path) -> None:
    """Of the rest nobody needs to say so."""
    with pytest.raises(UserError, match="only what is for people in distress"):
        run(own, "approve", "welcome.start", "--by", "ann")


def test_promoting_help_in_distress_wants_a_second_name(own: Path) -> None:
    """And writes what both approved, so that it can be published."""
    given = (
        "promote",
        "crisis.offer",
        "--to",
        "suggest",
        "--author",
        "ann",
        "--reason",
        "read",
        "--yes",
        "--no-publish",
    )
    with pytest.raises(UserError, match="somebody beside ann"):
        run(own, *given)
    assert care(own).playbook.maturity == "shadow"
    run(own, *given, "--approved-by", "ben")
    assert set(approvers(care(own).playbooks)) == {"ann", "ben"}
    assert unapproved(None, load_layered(own).bundle) == []


ASKED = (
    "playbooks", "promote", "welcome.start", "--to", "suggest", "--author", "ann", "--reason", "read", "--no-publish",
)  # fmt: skip
QUESTION = "welcome.start: from shadow to suggest? [y/N] "


@pytest.mark.parametrize(
    ("answer", "code", "maturity"), [("y\n", 0, "suggest"), ("Yes\n", 0, "suggest"), ("n\n", NO, "shadow"), ("\n", NO, "shadow")]
)  # fmt: skip
def test_going_further_is_asked_about(own: Path, answer: str, code: int, maturity: str) -> None:
    """Whatever is no yes leaves all as it is; the question is no part of what a machine reads."""
    done = CliRunner().invoke(app, [*ASKED, "--json", "--catalog", str(own)], input=answer)
    assert (done.exit_code, done.stderr) == (code, QUESTION)
    assert not done.stdout or orjson.loads(done.stdout)["to"] == "suggest"
    assert f"maturity: {maturity}" in (own / "playbooks" / "welcome.start.yaml").read_text(encoding="utf-8")


def test_where_nobody_can_answer_it_is_said_how_to_do_without(own: Path) -> None:
    """In a job of a server, where standard input is empty."""
    with pytest.raises(UserError, match="nobody answered; --yes goes on without asking"):
        CliRunner().invoke(app, [*ASKED, "--catalog", str(own)], input="", catch_exceptions=False)


def test_ctrl_c_at_the_question_ends_as_it_does_elsewhere(own: Path) -> None:
    """With the code of an interruption, and all as it was."""
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from streams import cli; cli.main()"
    )
    command = [sys.executable, "-c", program, *ASKED, "--catalog", str(own)]
    piped = subprocess.PIPE
    process = subprocess.Popen(command, env=child_environment(), stdin=piped, stdout=piped, stderr=piped)
    assert process.stderr
    try:
        assert process.stderr.read(len(QUESTION)).decode() == QUESTION
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, told.strip()) == (INTERRUPTED, b"")
    assert "maturity: shadow" in (own / "playbooks" / "welcome.start.yaml").read_text(encoding="utf-8")


def test_a_catalog_that_switches_distress_support_on_is_told_whom_it_needs(tmp_path: Path) -> None:
    """Of the shipped playbooks too, although nothing else of them is said: only this catalog can mend it."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "policy.yaml").write_text(
        '"*": {distress_support: true, safety_owner: ann}\n', encoding="utf-8"
    )
    told = CliRunner().invoke(app, ["catalog", "lint", "--catalog", str(tmp_path)]).stdout
    assert "crisis.support-offer: a safety playbook that sends wants two who approved it as it is, found nobody" in told
    assert "lotse playbooks approve crisis.support-offer --by NAME" in told
    for name in ("ann", "ben"):
        run(tmp_path, "approve", "crisis.support-offer", "--by", name)
    told = CliRunner().invoke(app, ["catalog", "lint", "--catalog", str(tmp_path)]).stdout
    assert "approve crisis.support-offer" not in told
