"""Where sentences begin that nobody marked: `python -m streams.evaluation.learning.ends DATAFOLDER` writes the weights.

Learned from punctuated texts whose marks are taken away: GoEmotions (Apache-2.0), counsel-chat (MIT), BRIGHTER and GermEval 2018
(CC BY 4.0). Of the two in which distress is measured every other text. Seeded, one thread: the same bytes again.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from processors.text.distress import GRAMMARS
from processors.text.distress_ends import ENDING, LENGTHS, SCALE, Ends, Start, Weights
from processors.text.distress_reading import own_words, pieces, sentences
from streams.history.lines import json_objects

OUT = Path(__file__).parents[3] / "processors" / "text" / "weights" / "ends.msgpack"
ENGLISH = (("goemotions/train", 1), ("counsel-chat/questions-dev", 2), ("brighter/eng-train", 1))
SOURCES = {"en": ENGLISH, "de": (("brighter/deu-train", 2), ("germeval2018/train", 1))}  # and of how many texts one
# How often a word must begin a sentence, and in what share of the places where it stands.
BEGUN_MIN, BEGUN_SHARE = {"en": 40, "de": 12}, {"en": 0.06, "de": 0.03}
SEEN_MIN = 6  # places that a weight is learned from
# They begin more often what belongs to the words before, as do those that hold on to a clause.
UNFIT = frozenset({"the", "a", "man", "does"})
LEAST = 3  # of a stored weight; what is less is left out
JOINED = 60  # words of texts that are put together
COMMAS, SPLICED = 0.3, 0.5  # the share of texts that keep their commas, and of their ends that are commas
JOINS, ADDED = {"en": "and", "de": "und"}, 0.15  # the share of sentences that are joined to the last by a word
INFLECTED = frozenset({"de"})  # where the ending of the word before tells more than the word; in English it does not
MARKS = frozenset(",:()?")
REGULARITY = 1.0

Joined = tuple[list[str], set[int]]  # words in a row, and where sentences begin
Features = list[tuple[str, ...]]


class Places(NamedTuple):
    """What stands at the places where a sentence could begin, and whether one does."""

    features: list[Features]
    begun: list[bool]


def texts(folder: Path, language: str) -> Iterator[str]:
    """Yield the texts of a language."""
    for name, step in SOURCES[language]:
        for _, row in islice(json_objects(folder / f"{name}.jsonl.gz"), 0, None, step):
            yield f"{row['title']}\n{row['text']}" if "title" in row else row["text"].replace("|LBR|", "\n")


def joined(found: list[str], language: str) -> list[Joined]:
    """Return texts without their marks, put together until they are long."""
    dice, vocabulary = random.Random(5), GRAMMARS[language].vocabulary
    dice.shuffle(found)
    made, words, begins = list[Joined](), list[str](), set[int]()
    for text in found:
        keeps = dice.random() < COMMAS
        for one in sentences(pieces(own_words(text)), vocabulary):
            bare = [word for word in one if word not in MARKS or (keeps and word == ",")]
            while bare and bare[-1] == ",":
                bare.pop()
            if not bare or bare[0] == ",":
                continue
            if words and keeps and dice.random() < SPLICED:
                words.append(",")
            if words:
                begins.add(len(words))
                if dice.random() < ADDED:
                    words.append(JOINS[language])
            words += bare
        if len(words) > JOINED:
            made.append((words, begins))
            words, begins = [], set()
    return made


def starts_of(made: list[Joined], language: str) -> list[str]:
    """Return the words with which sentences begin often enough."""
    begun = Counter(words[place] for words, begins in made for place in begins)
    met = Counter(word for words, _ in made for word in words)
    least, share = BEGUN_MIN[language], BEGUN_SHARE[language]
    unfit = UNFIT | GRAMMARS[language].words["holding"]
    fit = [word for word in begun if word.isalpha() and word not in unfit]
    return sorted(word for word in fit if begun[word] >= max(least, share * met[word]))


def places_of(made: list[Joined], starts: frozenset[str], language: str) -> Places:
    """Return what stands where one of the starts does."""
    found, ends = Places([], []), GRAMMARS[language].ends
    for words, begins in made:
        last = 0
        for index in range(1, len(words)):
            if words[index] in starts:
                found.features.append(_features(words, last, index, ends, language))
                found.begun.append(index in begins)
            if index in begins:
                last = index
    return found


def _features(words: list[str], last: int, index: int, ends: Ends, language: str) -> Features:
    word, before = words[index], words[index - 1]
    following = words[index + 1] if index + 1 < len(words) else ""
    comma: Features = [("comma",)] if before == "," else []
    before = words[index - 2] if comma else before
    ending = before[-ENDING:]
    endings: Features = [("ending", word, ending), ("kind", ending)] if language in INFLECTED else []
    left, _ = ends.left_open(words, last, index)
    return [
        ("alone", word), ("following", word, following), ("preceding", word, before), ("before", before), ("length", str(LENGTHS[min(index - last, len(LENGTHS) - 1)])), *comma, *(("open", one) for one in left), *endings,
    ]  # fmt: skip


def learn(places: Places) -> tuple[float, dict[tuple[str, ...], float]]:
    """Return bias and weights; logistic regression."""
    seen = Counter(one for features in places.features for one in features)
    numbers = {
        one: number for number, one in enumerate(sorted(one for one, count in seen.items() if count >= SEEN_MIN))
    }
    held = [[numbers[one] for one in features if one in numbers] for features in places.features]
    ends = np.cumsum([0, *map(len, held)])
    matrix = csr_matrix((np.ones(ends[-1]), np.concatenate(held), ends), shape=(len(held), len(numbers)))
    model = LogisticRegression(C=REGULARITY, max_iter=400).fit(matrix, places.begun)
    return float(model.intercept_[0]), dict(zip(numbers, model.coef_[0].tolist(), strict=True))


def weights_of(folder: Path, language: str) -> Weights:
    """Learn one language."""
    made = joined(list(texts(folder, language)), language)
    starts = starts_of(made, language)
    bias, learned = learn(places_of(made, frozenset(starts), language))
    stored = {one: round(weight * SCALE) for one, weight in learned.items()}

    def of(kind: str, *word: str) -> dict[str, int]:
        begin = (kind, *word)
        found = {one[-1]: weight for one, weight in stored.items() if one[:-1] == begin and abs(weight) >= LEAST}
        return {
            one: weight for one, weight in found.items() if kind == "open" or one.isalpha() or not one
        }  # no names of accounts

    return Weights(
        {
            one: Start(stored.get(("alone", one), 0), of("following", one), of("preceding", one), of("ending", one))
            for one in starts
        },
        of("before"),
        of("kind"),
        [round(bias * SCALE) + stored.get(("length", str(kind)), 0) for kind in LENGTHS],
        stored.get(("comma",), 0),
        {one: min(weight, 0) for one, weight in of("open").items()},
    )


def main() -> None:
    """Learn from the folder named on the command line and write the weights of all languages."""
    learned = {language: weights_of(Path(sys.argv[1]), language) for language in SOURCES}
    OUT.write_bytes(msgspec.msgpack.encode(learned))


if __name__ == "__main__":
    main()
