"""`lotse gaps`: open gaps by friction without words, and a draft that loads."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from processors.community.content_gaps import Gap, GapKind
from resource_catalog.gap_draft import DRAFTS, skeleton
from resource_catalog.loader import load
from streams.commands import app
from streams.errors import UserError

ASKED = (
    "How do I mount the frob partition under gentoo?", "How can I mount a frob partition with gentoo?",
    "Does anyone know how to mount the frob partition in gentoo?", "How do I mount my frob partition on gentoo?",
)  # fmt: skip
OTHER = (
    "Where can I buy tickets for the harbour tour?", "Where do I buy a ticket for the harbour tour?",
    "Can anyone tell me where to buy tickets for the harbour tour?",
)  # fmt: skip


@pytest.fixture
def history(tmp_path: Path) -> str:
    """Four members ask one thing, three another, some days apart."""
    texts = [*OTHER, *ASKED]
    rows = [
        {"ts": f"2026-01-0{2 + number % 4}T1{number}:00", "author": f"m{number}", "channel": "help", "thread": f"t{number}", "text": text}
        for number, text in enumerate(texts)
    ]  # fmt: skip
    path = tmp_path / "chat.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in sorted(rows, key=lambda row: row["ts"])))
    return str(path)


def run(*words: str) -> str:
    """Run the command; return what it printed."""
    result = CliRunner().invoke(app, ["gaps", *words], env={"COLUMNS": "200"}, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_highest_friction_first_and_no_words(history: str) -> None:
    """For machines and for people."""
    found = orjson.loads(run("--history", history, "--json"))["gaps"]
    assert [(one["members"], one["friction"]) for one in found] == [(4, 8), (3, 6)]
    assert set(found[0]["threads"]) == {"t3", "t4", "t5", "t6"}
    table = run("--history", history)
    assert found[0]["id"] in table
    assert "frob" not in table
    narrow = CliRunner().invoke(app, ["gaps", "--history", history], env={"COLUMNS": "80"}).stdout
    assert f"{found[0]['id']}: friction 8; 4 members, " in narrow, (
        "an id that is cut off cannot be given to `gaps draft`"
    )
    assert "…" not in narrow
    assert "gentoo" not in run("--history", history, "--json")


def test_a_draft_loads_and_answers_nothing_until_it_is_finished(history: str, tmp_path: Path) -> None:
    """It names the threads to collect from."""
    gap = orjson.loads(run("--history", history, "--json"))["gaps"][0]["id"]
    text = run("draft", gap, "--history", history)
    path = tmp_path / "catalog/resources/faq/new-page.en.md"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    (resource,) = load(tmp_path / "catalog").bundle.resources
    assert (resource.id, resource.search) == ("new-page", "never")
    assert all(f"- {thread}\n" in text for thread in ("t3", "t4", "t5", "t6"))


@pytest.mark.parametrize("kind", DRAFTS)
@pytest.mark.parametrize("about", ["task/finish", 'a: {b} -- "c" #d'])
def test_a_draft_of_each_kind_loads(kind: GapKind, about: str, tmp_path: Path) -> None:
    """Whatever the place is called; the best answer of people is its source, a page that was not found is named."""
    gap = Gap(f"town/{kind}-7", "town", kind, 9.0, 1, asks=4, members=3, week=2, about=about, posts=("p1",), resource="invoice",
              answer="h2", answer_thread="t2", answered_by="accepted")  # fmt: skip
    path = tmp_path / "resources/new-page.en.md"
    path.parent.mkdir(parents=True)
    path.write_text(skeleton(gap), encoding="utf-8")
    (resource,) = load(tmp_path).bundle.resources
    text = resource.locales["en"]
    assert (resource.source, resource.search) == ("t2", "never")
    assert "Best answer so far (accepted by who asked): post h2 in thread t2" in text.body
    assert "invoice" in text.body
    assert "- p1" in text.body
    assert text.body.count("-->") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draft", "history/askd-1", "--history", "H"], "did you mean history/asked-1?"),
        (["draft", "x", "--history", "H"], "open are history/asked-"),
        (["--history", "nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
        (["--history", "H", "draft", "x"], "lotse gaps draft --history FILE"),
    ],
)
def test_mistakes_are_one_message(history: str, words: list[str], said: str) -> None:
    """What, and the way out."""
    with pytest.raises(UserError, match=said.replace("?", r"\?")):
        run(*(history if word == "H" else word for word in words))


def test_no_gaps_are_told(tmp_path: Path) -> None:
    """In a sentence, and as an empty list."""
    path = tmp_path / "chat.jsonl"
    path.write_bytes(
        orjson.dumps({"ts": "2026-01-02T10:00", "author": "ann", "channel": "help", "text": "Good morning"})
    )
    assert run("--history", str(path)) == "no open gaps\n"
    assert orjson.loads(run("--history", str(path), "--json")) == {"gaps": []}
