"""What somebody types who has never seen YAML: one message, at its place, that says how to mend it, without the parser's own words."""

from pathlib import Path

import pytest

from resource_catalog.problems import Problem
from resource_catalog.yaml_text import FILE_MAX, parse_yaml, read_block, read_text

PARSERS_OWN = ("token", "mapping", "scalar", "block end", "stream", "document start")


@pytest.mark.parametrize(
    ("text", "place", "mended"),
    [
        ("when:\n\tevent: post.created\n", "2:1", "a tab; use spaces"),
        ("because: you wrote: hello\n", "1:19", "put the whole text between quotes"),
        ("offer:\n  resource: a\n    channels: b\n", "3:13", "this line is not as far in as the one above"),
        ("offer:\n    resource: a\n  channels: b\n", "3:3", "the same number of spaces"),
        ("expect:\n  - a\n - b\n", "3:2", "the same number of spaces"),
        ("id: a\n---\nid: b\n", "2:1", "one file holds one"),
        ("id: a\nid: b\n", "2:1", "id stands twice"),
        ('say: "Hello\nid: a\n', "3:1", "a quote that is opened above and not closed"),
        ("say: 'it's here'\n", "1:10", "put the text between"),
        ("id: a\nwait\nowner: b\n", "3:1", "without a colon"),
        ("limits: {once_per: member\nowner: b\n", "2:6", "} is missing"),
        ("limits: {once_per: member}}\n", "1:27", "} without an opening one"),
        ("say: @everybody come\n", "1:6", 'between quotes: "@..."'),
        ("say: *important*\n", "1:6", "between quotes"),
        ("say: > 3 posts\n", "1:8", "write them on the next line"),
        ("say: - a\n- b\n", "1:6", "write a list one line further down"),
        ("say: ? who knows\n", "1:6", 'put it between quotes: "?..."'),
        ("say: , and so on\n", "1:6", 'put it between quotes: ",..."'),
        ("private: [#board]\n", "2:1", "what comes after a # is a remark"),
        ('say: "a \\d b"\n', "1:10", "is written twice (\\\\)"),
        ("id: a\nreview_by: 2027-02-30\n", "2:12", "a date that no calendar has"),
        ("id:\u00a0a\nwhen: b\n", "1:4", "a no-break space"),
        ("offer:\n  a: b\n\u00a0c: d: e\n", "3:1", "a no-break space"),
        ("title: Room #3 and more\n", "1:13", "the text ends before #3"),
        ("because: you joined #general\n", "1:21", "the text ends before #general"),
        ("because: #general\n", "1:10", "the text ends before #general"),
        ("answers:\n- Where is #help?\n", "2:12", "the text ends before #help?"),
        ("say: a\x07b\n", "1:1", "a sign that does not show"),
    ],
)
def test_each_slip_is_told_in_plain_words(text: str, place: str, mended: str) -> None:
    """Line and column, what it is, what to do."""
    problems: list[Problem] = []
    assert parse_yaml(Path("a.yaml"), text, problems) is None
    (found,) = problems
    assert (f"{found.line}:{found.column}", mended in found.message) == (place, True), found
    assert not [word for word in PARSERS_OWN if word in found.message]


@pytest.mark.parametrize(
    "text",
    [
        "say: you joined  # general",
        "maturity: live #shadow",
        "wait: 10 minutes  ## for now",
        'say: "come to #general"',
        "say: 'come to #general' #not yet",
        "say: >-\n  come to #general",
        "say: C#major is no remark",
        "#say: come to here\nid: a",
    ],
)
def test_a_remark_is_one_where_no_text_is_lost(text: str) -> None:
    """With a space after the #, after one word that stands for itself, after a quoted text, and on a line of its own."""
    problems: list[Problem] = []
    assert parse_yaml(Path("a.yaml"), text + "\n", problems) is not None
    assert problems == []


def test_a_no_break_space_that_still_parses_is_told_where_it_does_harm(tmp_path: Path) -> None:
    """As a part of a field's name, or as a text where fields were meant."""
    path, problems = tmp_path / "a.yaml", list[Problem]()
    path.write_text("id: a\nwhen:\n  event:\u00a0post.created\n", encoding="utf-8")
    block = read_block(path, problems)
    assert block is not None
    block.block("when")
    path.write_text("\u00a0id: a\n", encoding="utf-8")
    renamed = read_block(path, problems)
    assert renamed is not None
    renamed.allow("id")
    assert [one.message.partition(", as it comes")[0] for one in problems] == [
        "when: expected fields, found a text; a no-break space",
        "unknown field id; before it stands a no-break space",
    ]


def test_what_the_parser_says_otherwise_is_passed_on() -> None:
    """Rather the parser's words than none."""
    problems: list[Problem] = []
    assert parse_yaml(Path("a.yaml"), "%a: 1\n", problems) is None
    assert "expected '<document start>'" in problems[0].message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1:1: nothing is in it; begin with id:, or remove the file"),
        (b"# for later\n", "1:1: nothing is in it; begin with id:, or remove the file"),
        (b"- id: a\n- id: b\n", "1:1: the file: expected fields, found a list"),
        (b"just words\n", "1:1: the file: expected fields, found a text"),
        (b"id: a\ndescribe: Gr\xfc\xdfe\n", "2:13: expected UTF-8 text; byte 19 is none; save the file with the encoding UTF-8"),
        (b"x" * (FILE_MAX + 1), f"1:1: at most {FILE_MAX // 1000} kB, found 256; is it text? A long page is better linked than sent"),
    ],
)  # fmt: skip
def test_a_file_without_fields_is_told_once(tmp_path: Path, content: bytes, said: str) -> None:
    """Empty, only comments, a list, words, another encoding, far too long."""
    path, problems = tmp_path / "a.yaml", list[Problem]()
    path.write_bytes(content)
    assert read_block(path, problems, "id:") is None
    assert [f"{one.line}:{one.column}: {one.message}" for one in problems] == [said]


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    """Some editors of Windows write it."""
    path, problems = tmp_path / "a.md", list[Problem]()
    path.write_bytes(b"\xef\xbb\xbf---\r\ntitle: a\r\n")
    assert read_text(path, problems) == "---\ntitle: a\n"
    assert problems == []
