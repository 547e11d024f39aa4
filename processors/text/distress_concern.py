"""Whether a statement worries about somebody: another than the author, whom one can reach, alive, and not in a story.

What they want, plan or do, the tables' `concern` says; here stands of whom it must be said, and what of.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from processors.text.distress_clauses import PARTING, Phrases, is_year
from processors.text.distress_implied import IMPLIED

LISTS = (
    "who", "they", "one", "me", "helpers", "joins", "places", "general", "anew", "community", "selves", "meek", "asking", "own", "relative",
    "things", "worries", "finite",
)  # fmt: skip
PLACED_WITHIN = 5  # words back from a place within which the person is named: "a member of our server"
READ_BACK = 18  # words before a statement in which its subject is looked for
CLAUSE_WITHIN = 12  # words around a statement that may be of its clause
DENIED_WITHIN = 4  # words before a statement of which one may deny it
ANEW_WITHIN = 2  # words behind a statement in which it may be said to be so again


class Concern:
    """Reads one language by lists of its words, `concern_` and: `who`, persons; `they`, of whom one hears in the plural; `one`, any.

    `me`: other subjects; `helpers`, `joins`, `places`: what stands between a subject and its statement; `general`: of whom
    statistics tell; `stories`, `over`, `well`: phrases of what is told, was, or is well again, unless `anew`; `community`: words
    of the place itself, and of every day, which make no talk of machines; `selves`: what tells that somebody is another; `meek`: what makes a
    statement harmless right before it; `asking`: before what is said of anyone; `own`: what a clause without a mark begins with;
    `relative`: how one begins that has its person before it, unless its verb stands first (`finite`); `things`: what is no person though it hurts itself;
    `worries`: first words of what says itself that the author fears.
    """

    def __init__(self, words: Mapping[str, AbstractSet[str]], fillers: AbstractSet[str], *, verb_last: bool) -> None:
        self._lists = {name: frozenset(words.get(f"concern_{name}", ())) for name in LISTS}
        self._lists["me"] |= {f"{IMPLIED}{one}" for one in self._lists["me"]}
        self._lists["helpers"] |= fillers
        self._subjects, self._near = self._lists["who"] | self._lists["they"], self._lists["who"] - self._lists["one"]
        self._stories, self._over, self._well = (
            Phrases(words.get(f"concern_{name}", ())) for name in ("stories", "over", "well")
        )
        self._negation, self._passing = words["negation"], words["passing"]
        self._domain, self._life = words["domain"] - self._lists["community"], words["life"]
        self._verb_last = verb_last

    def is_meant(self, sentences: Sequence[list[str]], index: int, begin: int, end: int) -> bool:
        """Tell whether tokens[begin:end] of a sentence are said of somebody to worry about."""
        tokens = sentences[index]
        while end > begin + 1 and tokens[end - 1] in PARTING:
            end -= 1
        before = sentences[index - 1] if index else []
        return (
            self._is_of_somebody(tokens, before, begin, end)
            and not self._is_denied(tokens, begin, end)
            and not self._is_told(tokens, before)
            and not self._is_over(tokens, end)
        )

    def fears(self, tokens: list[str], begin: int) -> bool:
        """Tell whether words from here on say themselves that the author fears for somebody: "found a suicide note"."""
        return tokens[begin] in self._lists["worries"]

    def is_of_machines(self, sentences: Sequence[list[str]]) -> bool:
        """Tell whether the talk is of machines and games; what it says of the community itself is none."""
        if all(self._domain.isdisjoint(sentence) for sentence in sentences):
            return False
        words = [word for sentence in sentences for word in sentence]
        return sum((word in self._domain) - (word in self._life) for word in words) > 0

    def _is_of_somebody(self, tokens: list[str], before: list[str], begin: int, end: int) -> bool:
        """Tell whether a person is named, and is the subject where the words do not tell that it is another."""
        who, they, one = (self._lists[name] for name in ("who", "they", "one"))
        is_other = self._is_other(tokens, begin, end)
        heard = not self._verb_last and not they.isdisjoint(tokens)
        named = who.intersection(tokens)
        if not named and (heard or is_other):
            named = who.intersection(before)
        if not named and not heard:
            return False
        if named <= one and not (
            self._lists["general"].isdisjoint(tokens) and self._lists["asking"].isdisjoint(tokens[:begin])
        ):
            return False
        return is_other or self._is_subject(tokens, begin, end)

    def _is_other(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether the words themselves tell it: "herself", unless a thing does it."""
        return self._lists["things"].isdisjoint(tokens[max(0, begin - 1) : begin]) and not self._lists[
            "selves"
        ].isdisjoint(tokens[begin:end])

    def _is_subject(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether a person other than the author is the subject of words that do not tell."""
        if not self._verb_last:
            return self._stands_before(tokens, begin)
        is_first = tokens[begin] in self._lists["finite"]
        first, last = max(0, begin - CLAUSE_WITHIN), min(len(tokens), end + CLAUSE_WITHIN)
        while begin > first and tokens[begin - 1] not in PARTING:
            begin -= 1
        while end < last and tokens[end] not in PARTING and tokens[end] not in self._lists["joins"]:
            end += 1
        clause = self._clause_of_own(tokens[begin:end])
        is_relative = clause[0] in self._lists["relative"] and not is_first
        named = is_relative or not self._subjects.isdisjoint(clause)
        return named and self._lists["me"].isdisjoint(clause)

    def _clause_of_own(self, words: list[str]) -> list[str]:
        """Return words from where a clause begins that has no mark before it: "I think my brother wants"."""
        begun = self._lists["own"].intersection(words)
        return words[max(len(words) - 1 - words[::-1].index(word) for word in begun) :] if begun else words

    def _stands_before(self, tokens: list[str], begin: int) -> bool:
        """Tell whether the subject before a statement is a person other than the author."""
        subjects, place = self._subjects, begin
        if tokens[place] in subjects or self.fears(tokens, place):
            return True
        while place > max(0, begin - READ_BACK):
            place -= 1
            word = tokens[place]
            if word in subjects:
                return True
            if word in self._lists["joins"]:
                return self._names_last(tokens[max(0, place - READ_BACK) : place])
            if word not in self._lists["helpers"]:
                return self._is_placed(tokens, place)
        return False

    def _names_last(self, words: list[str]) -> bool:
        """Tell whether the last subject among words is a person other than the author."""
        for word in reversed(words):
            if word in self._lists["me"]:
                return False
            if word in self._subjects:
                return True
        return False

    def _is_placed(self, tokens: list[str], place: int) -> bool:
        """Tell whether words up to here say where a person is from: "a member of our server"."""
        first = max(1, place - PLACED_WITHIN)
        return any(
            tokens[one] in self._lists["places"] and tokens[one - 1] in self._lists["who"]
            for one in range(place, first - 1, -1)
        )

    def _is_denied(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether a negation of its own clause, or what makes it harmless, stands before it; or in German behind it."""
        if not self._lists["meek"].isdisjoint(tokens[max(0, begin - 1) : begin]):
            return True
        for place in range(begin - 1, max(-1, begin - 1 - DENIED_WITHIN), -1):
            word = tokens[place]
            if word in PARTING or any(word in self._lists[name] for name in ("who", "they", "joins")):
                break
            if word in self._negation:
                return tokens[place + 1] not in self._passing
        return self._verb_last and tokens[end : end + 1] != [] and tokens[end] in self._negation

    def _is_told(self, tokens: list[str], before: list[str]) -> bool:
        """Tell whether a story, a report or a public person is told of."""
        if self._stories.spans(tokens) or self._stories.spans(before):
            return True
        return (
            self._near.isdisjoint(tokens)
            and self._near.isdisjoint(before)
            and not self._lists["general"].isdisjoint(tokens)
        )

    def _is_over(self, tokens: list[str], end: int) -> bool:
        """Tell whether it is long ago and not so again, or whether they are well."""
        if self._well.spans(tokens):
            return True
        over = self._over.spans(tokens) or any(map(is_year, tokens))
        return over and self._lists["anew"].isdisjoint(tokens[: end + ANEW_WITHIN])
