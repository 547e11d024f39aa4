"""Reading for distress: what is done the quick way, for all words at once or by tables of bytes, is what plain rules say."""

import re
from collections.abc import Set as AbstractSet

from hypothesis import given
from hypothesis import strategies as st

from processors.text.distress_reading import (
    SMILED,
    Vocabulary,
    own_words,
    pieces,
    plain,
    smiles,
    telling,
)
from processors.text.normalise import lowered

KNOWN = ("so", "too", "sad", "feel", "will", "asleep", "im")
ODD = st.text(alphabet="sofelwiadp013@$*!x", min_size=1, max_size=9)
SIGNS = st.text(alphabet="ab1.,;:?! -_*\n()'/d😂İıſß\u212a", max_size=40)
APART = re.compile(r"[ .\-_*][a-z][ .\-_*][a-z][ .\-_*]")
SMILE = (":)", ":-)", ";)", ";-)", " :d", " :-d", " :p", " :-p", " ;p", " ;d", "=)")
FACES = ("😂", "*g*", " /s", "^^")


@given(st.lists(st.one_of(ODD, st.sampled_from(KNOWN), st.sampled_from(["sooo", "saad", "feeel", "wiill"]))))
def test_words_read_at_once_are_read_as_each_alone(words: list[str]) -> None:
    """Stretched, masked and unknown ones."""
    together = Vocabulary({"im": ("i", "am")}, KNOWN)
    alone = Vocabulary({"im": ("i", "am")}, KNOWN)
    assert together.read(words) == [token for word in words for token in alone[word]]


@given(SIGNS)
def test_lower_case_by_a_table_is_lower_case(text: str) -> None:
    """Where Latin-1 holds it, and where it does not."""
    assert lowered(text) == text.lower()
    assert lowered(text.upper()) == text.upper().lower()


@given(st.text(alphabet="abc .-_*,é", max_size=30))
def test_letters_apart_are_joined_as_before(text: str) -> None:
    """Whether there are any is told by a table of bytes, or by the pattern where it cannot."""
    words = plain(text)
    spaced = re.compile(r"(?<![^\W_])(?:[a-z][ .\-_*]){3,40}[a-z](?![^\W_])")
    joined = spaced.sub(lambda found: "".join(filter(str.isalnum, found[0])), words) if APART.search(words) else words
    assert own_words(text) == joined


@given(st.text(alphabet="ab1.,;:?! -_*()'@", max_size=40))
def test_words_and_marks_are_those_of_the_pattern(words: str) -> None:
    """A ";" stands for every mark that ends a sentence, but for "?", which stays."""
    if words.count("*") > 1:
        return
    bare = words.replace("'ll ", " will ").replace("'d ", " would ").replace("'", "")
    found = re.findall(r"[a-z0-9@$*|]+(?:![a-z]+)*|[.!?\n;,:()]", bare)
    assert [";" if one in ".!" else one for one in pieces(words)] == [";" if one in ".!" else one for one in found]


@given(st.lists(st.sampled_from(["a", " :", ":)", " :d", "=)", "=", "*g*", " /s", "^", "^^", "😂", "ü", ";"])))
def test_smiles_are_found(parts: list[str]) -> None:
    """A smile lightens short messages only, a laughing face all."""
    words = "".join(parts)
    laughs = any(sign in words for sign in FACES)
    assert smiles(words, SMILED + 1) == laughs
    assert smiles(words, SMILED) == (laughs or any(sign in words for sign in SMILE))


def _plainly(found: list[str], cues: AbstractSet[str], most: int) -> list[str]:
    """Return the sentences with the most different cues, then those nearest to an end, as far as they have room."""
    if len(found) <= most:
        return found
    parts: list[list[str]] = [[]]
    for word in found:
        parts[-1].append(word)
        if word in ".!?;\n":
            parts.append([])
    last = len(parts) - 1
    order = sorted(range(len(parts)), key=lambda one: (-len(cues & set(parts[one])), min(one, last - one), one))
    if len(parts[order[0]]) > most:
        wall = parts[order[0]]
        return [*wall[: most * 2 // 3], "\n", *wall[-most // 3 :]]
    kept: list[int] = []
    for one in order:
        if len(parts[one]) <= most:
            most -= len(parts[one])
            kept.append(one)
    return [word for one in sorted(kept) for word in parts[one]]


@given(st.lists(st.sampled_from(["a", "b", "cue", "sign", ".", "?", "\n"]), max_size=40), st.integers(3, 20))
def test_the_most_telling_sentences_are_read(found: list[str], most: int) -> None:
    assert telling(found, {"cue", "sign", "absent"}, most) == _plainly(found, {"cue", "sign", "absent"}, most)
