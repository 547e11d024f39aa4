"""Where a sentence turns to the author, now: what was told, read or over before it no longer holds: "he says it passes, but I ..."."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise

from processors.text.distress_clauses import MARKS, PUT_IN, Phrases, is_year

LISTS = (
    "yet", "adding", "because", "present", "holding", "quoting", "saying", "leaning", "gone", "recent", "anew", "past", "me", "my", "persons",
)  # fmt: skip
COMPLEMENT = 2  # words of what somebody is told to do, at the least: "to post"


class Turns:
    """Finds turns by the words of a table: `yet` ("but"), `adding` ("and"), `present` ("now"); `holding` goes on over "and"."""

    def __init__(
        self, subject: str, words: Mapping[str, frozenset[str]], fillers: AbstractSet[str], *, verb_last: bool
    ) -> None:
        lists = {name: words.get(name, frozenset()) for name in LISTS}
        self._subjects = frozenset({subject, f"{PUT_IN}{subject}"} if subject else ())
        self._yet, self._adding, self._present = lists["yet"], lists["adding"], lists["present"]
        self._because, self._negation = lists["because"], words.get("negation", frozenset())
        self._named = self._subjects | lists["persons"] | words.get("they", frozenset())
        self._holding, self._quoting, self._saying = lists["holding"], lists["quoting"], lists["saying"]
        self._gone, self._recent, self._past = lists["gone"], lists["recent"], lists["past"]
        self._late = lists["recent"] | lists["anew"]
        self._held = lists["saying"] | lists["quoting"] | lists["holding"] | lists["leaning"]
        self._me, self._my, self._persons = lists["me"], lists["my"], lists["persons"]
        self._light = fillers | self._present | self._recent
        self._over = Phrases(words.get("over", frozenset()) | words.get("past_said", frozenset()))
        self._turning = self._yet | self._adding | self._because | self._present | {","}
        self._clausal = self._yet | self._adding
        self._before_verb = self._turning | self._light | MARKS
        self._verb_last = verb_last

    def begun(self, tokens: list[str], begin: int, *, own: bool) -> int:
        """Return where the last turn before a statement is, from which on it is judged; 0 where there is none.

        What says by itself that it is the author's `own` needs no I behind the turn.
        """
        if self._turning.isdisjoint(tokens[:begin]):
            return 0
        spoken = self._spoken(tokens, begin)
        if own and not self._clausal.isdisjoint(tokens[spoken:begin]):
            spoken = begin
        first = spoken
        if self._verb_last and not own and first > 1 and tokens[first - 1] not in self._before_verb:
            first -= 1  # "jetzt will ich"
        now = False
        while first > 0 and tokens[first - 1] in self._light:
            first -= 1
            now = now or tokens[first] in self._present
        if first < 2 or not self._turns(tokens, first, now=now):
            return 0
        return 0 if not now and self._is_of_then(tokens, first, spoken) else first

    def is_let_go(self, told: list[str], words: list[str]) -> bool:
        """Tell whether nothing among words holds on to what follows, no verb of saying or thinking, no "that"; and nobody told anything before."""
        return self._held.isdisjoint(words) and self._saying.isdisjoint(told) and self._quoting.isdisjoint(told)

    def _spoken(self, tokens: list[str], begin: int) -> int:
        """Return where the author is named last before a statement, or right behind its first word; 0 where nowhere."""
        last = begin + (1 if self._verb_last else 0)
        return next((place for place in range(min(last, len(tokens) - 1), 0, -1) if tokens[place] in self._subjects), 0)

    def _turns(self, tokens: list[str], first: int, *, now: bool) -> bool:
        """Tell whether the word before this place leads from what was said to what is."""
        before = tokens[first - 1]
        if before in self._yet or (before == "," and now):
            return True
        if now and self._holding.isdisjoint(tokens[:first]) and not self._subjects.isdisjoint(tokens[:first]):
            return True
        told = tokens[: first - 1]
        if before in self._adding:
            return self._holding.isdisjoint(told) and (
                self._quoting.isdisjoint(told) or self._subjects.isdisjoint(told)
            )
        if before in self._because:
            return self._is_own(told)
        return before == "," and self._is_complete(told)

    def _is_own(self, told: list[str]) -> bool:
        """Tell whether the author gives a reason for what they do themselves, and nobody says it."""
        named = next((word for word in reversed(told) if word in self._named), "")
        return named in self._subjects and self.is_let_go(told, []) and self._negation.isdisjoint(told[-1:])

    def _is_complete(self, told: list[str]) -> bool:
        """Tell whether what somebody says is all told: "told me to post here", "told everyone my secret"."""
        said = next((place for place, word in enumerate(told) if word in self._saying), len(told))
        behind = told[said + 1 :]
        if self._verb_last or any(one in self._my and word in self._persons for one, word in pairwise(behind)):
            return False
        asked = [word for word in behind if word not in self._me]
        return (asked[:1] == ["to"] and len(asked) >= COMPLEMENT) or not self._my.isdisjoint(behind[:-1])

    def _is_of_then(self, tokens: list[str], first: int, spoken: int) -> bool:
        """Tell whether the statement is of a time that was named before: "years ago I was ill, but I wanted"."""
        told, said = tokens[:first], tokens[spoken:]
        if not self._late.isdisjoint(tokens[first:]):
            return False
        if not self._verb_last:
            said = next(([word] for word in said[1:] if word not in self._light), [])
        return not self._gone.isdisjoint(said) and (
            not self._past.isdisjoint(told) or bool(self._over.spans(told)) or any(map(is_year, told))
        )
