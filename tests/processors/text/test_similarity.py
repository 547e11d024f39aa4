"""Similarity of questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.community import term_frequencies
from processors.community.question_clusters import ALIKE
from processors.community.term_frequencies import TermFrequencies
from processors.text.similarity import (
    CONTENT_MAX,
    Sought,
    Words,
    at_most,
    balanced,
    cosine_for,
    cut,
    likeness,
    log2,
    mixed_for,
    read_words,
    square,
    terms,
    to_scale,
    weighted,
)
from processors.text.spelling import stem
from processors.text.word_vectors import SHIPPED, WORDS_MAX
from tests.processors.text import short_questions

FREQUENCIES = TermFrequencies({}, 0, SHIPPED)


def alike(a: str, b: str) -> int:
    """The likeness of two texts in a community that has said nothing yet, in thousandths."""
    one, two = read_words(a, SHIPPED), read_words(b, SHIPPED)
    return likeness(one, two, weighted(one, FREQUENCIES), weighted(two, FREQUENCIES))


@pytest.mark.parametrize(
    ("same", "apart", "found", "wrong"),
    [
        (short_questions.ALIKE_BEFORE, short_questions.APART_BEFORE, 16, 1),
        (short_questions.ALIKE, short_questions.APART, 15, 0),
        (short_questions.ALIKE_ENGLISH, short_questions.APART_ENGLISH, 18, 2),
    ],
)
def test_short_questions_of_one_form_are_told_apart(
    same: tuple[tuple[str, str], ...], apart: tuple[tuple[str, str], ...], found: int, wrong: int
) -> None:
    """In a community that has said nothing yet: one form is not one need, in either language."""
    assert sum(alike(*pair) >= ALIKE for pair in same) >= found
    assert sum(alike(*pair) >= ALIKE for pair in apart) <= wrong


def test_small_words_of_a_short_question_count_less() -> None:
    """The fewer stems, the less; in a long text as much as any other word of their rarity."""
    short, long = (
        read_words("where is the frobnicator", SHIPPED),
        read_words("where is the frobnicator " + "a b c d e f g h", SHIPPED),
    )
    usual = dict(zip(short.stems, FREQUENCIES.of_all(short.stems), strict=True))
    assert weighted(short, FREQUENCIES)["wher"] == usual["wher"] * 104 >> 8
    assert weighted(short, FREQUENCIES)["frobni"] == usual["frobni"]
    assert weighted(long, FREQUENCIES)["wher"] == usual["wher"]


def test_the_same_need_in_other_words_is_alike() -> None:
    """Rare words and meaning count, endings do not; another matter in the same form is far away."""
    asked = "How do I mount the frobnicator partition?"
    assert alike(asked, "mounting my frobnicator partitions, how?") > 600
    assert alike(asked, "How do I print labels?") < 300
    assert alike(asked, asked) == 1000


def test_what_is_quoted_and_what_stands_in_the_title_is_the_matter() -> None:
    """Questions about a quoted phrase are told apart by it; the title says more than as many words below it."""
    phrase = '"frobnicate the gloopy zwick"'
    assert alike(f"what does {phrase} mean?", f"is {phrase} right?") > alike("what does it mean?", "is it right?")
    title, rest = "Mounting a frobnicator", "I bought one last week and it came without any manual at all."
    assert alike(f"{title}\n{rest}", title) > alike(f"{title}. {rest}", title)


def test_a_word_and_what_is_made_of_it_are_one_stem() -> None:
    """Endings that no list holds do not tell words apart; other words of a few letters stay apart."""
    assert stem("hyphenation") == stem("hyphenate") == stem("hyphens")[:6]
    assert stem("Anmeldung".lower()) == stem("anmelden")
    assert stem("disk") != stem("dish")


def test_a_stem_counts_four_times_at_most() -> None:
    """In order of appearance, once, twice, or ever again."""
    words = read_words("kernel disk kernel disks kernel kernel wifi kernels", SHIPPED)
    assert dict(zip(words.stems, words.counts, strict=True)) == {"kernel": 4, "disk": 2, "wifi": 1}


def test_stems_of_an_older_state_are_read_as_now() -> None:
    """What was two stems may be one; it then stands as often as both, four times at most."""
    assert cut(("hyphenation", "hyphenated", "a"), bytes([3, 2, 1])) == (("hyphen", "a"), bytes([4, 1]))


def test_meaning_counts_where_no_word_is_shared() -> None:
    """A drive and a disk are nearer to each other than a drive and a recipe."""
    assert alike("wifi driver broken", "wireless card fails") > alike("wifi driver broken", "chocolate cake recipe")


def test_what_a_community_says_often_weighs_less() -> None:
    """A word of every question tells no question from another."""
    busy = TermFrequencies({}, 0, SHIPPED)
    for _ in range(1000):
        busy.learn(("frobnicator",))
    assert busy.of("frobnicator") < FREQUENCIES.of("frobnicator")
    assert FREQUENCIES.of("the") < FREQUENCIES.of(stem("partition")) < FREQUENCIES.of(stem("frobnicator"))


@given(st.text(max_size=300), st.text(max_size=300))
def test_similarity_is_a_bounded_symmetric_number(a: str, b: str) -> None:
    """Any two texts: from 0 to 1000, the same both ways; what is read is bounded and distinct."""
    assert 0 <= alike(a, b) <= 1000
    assert alike(a, b) == alike(b, a)
    assert len(read_words(a, SHIPPED).stems) <= WORDS_MAX
    assert len(terms(a)) == len(set(terms(a))) <= CONTENT_MAX


@given(st.integers(1, 1 << 60), st.integers(1, 1 << 60))
def test_the_logarithm_of_whole_numbers_grows(a: int, b: int) -> None:
    """Exact at powers of two, never falling, doubling adds one."""
    assert log2(1 << 20) == 20 << 8
    assert (log2(a) <= log2(b)) or a > b
    assert log2(2 * a) == log2(a) + 256


def squares(weights: dict[str, int]) -> dict[str, int]:
    """Of weights."""
    return {stem: weight * weight for stem, weight in weights.items()}


STEMS = st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(1, 6000), min_size=1)


@given(STEMS, STEMS, st.none() | st.integers(0, 1000))
def test_the_bound_is_never_below_the_likeness(a: dict[str, int], b: dict[str, int], meaning: int | None) -> None:
    """A cluster is passed over by its stems alone only where it could not be alike, however they weigh."""
    assert at_most(squares(a), square(a), tuple(b), meaning) >= balanced(a, b, meaning, square(a), square(b))


@given(st.integers(1, WORDS_MAX), st.none() | st.integers(0, 1000), st.integers(1, 1000))
def test_words_that_share_less_than_the_least_cosine_are_not_alike(
    fewer: int, meaning: int | None, wanted: int
) -> None:
    """And with as much they are, with this meaning: the least is known without trying."""
    least = next((cosine for cosine in range(1001) if to_scale(cosine, fewer, meaning) >= wanted), 1001)
    assert max(0, min(1001, cosine_for(mixed_for(wanted, fewer), fewer, meaning))) == least


TEXTS = st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(1, 4), min_size=1)


@given(TEXTS, TEXTS, st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True), max_size=20))
def test_the_cosine_of_one_with_many_is_that_of_two(
    a: dict[str, int], b: dict[str, int], texts: list[list[str]]
) -> None:
    """However often stems stand in either, and however rare they are: the same as from the weights of both."""
    rarity = TermFrequencies({}, 0, SHIPPED)
    for stems in texts:
        rarity.learn(tuple(stems))
    one, other = (Words(tuple(counts), bytes(counts.values()), b"") for counts in (a, b))
    weights, others = weighted(one, rarity), weighted(other, rarity)
    sought = Sought(one, rarity)
    assert (sought.squares, sought.square) == (squares(weights), square(weights))
    common = sum(weights[root] ** 2 for root in a.keys() & b.keys())
    mixed = sought.cosine(other.stems, other.counts, common)
    assert to_scale(mixed, min(len(a), len(b)), None) == balanced(
        weights, others, None, square(weights), square(others)
    )


def test_the_bound_tells_unlike_texts() -> None:
    """Where one common word is shared the bound is low: else nothing would be passed over."""
    weights = {"frobnicator": 4000, "partition": 3000, "the": 300}
    assert at_most(squares(weights), square(weights), ("the", "harbour", "lantern"), None) < 300


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True), max_size=40), st.integers(3, 20))
def test_rarity_is_what_the_counts_say(texts: list[list[str]], most: int) -> None:
    """What is kept of a stem follows each count, also where counts are forgotten: as if it were worked out anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(term_frequencies, "FREQUENCIES_MAX", most)
        kept = TermFrequencies({}, 0, SHIPPED)
        for stems in texts:
            kept.of_all(tuple("abcdefgh"))
            kept.learn(tuple(stems))
            anew = TermFrequencies(kept.pages, kept.questions, SHIPPED)
            assert kept.of_all(tuple("abcdefgh")) == [anew.of(stem) for stem in "abcdefgh"]
