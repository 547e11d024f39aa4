"""Fresh words and tokens."""

import pytest

from processors.text.normalise import READ_MAX, fresh_words, tokens


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("> you wrote this\nmy answer", ["my", "answer"]),
        ("run `rm -r build` first", ["run", "first"]),
        ("look ```\nraise Panic\n``` there", ["look", "there"]),
        ("an open ```block of code", ["an", "open"]),
        ("see https://example.org/why?q=1 now", ["see", "now"]),
        ('he said "this goes on for some words" today', ["he", "said", "today"]),
        ("thanks\n-- \nAnn, always helpless", ["thanks"]),
    ],
)
def test_only_the_authors_own_words_stay(text: str, kept: list[str]) -> None:
    """Quotes, code, links and signatures are somebody else's or nobody's words."""
    assert tokens(fresh_words(text)) == kept


def test_tokens_are_lower_case_with_inner_apostrophes() -> None:
    """Letters of any alphabet; a typographic apostrophe becomes the plain one."""
    assert tokens("Can’t öffnen_Sie 3 Dateien?") == ["can't", "öffnen", "sie", "3", "dateien"]


def test_input_is_bounded() -> None:
    """What stands beyond the bound is not read."""
    assert len(fresh_words("a" * (2 * READ_MAX))) == READ_MAX
