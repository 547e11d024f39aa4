"""What adds up in a short message: small words of suffering, whose they are and for how long, and little of anything else.

Sequences and meetings (distress_grammar, distress_together) know ways of saying; here nothing is said in a certain way. A
word belongs to some concepts of `distress_tables/concepts_<language>.toml`, `WORTHS` say what they and their nearness are
worth, and a message that comes to `ENOUGH` tells of strain, which is T1. Each word that no concept knows counts against it,
so that talk of a build or a match hardly ever comes to it.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pkgutil import get_data

from processors.text.distress_clauses import MARKS

ENOUGH = 80
# Of a message that is added up: a shorter one says too little, a longer one says it in more ways.
TOKENS_MIN, TOKENS_MAX = 6, 40
MOST, UNKNOWN_MOST = 3, 9  # times that one thing counts, and that unknown words do
NEAR, BESIDE = 4, 2  # tokens back within which a word tells something about another, and stands beside it
# `strong`: hardly said of anything else; `mild`: of work as well; `faint`: feelings among other things.
SUFFERED = ("strong", "mild", "faint")
COUNTED = (
    *SUFFERED, "inner", "vital", "loss", "frame", "intense", "cope", "who", "past", "others", "domain", "me", "subject",
)  # fmt: skip
CONCEPTS = (*COUNTED, "not", "unstopped", "about", "this")  # the latter only tell something about others
# For English and German alike: set by hand along a logistic regression over our own statements
# and lines of chats, in steps of five, for more would say more than is known.
WORTHS = {
    "strong": 30, "mild": 10, "faint": -10, "inner": 5, "vital": 10, "loss": 5, "frame": 10, "intense": 10, "cope": 5, "who": 5,
    "past": -5, "others": -10, "domain": -30, "me": 10, "subject": 10, "me_strong": 15, "me_mild": 15, "not_vital": 10,
    "about_this": -5, "unknown": -10, "asked": -5, "pure": 15, "pairs": 20, "inner_pairs": 10, "frame_pairs": 5, "tens": -5,
}  # fmt: skip
_FAR = -TOKENS_MAX


class Concepts:
    """Adds up messages of one language; `others` and `domain` are words of other people, and of machines and games."""

    def __init__(self, language: str, others: Iterable[str], domain: Iterable[str], fillers: Iterable[str]) -> None:
        data = get_data("processors.text", f"distress_tables/concepts_{language}.toml") or b""
        listed: dict[str, list[str]] = {
            name: [word.strip() for word in words.split("|")]
            for name, words in tomllib.loads(data.decode())["concepts"].items()
        }
        kinds: dict[str, tuple[str, ...]] = dict.fromkeys((*fillers, *listed.pop("known")), ())
        listed["others"] = sorted(set(others).difference(listed.pop("anybody")))
        listed["domain"] = sorted({*domain, *listed.pop("merry")})
        for name, words in listed.items():
            for word in words:
                kinds[word] = (*kinds.get(word, ()), name)
        self.kinds = kinds
        self.suffered = frozenset(word for name in SUFFERED for word in listed[name])
        self._me = frozenset(listed["me"])

    def adds_up(self, sentences: Sequence[Sequence[str]]) -> tuple[int, int] | None:
        """Return where the first word of the author stands (sentence, token), if a message tells of strain."""
        if all(map(self.suffered.isdisjoint, sentences)) or not TOKENS_MIN <= sum(map(len, sentences)) <= TOKENS_MAX:
            return None
        found = next(((index, one) for index, one in enumerate(sentences) if not self._me.isdisjoint(one)), None)
        if found is None:
            return None
        times = self.measured(sentences)
        if not times["pairs"] or sum(worth * times[name] for name, worth in WORTHS.items()) < ENOUGH:
            return None
        index, sentence = found
        return index, next(place for place, word in enumerate(sentence) if word in self._me)

    def measured(self, sentences: Sequence[Sequence[str]]) -> dict[str, int]:
        """Return how often each of the things in `WORTHS` is there, `MOST` times at most."""
        found: dict[str, set[str]] = {name: set() for name in CONCEPTS}
        times = dict.fromkeys(WORTHS, 0)
        for sentence in sentences:
            self._read(sentence, found, times)
            times["asked"] += sentence[-1] == "?"
        for name in COUNTED:
            times[name] = len(found[name])
        suffered = min(2, sum(times[name] for name in SUFFERED))
        times["pairs"] = suffered
        times["pure"] = suffered * (times["unknown"] + times["domain"] == 0)
        times["inner_pairs"] = suffered * min(1, times["inner"])
        times["frame_pairs"] = suffered * min(1, times["frame"])
        times["tens"] = sum(map(len, sentences)) // 10
        return {name: min(UNKNOWN_MOST if name == "unknown" else MOST, count) for name, count in times.items()}

    def _read(self, sentence: Sequence[str], found: Mapping[str, set[str]], times: dict[str, int]) -> None:
        """Add what the words of a sentence are, and what stands near them."""
        last = dict.fromkeys(CONCEPTS, _FAR)
        for place, word in enumerate(sentence):
            names = self.kinds.get(word)
            if names is None:
                times["unknown"] += word not in MARKS
                continue
            for name in names:
                if name not in SUFFERED or not _is_denied(last, place):
                    found[name].add(word)
                    _add_near(name, last, place, times)
            last.update(dict.fromkeys(names, place))


def _is_denied(last: Mapping[str, int], place: int) -> bool:
    """Tell whether a negation stands right before a word of suffering; "not stop crying" has one that denies something else."""
    return place - last["not"] <= BESIDE and last["unstopped"] < last["not"]


def _add_near(name: str, last: Mapping[str, int], place: int, times: dict[str, int]) -> None:
    """Add what stands near a word of a concept; `last` says where each was met."""
    if name in ("strong", "mild"):
        times[f"me_{name}"] += place - last["me"] <= NEAR
    elif name == "vital":
        times["not_vital"] += place - last["not"] <= NEAR
    elif name == "this":
        felt = max(last[one] for one in SUFFERED)
        times["about_this"] += place - last["about"] == 1 and last["about"] - felt == 1
