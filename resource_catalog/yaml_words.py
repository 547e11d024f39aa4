"""What is wrong with a text that is no YAML, in the words of somebody who does not know YAML, and how it is mended."""

import re

INDENT = "this line stands further in, or less far, than those it belongs to; begin them with the same number of spaces"
# The parser's words (a part of them), and ours; the first that fits.
_SAID = (
    (r"found character '\\t'", "a tab; use spaces, and begin lines that belong together with the same number of them"),
    (r"found character '([@`%])'", 'a value that begins with {0}; put it between quotes: "{0}..."'),
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


def in_plain_words(said: str) -> str:
    """Return what the parser says as an author understands it; as it is where nothing better is known."""
    for pattern, ours in _SAID:
        match = re.search(pattern, said)
        if match:
            return ours.format(*match.groups())
    return said.replace("\n", " ")
