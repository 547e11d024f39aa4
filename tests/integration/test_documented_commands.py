"""Each command line that a page shows is run as it stands there, on a small deployment with some life; where it is not, it says who runs it."""

import gzip
import json
import time
from contextlib import chdir, closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from typer.main import get_command

from processors.events import Event
from processors.vocabulary import VOCABULARY
from resource_catalog.loader import SHIPPED
from streams.commands import app
from streams.topics import ACTIVITY, dead_letters
from tests.support import in_process
from tests.support.command_line import commands_in
from tests.support.deployment import Deployment
from tests.support.in_process import Done
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.tree import ROOT, kept_files

Line = tuple[str, ...]
HISTORIES = {"CHANGELOG.md", "DECISIONS.md", "streams/reference/command-line.md", "resource_catalog/starter_files/README.md"}  # fmt: skip
PAGES = [page for page in kept_files() if page.suffix == ".md" and "resources" not in page.parts and str(page) not in HISTORIES]  # fmt: skip
# In the order in which one needs the other.
ORDER = (
    "", "config show", "config log-name", "plan", "topics apply", "topics plan", "init", "catalog lint", "playbooks test", "catalog publish",
    "catalog index", "catalog history", "catalog health", "backtest", "playbooks promote", "playbooks rollback", "replay", "import", "map", "check-events", "greetbot",
    "calendar sync", "addresses import", "identity link", "identity show", "identity rm", "gateway key add", "gateway key ls", "gateway key rm",
    "explain", "state show", "export", "dlq ls", "dlq show", "dlq replay", "gaps", "weekly", "report", "suggestions ls", "topics tail", "doctor",
    "kill-switch on", "silence add", "silence ls", "silence rm", "state snapshot", "verify", "topics backup", "topics migrate",
)  # fmt: skip
# What stands for something on a page, and what it is here; by command where it is something else there.
VALUES = {
    "FILE.jsonl.gz": "history.jsonl.gz", "FILE": "history.jsonl.gz", "DIR": "my-catalog", "ID": "welcome.where-things-are", "NAME": "ann", "WHY": "to try it",
    "MEMBER": "town/ann", "<community>/<member>": "town/ann", "town/ben": "town/ann", "N": "1000", "FOLDER": "kept", "URL|FILE": "meetings.ics",
    "https://example.org/meetings.ics": "meetings.ics", "PLAYBOOK": "questions.unanswered", "KEY": "town/slack:U1", "TOPIC": dead_letters(ACTIVITY),
    "OFFSET": "0", "FORMAT": "jsonl", "FILE...": "old.jsonl", "FILE.csv": "addresses.csv", "SCHEDULE.yaml": "greetings.yaml", "CATALOG": "my-catalog",
    "FOLDER/after.snapshot": "state.gz",
}  # fmt: skip
THERE = {
    "init": {"DIR": "another"}, "check-events": {"FILE": "events.jsonl"}, "map": {"FILE": "events.jsonl"}, "state snapshot": {"FILE": "state.gz"},
    "verify": {"FILE": "state.gz"}, "topics backup": {"DIR": "first"},
}  # fmt: skip
CODES = {"catalog health": {0, 1}, "doctor": {0, 1}, "verify": {0, 1}, "dlq replay": {0, 1}}  # 1 is a finding
ANSWERS = {"playbooks promote": "y\n"}
SETTINGS = {"topics migrate": {"LOTSE_PARTITIONS": "3"}}
# What does not run here: by the beginning of the line, the test that runs it, or why none does.
ELSEWHERE = {
    "worker": "tests/support/deployment.py", "deliver": "tests/support/delivering.py", "gateway": "tests/support/gateways.py",
    "pages": "tests/support/pages_process.py", "console": "tests/streams/console/test_server.py", "circle poll": "tests/streams/commands/test_circle.py",
    "conformance": "tests/streams/conformance/test_run.py", "evaluate": "tests/streams/commands/test_evaluate.py",
    "erase": "tests/integration/test_privacy.py", "topics restore": "tests/streams/backup/test_migrating.py",
    "topics migrate FOLDER --do": "tests/streams/backup/test_migrating.py",
    "playbooks approve": "tests/streams/commands/test_maturity.py", "gaps draft": "tests/streams/commands/test_gaps.py",
    "addresses rm": "tests/streams/commands/test_addresses.py", "replay FILE.jsonl.gz --once": "tests/streams/history/test_online.py",
}  # fmt: skip
MANAGERS = (
    "welcome.first-words"  # lines about it are those of the way in resource_catalog/README.md: test_manager_path.py
)
NOT_RUN = {
    "catalog health --online --strict --json": "asks places on the internet",
}


def path_of(words: Line) -> tuple[str, bool]:
    """Return the command of a line, and whether the line merely names it: it needs more words than there are."""
    command: Any = get_command(app)
    at = 0
    while at < len(words) and words[at] in getattr(command, "commands", {}):
        command, at = command.commands[words[at]], at + 1
    group = hasattr(command, "commands") and not getattr(command, "invoke_without_command", False) and at > 0
    wants = [one for one in command.params if one.required]
    return " ".join(words[:at]), at == len(words) and (at == 0 or group or bool(wants) or words == ("backtest",))


def documented() -> dict[str, list[Line]]:
    """Return the lines of all pages that are more than a name, by their command."""
    found: dict[str, dict[Line, None]] = {}
    for page in PAGES:
        for words in commands_in((ROOT / page).read_text(encoding="utf-8"), "lotse"):
            for choice in words[1].split("|") if len(words) > 1 and words[0] == "identity" else [None]:
                line = tuple(words) if choice is None else (words[0], choice, *words[2:])
                path, named = path_of(line)
                if not named:
                    found.setdefault(path, {})[line] = None
    return {path: list(lines) for path, lines in found.items()}


def held(line: Line) -> str | None:
    """Return who runs a line elsewhere, or why nobody does."""
    text = " ".join(line)
    if MANAGERS in line:
        return "tests/integration/test_manager_path.py"
    begun = next((one for one in ELSEWHERE if text == one or text.startswith(f"{one} ")), None)
    return NOT_RUN.get(text) or (ELSEWHERE[begun] if begun else None)


def test_who_runs_a_line_elsewhere_names_its_command() -> None:
    """The last word of the command stands in that file."""
    for begun, place in ELSEWHERE.items():
        path, _ = path_of(tuple(begun.split()))
        assert f'"{path.split()[-1]}"' in (ROOT / place).read_text(encoding="utf-8"), begun


def test_every_line_is_run_here_or_said_to_run_elsewhere() -> None:
    """A new command of a page finds its place in ORDER, or among what runs elsewhere."""
    assert [
        " ".join(line) for path, lines in documented().items() if path not in ORDER for line in lines if not held(line)
    ] == []


def written(folder: Path) -> None:
    """Write the files that lines name."""
    with gzip.open(SHIPPED / "histories" / "mailing-lists-2002.jsonl.gz", "rt", encoding="utf-8") as whole:
        lines = whole.readlines()[:300]
    with gzip.open(folder / "history.jsonl.gz", "wt", encoding="utf-8") as part:
        part.writelines(lines)
    (folder / "old.jsonl").write_text("".join(lines[:20]), encoding="utf-8")
    event = {"specversion": "1.0", "id": "e1", "source": "/site", "type": "post.read", "subject": "town/ann", "time": "2026-01-31T12:00:00Z", "data": {"thread": "t1"}}  # fmt: skip
    (folder / "events.jsonl").write_text(json.dumps(event) + "\n", encoding="utf-8")
    launch = event | {
        "type": "feature.announced",
        "subject": "town",
        "data": {"feature": "search", "title": "A search"},
    }
    (folder / "launches.jsonl").write_text(json.dumps(launch) + "\n", encoding="utf-8")
    soon = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + 86400))
    event_soon = f"BEGIN:VEVENT\r\nUID:m1\r\nDTSTAMP:{soon}\r\nDTSTART:{soon}\r\nSUMMARY:A meeting\r\nEND:VEVENT"
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event_soon}\r\nEND:VCALENDAR\r\n"
    (folder / "meetings.ics").write_text(calendar, encoding="utf-8")
    (folder / "addresses.csv").write_text("member,kind,address\ntown/ann,email,ann@example.org\n", encoding="utf-8")
    (folder / "greetings.yaml").write_text(
        "messages:\n  - {after: 1 day, title: Hello, text: Welcome here.}\n", encoding="utf-8"
    )
    (folder / "rows.jsonl").write_text(
        '{"type": "post.read", "member": "ann", "id": "1", "thread": "t"}\n', encoding="utf-8"
    )
    (folder / "map.yaml").write_text("events:\n  - {type: post.read, member: member}\n", encoding="utf-8")
    (folder / "post.json").write_text("{}", encoding="utf-8")


@pytest.mark.integration
def test_every_line_that_a_page_shows_does_its_work(empty_kafka: Broker, redis_url: str, tmp_path: Path) -> None:
    """After some life in town: events, decisions, a dead letter."""
    place, failed = Deployment(empty_kafka.bootstrap, "documented"), list[tuple[str, Done]]()
    written(tmp_path)
    place.prepare()
    with place.worker(tmp_path):
        place.write(60)
        with closing(KafkaProducer(bootstrap_servers=empty_kafka.bootstrap, acks="all")) as producer:
            joined = VOCABULARY["community.joined"]()
            place.send(producer, Event("j1", "community.joined", "town/ann", time.time(), joined))
            producer.send(ACTIVITY, key=b"town/ann", value=b"{")
            producer.flush(30)
        place.caught_up()
        wait_until(lambda: read_all(empty_kafka.bootstrap, dead_letters(ACTIVITY)), 30, "the dead letter")
    ran: dict[tuple[str, Line], Done] = {}
    lines = {path: [line for line in lines if not held(line)] for path, lines in documented().items()}
    for path in ORDER:
        values, given = VALUES | THERE.get(path, {}), place.environment(LOTSE_REDIS=redis_url, LOTSE_COMMUNITY="town")
        for line in lines.get(path, []):
            words = tuple(values.get(word, word) for word in line)
            if (path, words) not in ran:
                with chdir(tmp_path):
                    ran[path, words] = in_process.lotse(
                        *words, answer=ANSWERS.get(path, ""), **given | SETTINGS.get(path, {})
                    )
            if ran[path, words].returncode not in CODES.get(path, {0}):
                failed.append((" ".join(line), ran[path, words]))
    assert "\n".join(f"lotse {line}: {done.returncode} {done.stderr or done.stdout}" for line, done in failed) == ""
    assert len(ran) >= 60
