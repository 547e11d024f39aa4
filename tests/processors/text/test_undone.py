"""What a word may be a slip of: all that one by one would tell."""

from string import ascii_lowercase
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from processors.text.undone import Known, undone


def one_by_one(word: str) -> list[str]:
    """Return all that a word may be a slip of, place by place."""
    ways = []
    for place in range(1, len(word)):
        head, tail = word[:place], word[place:]
        ways += [head + tail[1] + tail[0] + tail[2:]] if len(tail) > 1 and tail[0] != tail[1] else []
        ways += [head + tail[1:]] if tail[0] == head[-1] else []
        ways += [head + letter + tail for letter in ascii_lowercase]
    return ways


@given(
    st.one_of(*(st.text(alphabet=letters, min_size=2, max_size=14) for letters in ("aeinrstäöüß", "abyz"))), st.data()
)
def test_all_letters_of_a_place_at_once_are_as_one_by_one(word: str, data: st.DataObject) -> None:
    """What a CRC's being linear spares is time alone."""
    ways = one_by_one(word)
    wanted = data.draw(st.lists(st.sampled_from(ways), max_size=4))
    known = Known({crc32(way.encode()) for way in wanted})
    assert list(undone(word, known)) == [way for way in ways if way in wanted]
