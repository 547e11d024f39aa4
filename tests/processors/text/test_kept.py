"""What is kept by word is what would be worked out anew; it is bounded, and long words are not kept."""

from processors.text.kept import LETTERS_MAX, WORDS_MAX, Kept


def test_what_comes_again_is_not_worked_out_again() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Kept(length)
    assert list(map(lengths.__getitem__, ["one", "three", "one"])) == [3, 5, 3]
    assert asked == ["one", "three"]


def test_long_words_are_worked_out_each_time() -> None:
    lengths = Kept(len)
    assert lengths["x" * (LETTERS_MAX + 1)] == LETTERS_MAX + 1
    assert lengths["x" * LETTERS_MAX] == LETTERS_MAX
    assert list(lengths) == ["x" * LETTERS_MAX]


def test_so_many_are_kept_at_most() -> None:
    numbers = Kept(int)
    for number in range(WORDS_MAX + 10):
        assert numbers[str(number)] == number
    assert len(numbers) == 10
