"""The generated references are those of the code, whole, and true: AsyncAPI's own schema, the codec and the arbiter's structs take them."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from typer.main import get_command

from processors.commands import Command, Recall
from processors.community.content_gaps import Gap
from processors.decisions import BareDecision, Decision, Reason
from processors.outputs import Alert
from processors.reviews import Review
from processors.vocabulary import ANNOUNCED, COMMUNITY, CONTROL, VOCABULARY
from sinks.analytics import ANALYTICS
from sinks.channels import CHANNELS as SINKS
from streams.codec import Codec
from streams.commands import app
from streams.gateway.sources import SOURCES
from streams.reference import settings_page
from streams.reference.asyncapi import CHANNELS, document
from streams.reference.command_line_page import commands
from streams.reference.event_meanings import MEANINGS
from streams.reference.examples import event, example
from streams.reference.write import FOLDER, references
from streams.settings import PREFIX, SECRETS, Settings
from streams.topics import TOPICS
from tests.support.tree import ROOT

SCHEMA = json.loads((ROOT / "tests" / "contracts" / "asyncapi" / "3.0.0.json").read_text(encoding="utf-8"))
WRITTEN = references()
DOCUMENT = json.loads(WRITTEN["asyncapi.json"])


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_each_is_fresh(name: str) -> None:
    """Run make generate after a change."""
    assert (FOLDER / name).read_text(encoding="utf-8") == WRITTEN[name]


def test_nothing_else_lies_there() -> None:
    """A page that is generated no more is gone, and the list of pages names each."""
    kept = {path.name for path in FOLDER.iterdir() if path.suffix in (".md", ".json", ".html")}
    assert kept == {*WRITTEN, "README.md"}
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in WRITTEN if f"]({name})" not in listed] == []


def test_every_setting_says_what_it_is() -> None:
    """A comment beside its field in streams/settings.py; the page marks the secrets."""
    told = settings_page.meanings((ROOT / "streams" / "settings.py").read_text(encoding="utf-8"))
    assert set(Settings.__struct_fields__) - told.keys() == set()
    rows = [line.split(" | ") for line in WRITTEN["settings.md"].splitlines() if line.startswith(f"| `{PREFIX}")]
    assert {name.strip("|` ") for name, *_ in rows} == {PREFIX + name.upper() for name in Settings.__struct_fields__}
    marked = {name.strip("|` ") for name, _, secret, *_ in rows if secret.strip() == "secret"}
    assert marked == {PREFIX + name.upper() for name in SECRETS}


def test_meanings_are_read_from_comments() -> None:
    """Also of a field that the formatter has wrapped; of nothing else."""
    source = 'class Settings:\n    a: int = 1  # one\n    b: str = (\n        ""  # two <x>\n    )\n    c: int = 0\n'
    assert settings_page.meanings(source) == {"a": "one", "b": "two &lt;x>"}


def test_every_event_is_told_and_its_example_is_one() -> None:
    """The codec reads each example of a producer; data of all types fit their structs."""
    assert MEANINGS.keys() == VOCABULARY.keys()
    codec = Codec(b"any")
    for kind in COMMUNITY:
        shown = event(kind)
        read = codec.decode_announcement if kind in ANNOUNCED else codec.decode
        assert read(shown["subject"].encode(), json.dumps(shown).encode()).type == kind
    for kind in CONTROL:
        assert "seal" in event(kind)
        msgspec.convert(event(kind)["data"], VOCABULARY[kind])
    assert [kind for kind in VOCABULARY if f"\n## {kind}\n" not in WRITTEN["events.md"]] == []


@pytest.mark.parametrize("kind", [Command, Recall, Decision, BareDecision, Gap, Review, Alert])
def test_examples_of_records_are_such(kind: type[msgspec.Struct]) -> None:
    """They hold all that is always there."""
    assert msgspec.convert(example(kind), kind)


def test_every_reason_has_its_sentence() -> None:
    """Each of the closed list, once."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", WRITTEN["reasons.md"], re.MULTILINE))
    assert rows.keys() == set(Reason)
    assert [reason for reason, told in rows.items() if not told] == []


def test_every_command_and_option_is_there_and_says_what_it_is() -> None:
    """Help of a command and of each of its options."""
    silent = []
    for path, command in commands(get_command(app), ()):
        assert f"\n## lotse {' '.join(path)}\n" in WRITTEN["command-line.md"]
        silent += [path] if not command.help else []
        silent += [(*path, one.name) for one in command.params if not getattr(one, "help", None)]
    assert silent == []


def test_the_document_is_asyncapi() -> None:
    """The schema that the AsyncAPI Initiative publishes accepts it; and refuses one that is not."""
    validator = Draft7Validator(SCHEMA)
    assert [error.message[:200] for error in validator.iter_errors(DOCUMENT)] == []
    assert not validator.is_valid({**DOCUMENT, "channels": {"a": {"adress": "a"}}})


def test_the_document_has_each_topic_and_each_reference_leads_somewhere() -> None:
    """Topics as `lotse topics apply` makes them, and messages in all that are written."""
    assert DOCUMENT["channels"].keys() == {spec.name for spec in TOPICS}
    assert CHANNELS.keys() == {spec.name for spec in TOPICS if not spec.name.endswith(".dlq")}
    assert [name for name, one in DOCUMENT["channels"].items() if not one["messages"]] == []
    for spec in TOPICS:
        shown = DOCUMENT["channels"][spec.name]["bindings"]["kafka"]["topicConfiguration"]
        told = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in shown.items()}
        assert told == spec.config()
    for found in re.findall(r'"\$ref": "#/([^"]+)"', WRITTEN["asyncapi.json"]):
        at = DOCUMENT
        for part in found.split("/"):
            at = at[part]
        assert at


def test_examples_of_the_document_fit_its_schemas() -> None:
    """Each message's example is a payload of it; a wrong type of event is none."""
    messages = DOCUMENT["components"]["messages"]
    for name, one in messages.items():
        for shown in one.get("examples", ()):
            Draft202012Validator({**one["payload"], "components": DOCUMENT["components"]}).validate(shown["payload"])
            if "specversion" in shown["payload"]:
                assert name.startswith(shown["payload"]["type"])
    wrong = {**messages["post.created"]["examples"][0]["payload"], "type": "post.edited"}
    payload = {**messages["post.created"]["payload"], "components": DOCUMENT["components"]}
    assert not Draft202012Validator(payload).is_valid(wrong)


def test_the_page_shows_all_of_it_without_a_script() -> None:
    """Each topic, message and schema has a place; nothing runs, nothing is loaded."""
    page = WRITTEN["asyncapi.html"]
    places = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= places
    assert {f"message-{name}" for name in document()["components"]["messages"]} <= places
    assert not re.search(r"<script|<link|src=|@import|url\(", page)
    assert Path(FOLDER, "asyncapi.json").exists()


def test_the_readme_names_each_platform() -> None:
    """Its table has all doors, all channels and all analytics, and no other."""
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Platforms\n")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ") and "`" in line]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row[2])} == set(SOURCES)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row[3])} == {*SINKS, *ANALYTICS}
