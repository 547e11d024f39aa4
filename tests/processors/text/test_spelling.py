"""What was meant by what was typed."""

import pytest

from processors.text.spelling import UNKNOWN_WORDS, WALL, Wanted, all_meant, meant, slips_of


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("dokcer", "docker"), ("pasword", "password"), ("printter", "printer"), ("schluessel", "schlüssel"), ("offnen", "öffnen"), ("uebung", "übung"), ("anyoen", "anyone"),
        ("password", "password"), ("kubectl", "kubectl"), ("ab", "ab"), ("x86_64", "x86_64"), ("y" * 40, "y" * 40),
    ],
)  # fmt: skip
def test_what_is_meant(typed: str, word: str) -> None:
    """Slips and umlauts of known words; what is known, or near to nothing, stays."""
    assert meant(typed) == meant(typed) == word


def test_a_slip_that_is_a_word_is_none() -> None:
    """ "sinner" is no slip of "spinner"."""
    found = slips_of(["spinner", "trottel"], {"spinner", "trottel"})
    assert "sinner" not in found
    assert found["trotel"] == found["trotttel"] == found["trottle"] == "trottel"


def test_only_wanted_words_are_put_right() -> None:
    """The rest of the text stays as it is, and where nothing is wrong the very object."""
    assert Wanted({"anyone"}).put_right("anyoen with dokcer", ["anyoen", "with", "dokcer"]) == "anyone with dokcer"
    words = ["anyone", "with", "docker"]
    assert all_meant(words) == all_meant(words) == words
    assert all_meant(["anyoen", "with", "dokcer"]) == words


def test_of_many_unknown_words_the_first_are_looked_at() -> None:
    """Whoever writes a wall of them makes no slips; what counts is how many stand before, whatever was read earlier."""
    wall = [f"qx{chr(97 + number)}zzv" for number in range(UNKNOWN_WORDS)]
    assert all_meant([*wall, "dokcer"])[-1] == "dokcer"
    assert all_meant([*wall[1:], "dokcer"])[-1] == "docker"
    assert all_meant([*wall, "dokcer"])[-1] == "dokcer"


def test_a_wall_is_read_as_it_stands() -> None:
    """Its slips are nobody's."""
    assert all_meant(["dokcer", *(["docker"] * WALL)])[0] == "dokcer"


@pytest.mark.parametrize("word", ["everyone", "schlüssel", "weißt", "können"])
def test_whatever_a_wanted_word_slips_to_is_put_right(word: str) -> None:
    """As far as it is told that it was meant."""
    wanted = Wanted([word])
    typed = [
        f"{word[:2]}{word[3:]}",
        f"{word[:3]}{word[2:]}",
        word.replace("ü", "ue").replace("ö", "o").replace("ß", "ss"),
    ]
    assert [wanted.put_right(f"so {one} now", ["so", one, "now"]) for one in typed if meant(one) == word] == [
        f"so {word} now" for one in typed if meant(one) == word
    ]
    assert word in map(meant, typed)
