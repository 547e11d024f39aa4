"""Distress: sincere, of the author, now; everything else is calm."""

import pytest

from processors.text.distress import assess, gates
from tests.processors.text import distress_statements as said
from tests.processors.text import distress_statements_elsewhere as elsewhere
from tests.processors.text import distress_statements_free as free
from tests.processors.text import distress_statements_later as later
from tests.processors.text import distress_statements_plain as plain
from tests.processors.text import distress_statements_together as together
from tests.processors.text import distress_statements_together_more as more
from tests.processors.text import distress_statements_unusual as unusual
from tests.processors.text import distress_statements_unusual_more as unusual_more


@pytest.mark.parametrize(
    "text",
    [
        "This bug is killing me",
        "kill the process with signal 9, then it is dead",
        "I want to die, three hours of rebasing lol",
        "> I feel hopeless\nhe wrote about his build",
        "I am not depressed, only tired",
        "Years ago I felt hopeless, I got help",
        'the song goes "I don\'t want to live on this planet"',
        "Mein Rechner will sterben",
    ],
)
def test_what_is_no_distress(text: str) -> None:
    """Idiom, jest, quotes, negation, past, titles and machines stay below every tier."""
    assert assess(text).tier == 0


@pytest.mark.parametrize("text", ["I feel completely hopeless tonight.", "Ich fühle mich so hoffnungslos."])
def test_a_sincere_statement_is_an_offer(text: str) -> None:
    """First person, present, meant: tier two, about oneself."""
    assert (assess(text).tier, assess(text).about) == (2, "self")


def test_worry_about_somebody_else_is_no_tier() -> None:
    """Concern for another is told apart and never severe."""
    assessment = assess("My best friend says that he wants to die.")
    assert (assessment.tier, assessment.about) == (0, "other")


def test_a_long_text_is_read_at_its_beginning_and_its_end() -> None:
    """What stands in the middle of a very long text is not read."""
    filler = "fine " * 2000
    assert assess(f"{filler}. I feel hopeless").tier == 2
    assert assess(f"I feel hopeless. {filler}").tier == 2
    assert assess(f"{filler}. I feel hopeless. {filler}").tier == 0


@pytest.mark.parametrize("text", [*said.SEVERE_EN, *said.SEVERE_DE])
def test_a_sincere_severe_statement_is_severe(text: str) -> None:
    """Wish to be dead, thoughts, intent, plan, preparation, attempt, self-harm, no way out."""
    assert assess(text).tier >= 2


@pytest.mark.parametrize("text", [*said.LOWER_EN, *said.LOWER_DE])
def test_a_lower_statement_is_noticed_and_not_severe(text: str) -> None:
    """Strain, loneliness, worthlessness, panic, a plea."""
    assert assess(text).tier == 1


@pytest.mark.parametrize("text", said.CALM)
def test_what_must_not_trigger_does_not(text: str) -> None:
    """Negation, past, quotes, code, titles, jest, games, machines, advice, objects, homonyms, wishes at others."""
    assert assess(text).tier == 0


@pytest.mark.parametrize("text", said.OTHERS)
def test_words_about_somebody_else_are_concern(text: str) -> None:
    """Never a tier."""
    assert (assess(text).tier, assess(text).about) == (0, "other")


@pytest.mark.parametrize(
    ("texts", "tier", "share"),
    [
        ((*later.SEVERE_EN, *later.SEVERE_EN_2, *later.SEVERE_EN_3), 2, 0.8),
        ((*later.SEVERE_DE, *later.SEVERE_DE_2, *later.SEVERE_DE_3), 2, 0.85),
        ((*later.LOWER, *later.LOWER_2, *later.LOWER_3), 1, 0.8),
        (together.SEVERE_EN, 2, 0.83),
        (more.SEVERE_DE, 2, 0.83),
        ((*together.LOWER_EN, *more.LOWER_DE), 1, 0.83),
        (plain.SEVERE_EN, 2, 0.7),
        (plain.SEVERE_DE, 2, 0.78),
        ((*unusual.SEVERE_EN, *unusual_more.SEVERE_EN), 2, 0.63),
        ((*unusual.SEVERE_DE, *unusual_more.SEVERE_DE), 2, 0.68),
        ((*unusual.LOWER_EN, *unusual.LOWER_DE, *unusual_more.LOWER_EN, *unusual_more.LOWER_DE), 1, 0.63),
        (free.SEVERE_EN, 2, 0.8),
        (free.SEVERE_DE, 2, 0.82),
        (free.LOWER_EN, 1, 0.75),
        (free.LOWER_DE, 1, 0.88),
    ],
    ids=[
        "English",
        "German",
        "lower",
        "English, any order",
        "German, any order",
        "lower, any order",
        "English, plain",
        "German, plain",
        "English, indirect",
        "German, indirect",
        "lower, indirect",
        "English, free",
        "German, free",
        "English, lower, free",
        "German, lower, free",
    ],
)
def test_other_ways_to_say_it_are_mostly_found(texts: tuple[str, ...], tier: int, share: float) -> None:
    """A share, for no table holds every way; it may grow."""
    assert sum(assess(text).tier >= tier for text in texts) >= share * len(texts)


def test_other_calm_words_are_never_severe() -> None:
    """A few may look like T1, which is a card in a help area at most."""
    tiers = [assess(text).tier for text in (*later.CALM, *later.CALM_2, *later.CALM_3)]
    assert max(tiers) <= 1
    assert sum(tiers) <= 0.1 * len(tiers)


def test_hardly_any_calm_words_look_severe() -> None:
    """Games, jest, skill, medicine at hand, farewells at work, others' words: written to mislead."""
    tiers = [assess(text).tier for text in more.CALM]
    assert sum(tier > 1 for tier in tiers) <= 4
    assert sum(tier > 0 for tier in tiers) <= 0.12 * len(tiers)


def test_the_same_wordings_about_other_things_stay_calm() -> None:
    """Each calm one borrows the wording of a statement, for a machine, a game, a job or a journey."""
    tiers = [assess(text).tier for text in (*unusual.CALM, *unusual_more.CALM)]
    assert sum(tier > 0 for tier in tiers) <= 0.02 * len(tiers)


def test_everyday_words_of_death_seldom_look_severe() -> None:
    """Written to mislead, so that more fire than in any chat; none may reach the review queue."""
    tiers = [assess(text).tier for text in elsewhere.CALM]
    assert max(tiers) <= 2
    assert sum(tier > 1 for tier in tiers) <= 0.14 * len(tiers)


@pytest.mark.parametrize("text", unusual.OTHERS)
def test_indirect_words_about_somebody_else_are_no_tier(text: str) -> None:
    """What a friend or a brother says is not the author's own."""
    assert assess(text).tier == 0


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("I hope", True),
        ("hope the upgrade went fine", False),
        ("there is hope, a reason and nothing lost", True),
        ("the process is dying", True),
    ],
)
def test_some_words_open_the_gate_only_beside_a_word_of_oneself(text: str, opens: bool) -> None:
    """Common words do so beside "I", "my" and the like, or three together; others always."""
    assert bool(gates(text).grammars) == opens


@pytest.mark.parametrize("text", ["I can't go on internet since the update", "I feel hopeless at writing docs"])
def test_the_same_words_about_a_task_are_no_distress(text: str) -> None:
    """What follows the words decides: a thing that does not work, a skill one lacks."""
    assert assess(text).tier == 0


@pytest.mark.parametrize(
    "text",
    [
        "I can’t go on like this.",
        "I don’t want to be here any more.",
        "Ich habe seit Wochen Suizidgedanken.",
        "ich kann einfach nicht mehr",
    ],
)
def test_the_gate_lets_spelling_variants_through(text: str) -> None:
    """Typographic apostrophes and words in between do not close the gate before the patterns are asked."""
    assert assess(text).tier >= 1


@pytest.mark.parametrize("text", ["My brother wants to kill himself", "Meine Freundin denkt an Selbstmord"])
def test_the_gate_lets_worry_about_others_through(text: str) -> None:
    """Words about him, her or them reach the third-person rule."""
    assert (assess(text).tier, assess(text).about) == (0, "other")


@pytest.mark.parametrize(
    "text", ["Die Drucker in dem Netz und die Server sind noch nicht da", "d*e Liste mit den Namen"]
)
def test_a_word_that_another_language_has_too_opens_no_gate_alone(text: str) -> None:
    """The German article is the commonest word of its language; beside an English word it is read."""
    assert gates(text).grammars == ()
    assert gates("let me die, d*e").grammars != ()
