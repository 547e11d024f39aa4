"""What the encoder is shown so that word vectors can be learned from it: chats and posts, and a dictionary for the words they lack."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from processors.text.normalise import question_words, tokens
from streams.history.lines import json_objects

# How many texts of each chat are shown to the encoder, three quarters of them questions. CC-BY-4.0, MIT, Apache-2.0.
TEXTS = {
    "irc-ubuntu/train.jsonl.gz": 5000, "irc-duraspace/2009-2014.jsonl.gz": 600, "gitter/docker.jsonl.gz": 1200, "gitter/gitter.jsonl.gz": 600,
    "goemotions/train.jsonl.gz": 4000, "github-incivility/dev.jsonl.gz": 600, "counsel-chat/questions-dev.jsonl.gz": 500,
}  # fmt: skip
EXAMPLES, DEFINITIONS = 4000, 4000  # of WordNet (its own licence, free for any purpose)
LENGTH_MAX, WORDS_MIN = 400, 5  # characters; words
SEEN_MIN = 12  # messages with a word, for it to be learned
FIRST_WORD = 1996  # in the encoder's vocabulary, which is in order of frequency
SEED = 7
_GENERAL, _CHAT = re.compile(r"[a-z]{2,}"), re.compile(r"[a-z][a-z'0-9]+")
_EXAMPLE = re.compile(r'"([^"]+)"')


class Corpus(msgspec.Struct):
    """Texts to show; words; in how many of `messages` each word was; ranks of words common in general."""

    texts: list[str]
    words: list[str]
    messages: int
    counts: dict[str, int]
    ranks: dict[str, int]


def corpus(folder: Path, model: Path, wordnet: Path) -> Corpus:
    """Choose texts from the chats in `folder` and the dictionary in `wordnet`, and words from them and from the encoder's vocabulary."""
    dice, counts, shown, messages, names = random.Random(SEED), Counter[str](), list[str](), 0, set[str]()
    for name, wanted in TEXTS.items():
        rows = [row for _, row in json_objects(folder / name)]
        names.update(str(row.get("author", "")).lower() for row in rows)
        texts = [question_words(row.get("text") or "")[:LENGTH_MAX] for row in rows]
        texts = [text for text in texts if len(tokens(text)) >= WORDS_MIN]
        messages += len(texts)
        for text in texts:
            counts.update(set(tokens(text)))
        dice.shuffle(texts)
        asking = [text for text in texts if "?" in text][: wanted * 3 // 4]
        shown += asking + [text for text in texts if "?" not in text][: wanted - len(asking)]
    examples, definitions = dictionary(wordnet)
    shown += dice.sample(examples, EXAMPLES) + dice.sample(definitions, DEFINITIONS)
    dice.shuffle(shown)
    known = (model / "vocab.txt").read_text(encoding="utf-8").split("\n")[FIRST_WORD:]
    general = [word for word in known if _GENERAL.fullmatch(word)]
    chat = {word for word, seen in counts.items() if seen >= SEEN_MIN and _CHAT.fullmatch(word)} - names
    words = sorted(chat.union(general))
    ranks = {word: place for place, word in enumerate(general)}
    return Corpus(shown, words, messages, {word: counts[word] for word in words}, ranks)


def dictionary(wordnet: Path) -> tuple[list[str], list[str]]:
    """Return the example sentences of WordNet's files, and the definitions of single words, each after its word."""
    examples, definitions = list[str](), list[str]()
    for words, gloss in _synsets(wordnet):
        examples += [text for text in _EXAMPLE.findall(gloss) if len(tokens(text)) >= WORDS_MIN]
        if words[0].isalpha():
            meaning, _, _ = gloss.partition('; "')
            definitions.append(f"{', '.join(words[:3])}: {meaning}")
    return examples, definitions


def _synsets(wordnet: Path) -> Iterator[tuple[list[str], str]]:
    """Yield the words and the gloss of each line (format: wndb(5WN))."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").split("\n"):
            head, bar, gloss = line.partition(" | ")
            if bar and not line.startswith("  "):
                fields = head.split(" ")
                yield [fields[4 + 2 * n].replace("_", " ") for n in range(int(fields[3], 16))], gloss.strip()
