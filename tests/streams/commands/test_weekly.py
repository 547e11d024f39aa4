"""`lotse weekly` over a history: names, sentences and lines in the member's language, for people and for machines."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from processors.playbooks.catalog import Catalog
from processors.weekly import WHYS, Name
from resource_catalog.loader import SHIPPED, load
from streams.commands import app
from streams.commands.weekly import LINES, _suggested, sentence

EVIDENCE: dict[str, dict[str, float | int]] = {
    "newcomer": {"hours": 30, "days": 2}, "unanswered": {"hours": 30}, "thanks": {"answers": 1, "accepted": 2},
    "drop_off": {"chance": 0.8, "silent_days": 16, "usual_days": 3, "active_days": 20},
}  # fmt: skip


def chat(directory: Path) -> Path:
    """Thirty people over three weeks; the last asks and gets no answer."""
    lines = [
        {"ts": f"2026-01-{day:02}T{hour:02}:00:00", "author": f"p{hour + half * 12}", "channel": "talk", "kind": "message",
         "thread": f"d{day}", "text": "Good morning, all is well here."}
        for day in range(1, 22) for half in (0, 1) for hour in range(8, 20)
    ]  # fmt: skip
    asked = {"ts": "2026-01-20T21:00:00", "author": "late", "channel": "talk", "kind": "message", "thread": "q1",
             "text": "How do I mount the frobnicator partition under gentoo?"}  # fmt: skip
    last = {**lines[-1], "ts": "2026-01-22T12:00:00"}
    path = directory / "chat.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(one) for one in [*lines, asked, last]))
    return path


def test_names_from_a_chat_for_machines_and_for_people(tmp_path: Path) -> None:
    """No server is asked; the same name with its line in both."""
    path = chat(tmp_path)
    done = CliRunner().invoke(app, ["weekly", "--history", str(path), "--community", "town", "--json"])
    assert done.exit_code == 0, done.output
    (found,) = orjson.loads(done.stdout)["communities"]["town"]
    assert (found["member"], found["why"], found["evidence"]) == ("town/late", "newcomer", {"hours": 39, "days": 1})
    assert found["reason"] == "new for a day, and a question has waited for 39 hours"
    assert found["line"].startswith("Hello, and good that you are here.")
    assert "frobnicator" not in done.stdout
    shown = CliRunner().invoke(app, ["weekly", "--history", str(path), "--community", "town"], env={"COLUMNS": "200"})
    assert "town/late" in shown.output
    assert "Hello, and good that you are here." in shown.output


def test_nobody_to_name_is_said(tmp_path: Path) -> None:
    """A community where all is well."""
    path = tmp_path / "one.jsonl"
    path.write_bytes(
        orjson.dumps({"ts": "2026-01-01T10:00:00", "author": "a", "channel": "c", "kind": "message", "text": "Hi"})
    )
    done = CliRunner().invoke(app, ["weekly", "--history", str(path)])
    assert (done.exit_code, done.output.strip()) == (0, "history: nobody to name this week")


@pytest.mark.parametrize("why", WHYS)
def test_each_reason_has_a_sentence_and_a_line_in_both_languages(why: str) -> None:
    """The line is a resource of kind template, for a person to put into their own words."""
    bundle = load(SHIPPED).bundle
    kinds = {one.id: one.kind for one in bundle.resources}
    assert kinds[LINES[why]] == "template"
    told = {one: _suggested(Name("town/ann", why, one, EVIDENCE[why]), Catalog(bundle)) for one in ("en", "de")}  # type: ignore[arg-type]
    assert [told[one].locale for one in told] == ["en", "de"]
    assert told["en"].line
    assert told["de"].line not in ("", told["en"].line)
    assert sentence(Name("town/ann", why, "en", EVIDENCE[why])) == told["de"].reason  # type: ignore[arg-type]


def test_a_catalog_of_ones_own_says_it_otherwise(tmp_path: Path) -> None:
    """The same id replaces; another language than the community's is not missed."""
    own = tmp_path / "resources" / "personal-newcomer.en.md"
    own.parent.mkdir(parents=True)
    own.write_text(
        "---\ntitle: T\nkind: template\ntheme: personal-notes\nsummary: Ahoy.\n---\nText\n", encoding="utf-8"
    )
    words = ["weekly", "--history", str(chat(tmp_path)), "--catalog", str(tmp_path), "--json"]
    (found,) = orjson.loads(CliRunner().invoke(app, words).stdout)["communities"]["history"]
    assert found["line"] == "Ahoy."
