"""What is wrong with a text that is no YAML, in the words of somebody who does not know YAML, and how it is mended."""

import re

INDENT = "this line stands further in, or less far, than those it belongs to; begin them with the same number of spaces"
# The parser's words (a part of them), and ours; the first that fits.
_SAID = (
    (r"found character '\\t'", "a tab; use spaces, and begin lines that belong together with the same number of them"),
    (r"found character '([@`%])'", 'a value that begins with {0}; put it between quotes: "{0}..."'),
    ("expected a comment or a line break", "words after > or | at the beginning of a value; write them on the next line, further in, or put the whole text between quotes"),
    (r"sequence entries are not allowed", "a dash with a space at the beginning of a value; write a list one line further down, and put a text between quotes"),
    (r"mapping keys are not allowed", 'a value that begins with ?; put it between quotes: "?..."'),
    (r"expected the node content, but found '([,}\]])'", 'a value that begins with {0}; put it between quotes: "{0}..."'),
    (r"expected the node content, but found '<stream end>'", "a bracket that is opened above and not closed; what comes after a # is a remark, unless it stands between quotes"),
    ("unknown escape character", r"a backslash between double quotes is written twice (\\), or put the text between '...'"),
    (r"(?:day is out of range|month must be in)", "a date that no calendar has"),
    ("mapping values are not allowed", 'a colon with a space after it within a text; put the whole text between quotes: "..."; or this line is not as far in as the one above'),
    ("another document", "a second document after a line of ---; one file holds one"),
    (r'found duplicate key "([^"]*)"', "{0} stands twice; keep one of them"),
    ("unexpected end of stream", "a quote that is opened above and not closed"),
    (r"but found '<scalar>'", 'words after the end of a quote; a quote within a text is written twice (\'\'), or put the text between "..."'),
    (r"but found '([}\]])'", "{0} without an opening one before it"),
    (r"expected ',' or '([}\]])'", "{0} is missing, or a comma before this"),
    ("expected <block end>", INDENT),
    ("could not find expected ':'", "a line above without a colon, or a dash without a space after it; write `field: value` or `- value`"),
    (r"unacceptable character #x0*([0-9a-f]+)", "a sign that does not show (number {0}); type the line anew"),
    ("recursion depth", "more brackets within brackets than can be meant"),
)  # fmt: skip
NO_BREAK = "a no-break space, as it comes along from a page or a document; type the space anew"
# Where a space belongs to the form: at the beginning of a line, after a colon, after a dash.
_NO_BREAK = re.compile(r"^[ -]*(\u00a0)|^[^\"'#:]+:(\u00a0)|^ *-(\u00a0)", re.MULTILINE)
REMARK = re.compile(r"#[^\s#!]")
_WORDS = re.compile(r"\s|^$|[A-ZÄÖÜ]")


def no_break(text: str) -> tuple[int, int] | None:
    """Return line and column (from 0) of the first no-break space that stands where the form of YAML wants a space."""
    match = _NO_BREAK.search(text)
    if match is None:
        return None
    before = text[: max(match.span(number)[0] for number in (1, 2, 3))]
    return before.count("\n"), len(before.rpartition("\n")[2])


def cut_off(value: str, remark: str) -> str:
    """Return what is said of a text that a # behind a space ends, empty where it is a remark: no text, or a # with a space after it."""
    if not REMARK.match(remark) or not _WORDS.search(value):
        return ""
    word = remark.split(maxsplit=1)[0]
    return f'the text ends before {word}: what comes after a # is a remark; put the whole text between quotes: "..."; where it is meant as one, a space after the #'


def in_plain_words(said: str) -> str:
    """Return what the parser says as an author understands it; as it is where nothing better is known."""
    for pattern, ours in _SAID:
        match = re.search(pattern, said)
        if match:
            return ours.format(*match.groups())
    return said.replace("\n", " ")
