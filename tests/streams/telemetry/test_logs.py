"""Logs are JSON unless a person reads them, name members only by keyed hashes, and never quote an exception."""

import io
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.errors import UserError
from streams.settings import Settings, load_settings
from streams.telemetry.logs import MemberHashes, set_up_logs, tell_end
from tests.support.gateways import CONTROL_KEY
from tests.support.kafka import Broker, wait_until
from tests.support.observing import log_lines, observed
from tests.support.receiver import Receiver

KEY = CONTROL_KEY
SETTINGS = Settings(control_key=KEY, worker="w7")


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Put back what `set_up_logs` changes for a whole process."""
    root = logging.getLogger()
    before, level, hooks = root.handlers[:], root.level, (sys.excepthook, threading.excepthook)
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("lotse").setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)
    sys.excepthook, threading.excepthook = hooks


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    """Return what was logged, the line of the start left out."""
    return [orjson.loads(line) for line in out.getvalue().splitlines()][1:]


def test_a_line_says_when_what_who_and_about_which_command() -> None:
    out = io.StringIO()
    set_up_logs("deliver", SETTINGS, out)
    logging.getLogger("lotse.delivery").info("delivered", extra={"command": "c1", "member": "town/ann"})
    (line,) = lines(out)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info", "logger": "lotse.delivery", "process": "deliver", "worker": "w7", "message": "delivered",
        "command": "c1", "member": MemberHashes(KEY).of("town/ann"),
    }  # fmt: skip
    assert "ann" not in out.getvalue()


def test_the_hash_of_a_member_is_stable_and_hangs_on_the_control_key() -> None:
    assert MemberHashes(KEY).of("town/ann") == MemberHashes(KEY).of("town/ann")
    assert MemberHashes(KEY).of("town/ann") != MemberHashes(KEY).of("town/bob")
    assert MemberHashes(KEY).of("town/ann") != MemberHashes("another key of tests").of("town/ann")


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_an_exception_is_told_by_type_and_place_without_its_words(stream: type[io.StringIO]) -> None:
    """Libraries' own lines too: an exception's text may quote a record."""
    out = stream()
    set_up_logs("worker", SETTINGS, out)
    try:
        raise ValueError("words of a member")
    except ValueError:
        logging.getLogger("somebody.else").exception("crashed")
    assert "words of a member" not in out.getvalue()
    assert "ValueError" in out.getvalue()
    assert "test_logs.py" in out.getvalue()


def test_what_ends_a_process_is_a_line_too() -> None:
    out = io.StringIO()
    set_up_logs("worker", SETTINGS, out)
    assert tell_end("no store answers")
    error = KeyError("words of a member")
    sys.excepthook(KeyError, error, None)
    first, second = lines(out)
    assert (first["level"], first["message"]) == ("critical", "no store answers")
    assert (second["level"], second["error"]) == ("critical", "KeyError")
    assert "words of a member" not in out.getvalue()


def test_a_terminal_gets_text_and_its_messages_as_they_are() -> None:
    out = Terminal()
    set_up_logs("worker", SETTINGS, out)
    logging.getLogger("lotse.engine").warning("stage %s waits", "members")
    assert "stage members waits" in out.getvalue()
    assert "{" not in out.getvalue()
    assert not tell_end("no store answers")


@pytest.mark.parametrize(("form", "stream", "is_json"), [("json", Terminal, True), ("text", io.StringIO, False)])
def test_the_setting_has_the_last_word(form: str, stream: type[io.StringIO], is_json: bool) -> None:
    out = stream()
    set_up_logs("worker", Settings(control_key=KEY, log_format=form), out)
    assert out.getvalue().startswith("{") == is_json


def test_the_level_is_of_our_lines_and_libraries_only_warn() -> None:
    out = io.StringIO()
    set_up_logs("worker", Settings(control_key=KEY, log_level="warning"), out)
    for name in ("lotse.engine", "aiokafka.conn"):
        logging.getLogger(name).info("passed over")
        logging.getLogger(name).warning("told")
    assert [orjson.loads(line)["logger"] for line in out.getvalue().splitlines()] == ["lotse.engine", "aiokafka.conn"]


def test_a_setting_that_is_none_is_told_with_what_is() -> None:
    with pytest.raises(UserError, match="LOTSE_LOG_FORMAT: expected json or text, found 'xml'") as told:
        load_settings({"LOTSE_LOG_FORMAT": "xml", "LOTSE_LOG_LEVEL": "loud"})
    assert "LOTSE_LOG_LEVEL: expected debug, info, warning or error" in str(told.value)


def test_the_hash_of_a_member_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_CONTROL_KEY", KEY)
    told = CliRunner().invoke(app, ["config", "log-name", "town/ann"])
    assert (told.exit_code, told.stdout) == (0, f"{MemberHashes(KEY).of('town/ann')}\n")


@pytest.mark.integration
def test_processes_log_commands_and_decisions_and_neither_members_nor_texts(
    empty_kafka: Broker, redis_url: str, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worker, delivery and gateway with traffic, a poison record and a receiver that refuses the second member's command."""
    monkeypatch.setenv("LOTSE_LOG_LEVEL", "debug")
    receiver.answer = lambda command: 400 if command["member"] == "town/m2" else 204
    with observed(
        empty_kafka.bootstrap, redis_url, tmp_path, "--channel", "webhook", webhook_url=receiver.url
    ) as running:
        for _ in range(2):
            running.live()
        wait_until(lambda: len(log_lines(tmp_path / "deliver.log", "lotse.delivery")) >= 3, 60, "two ends told")
    told = [(one["message"], one["process"]) for one in log_lines(tmp_path / "deliver.log", "lotse.delivery")]
    assert set(told) == {("delivered", "deliver"), ("failed", "deliver"), ("dead letter", "deliver")}
    sent = {
        one["decision"] for one in log_lines(tmp_path / "worker.log", "lotse.decisions") if one["message"] == "send"
    }
    assert len(sent) >= 2
    hashes = {MemberHashes(CONTROL_KEY).of(f"town/m{number}") for number in (1, 2)}
    for name in ("worker", "deliver"):
        assert hashes <= {one.get("member") for one in log_lines(tmp_path / f"{name}.log")}, name
    for name in ("worker", "deliver", "gateway"):
        text = (tmp_path / f"{name}.log").read_text(encoding="utf-8")
        assert log_lines(tmp_path / f"{name}.log", "lotse.process"), name
        for secret in ("town/m", "labels from a sheet", "colour of a slide", CONTROL_KEY):
            assert secret not in text, (name, secret)
