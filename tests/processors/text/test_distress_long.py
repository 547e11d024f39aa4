"""What a long message says as a whole: strain of the author where much of it is heavy, and nothing of others, things, jest and what is over."""

from itertools import pairwise
from math import isclose, sqrt
from zlib import crc32

import pytest

from processors.text.distress import GRAMMARS, Assessment, assess, concepts_of
from processors.text.distress_long import (
    BUCKETS,
    SCALE,
    SHARES,
    UNKNOWN,
    WORDS_MIN,
    LongTexts,
    Worths,
    buckets,
    measured,
    words_of,
)

STRAIN = Assessment(1, ("strain",), "self", 1 / 3)

# No sentence of these is a statement that the tables know.
ENGLISH = (
    "Each time that my phone rings I flinch, for it could be him. I have moved my desk so that I see the door. I feel sick in the "
    "train and I get off a stop early. My friends say that it was two years ago, and I nod, and at night I lie there scared and count the cars."
)
GERMAN = (
    "Seit dem Umzug spricht mein Mann kaum noch mit mir. Ich liege neben ihm und komme mir vor wie eine Fremde. Wenn ich reden will, "
    "dreht er sich weg, und dann gebe ich mir für alles die Schuld. Morgens habe ich Bauchschmerzen und vor dem Wochenende graut mir. "
    "Ich weiß nicht, was ich tun soll, ich möchte nur wieder jemandem nahe sein."
)


@pytest.mark.parametrize("text", [ENGLISH, GERMAN])
def test_a_long_message_tells_of_strain_without_any_statement(text: str) -> None:
    """It is T1 and no more."""
    assert assess(text) == STRAIN


@pytest.mark.parametrize("text", [ENGLISH, GERMAN])
def test_its_sentences_alone_do_not(text: str) -> None:
    """What is short is left to what is said in it."""
    assert {assess(sentence).tier for sentence in text.split(". ")} == {0}


def test_a_message_in_two_languages_is_not_weighed() -> None:
    """A sentence of the other is enough."""
    assert assess(f"{ENGLISH} {GERMAN.partition('. ')[0]}").tier == 0


@pytest.mark.parametrize("text", [ENGLISH, GERMAN])
@pytest.mark.parametrize("laugh", ["haha just kidding", "haha war nur Spaß", "😂"])
def test_in_jest_it_does_not(text: str, laugh: str) -> None:
    """A laugh lightens all of it."""
    assert assess(f"{text} {laugh}").tier == 0


@pytest.mark.parametrize(
    "text",
    [
        (
            "My neighbour hardly speaks to her husband since the move. She lies next to him and feels like a stranger. She has tried to talk "
            "and he turns away, and then she blames herself for everything. Her stomach hurts every morning and she dreads the weekends."
        ),
        (
            "You come home and sit in the dark until it is time for bed. You don't cook any more, you don't answer the phone, and when your "
            "mother asks you tell her that all is well. I have been there, and I promise you that it does not stay like that."
        ),
        (
            "It was a painful match and I left with a broken umbrella. We lost at home, the rain was terrible, our goalkeeper was sick and the "
            "new one cried after the third goal. I have been a fan since I was six and I am used to losing. Next Saturday I am there again."
        ),
        (
            "I come home from the office and sit in the kitchen until the bread is ready. I don't buy any bread now, and when my mother asks I "
            "send her a loaf. I used to be afraid of yeast and now I can hardly believe how simple it is."
        ),
        (
            "The job hangs after about two hours and I can't find out why. I tried a smaller batch, I tried another disk, I turned the cache "
            "off. I feel stupid and I am tired, for I have read the page twice. Where should I look next?"
        ),
        (
            "Seit dem Umzug spricht der Mann meiner Nachbarin kaum noch mit ihr. Sie liegt neben ihm und kommt sich vor wie eine Fremde. Wenn "
            "sie reden will, dreht er sich weg, und dann gibt sie sich für alles die Schuld. Morgens hat sie Bauchschmerzen."
        ),
        (
            "Das Spiel war schmerzhaft und mein Schirm ist kaputt. Wir haben zu Hause verloren, der Regen war schrecklich, unser Torwart war "
            "krank und der neue hat nach dem dritten Tor geweint. Ich bin Fan, seit ich sechs war, und das Verlieren gewohnt."
        ),
    ],
)
def test_of_others_of_things_and_to_others_it_does_not(text: str) -> None:
    """However many heavy words there are."""
    assert len(words_of(text.split())) >= WORDS_MIN
    assert assess(text).tier == 0


@pytest.mark.parametrize(
    "text",
    [
        (
            "I have painted the boat over the winter and my back hurt for weeks. I was sick of sanding in the end, and tired, and the old engine "
            "died on the first trip. I was angry for an hour. Then I rowed home, which was lovely, and I sold the engine to a man from the harbour."
        ),
        (
            "Im Winter habe ich das Boot gestrichen, und wochenlang tat mir der Rücken weh. Am Ende war ich müde und hatte das Schleifen satt, "
            "und der alte Motor ist auf der ersten Fahrt gestorben. Eine Stunde lang war ich wütend. Dann bin ich heimgerudert, was schön war, "
            "und den Motor habe ich verkauft. Ich würde es wieder tun, mit weniger Farbe."
        ),
    ],
)
def test_words_of_hardship_are_none_where_the_whole_is_of_something_else(text: str) -> None:
    """A back that hurts, an engine that died and an hour of anger come to hardship where only such words are counted."""
    assert assess(text).tier == 0


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("de", GERMAN)])
def test_the_sum_is_that_of_what_is_learned(language: str, text: str) -> None:
    """What is added up word by word is what the learner counts: concepts, shares and hashed words, each times its worth."""
    concepts, kinds = concepts_of(language).kinds, GRAMMARS[language].words
    names = {UNKNOWN}.union(*concepts.values())
    worths = Worths(
        "",
        {language: 7},
        {name: place % 11 - 5 for place, name in enumerate(sorted(names))},
        {name: 3 * place - 9 for place, name in enumerate(SHARES)},
        bytes(place % 100 for place in range(BUCKETS)),
    )
    words = words_of(text.lower().replace(",", " , ").replace(".", " . ").split())
    counts, shares = measured(words, concepts, kinds)
    hashed = {crc32(one.encode()) % BUCKETS for one in (*words, *(f"{one} {two}" for one, two in pairwise(words)))}
    assert buckets(words) == hashed
    summed = sum(one % BUCKETS % 100 for one in hashed) + sum(worths.concepts[name] * n for name, n in counts.items())
    expected = 7 + summed / sqrt(len(hashed)) + sum(worths.shares[name] * share for name, share in shares.items())
    assert isclose(LongTexts(language, concepts, kinds, kinds["me"], worths).log_odds(words), expected / SCALE)
