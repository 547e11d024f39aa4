"""Clauses around a statement: whose they are, and what before or behind them takes the statement back."""

from collections.abc import Iterable, Mapping
from sys import intern

MARKS = frozenset(",:()?")
PARTING = MARKS - {"?"}  # within a sentence
PUT_IN = "_"  # before a subject that was put in (distress_implied)
READ_BACK, READ_ON = 20, 10  # tokens before a statement and behind it, at the most
NAMED_WITHIN = 3  # words behind "my" within which a person is named: "my little brother"
DESCRIBED_WITHIN = 6  # words that describe a person
QUOTED_WITHIN = 5  # words between a verb of speech and the words
REFUSED_MOST = 10  # words of a statement that may be refused; what a table says at length says itself what it denies
REFUSED_WITHIN = 3  # words around a statement in which it may be refused
DENIED_WITHIN = 2  # words before a verb of speech in which it is denied
SAID_WITHIN = 3  # words from one "I" to the next in "I wish I"
GOVERNING_MAX = 3  # clauses before its own that govern one without a subject
YEARS = range(1700, 2040)
LISTS = (
    "own", "my", "persons", "names", "they", "single", "relative", "counting", "acts", "helpers", "things", "openers", "steps", "about", "denying", "unsaid", "undone",
    "refused", "harms", "alive", "taking", "quoting", "over", "gone", "since", "anew", "reflexive", "that", "more", "to", "to_whom",
)  # fmt: skip


class Phrases(dict[str, dict[str, dict[int, set[tuple[str, ...]]]]]):
    """Phrases by their first word, their second, and how many words are left behind the first: of hundreds that begin alike only lengths are tried."""

    def __init__(self, listed: Iterable[str]) -> None:
        super().__init__()
        for phrase in sorted(listed):
            first, *rest = map(intern, phrase.split())
            lengths = self.setdefault(first, {}).setdefault(rest[0] if rest else "", {})
            lengths.setdefault(len(rest), set()).add(tuple(rest))

    def spans(self, tokens: list[str]) -> list[tuple[int, int]]:
        """Return (begin, end) of each phrase that stands there, in no order."""
        found: list[tuple[int, int]] = []
        if self.keys().isdisjoint(tokens):
            return found
        for word in frozenset(tokens) & self.keys():
            place, following = -1, self[word]
            for _ in range(tokens.count(word)):
                place = tokens.index(word, place + 1)
                after = place + 1
                if "" in following:
                    found.append((place, after))
                if after < len(tokens) and (lengths := following.get(tokens[after])):
                    for length, rests in lengths.items():
                        if tuple(tokens[after : after + length]) in rests:
                            found.append((place, after + length))
        return found


class Clauses:
    """Reads the clauses of one language by the lists of words of its table; what each holds: processors/detectors/README.md."""

    def __init__(
        self, subject: str, words: Mapping[str, frozenset[str]], fillers: frozenset[str], *, verb_last: bool
    ) -> None:
        lists: dict[str, frozenset[str]] = {name: words.get(name, frozenset()) for name in LISTS}
        self._subject = subject
        self._subjects = frozenset({subject, f"{PUT_IN}{subject}"} if subject else ())
        self._own, self._my = lists["own"] | self._subjects, lists["my"]
        self._persons, self._they, self._about = lists["persons"] | lists["names"], lists["they"], lists["about"]
        self._acts, self._helpers, self._things = lists["acts"], lists["helpers"], lists["things"]
        self._single, self._to_whom = lists["single"], lists["to_whom"]
        self._concerned = frozenset().union(*(words.get(name, frozenset()) for name in ("you", "other", "concern_who")))
        self._relative, self._counting = lists["relative"], lists["counting"]
        self._steps, self._quoting, self._gone, self._since = (
            lists[name] for name in ("steps", "quoting", "gone", "since")
        )
        self._ends = MARKS | lists["openers"]
        self._passed = fillers | words["negation"] | lists["helpers"]
        self._negation, self._recent, self._anew = words["negation"], words.get("recent", frozenset()), lists["anew"]
        self._reflexive, self._that, self._to, self.more = (lists[name] for name in ("reflexive", "that", "to", "more"))
        self._alive, self._taking, self._harms = lists["alive"], lists["taking"], lists["harms"]
        self._denying, self._unsaid, self._undone, self._refused, self._over = (
            Phrases(lists[name]) for name in ("denying", "unsaid", "undone", "refused", "over")
        )
        self._takers = frozenset().union(self._denying, self._unsaid, self._undone, self._refused)
        if verb_last:
            self._takers |= self._negation
        self._verb_last = verb_last

    def is_of_others(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether tokens[begin:end] are said of somebody else."""
        while end > begin + 1 and tokens[end - 1] in self._ends:
            end -= 1
        if tokens[begin] in self._acts and begin and tokens[begin - 1] in self._persons:  # "everyone tells me to"
            return True
        if self._is_about_them(tokens, begin, end) or any(self._speaks(tokens, place) for place in range(begin, end)):
            return False
        says_more = end < len(tokens) and tokens[end] not in self._ends
        if says_more and tokens[end - 1] in self._passed:  # "almost", of which the verb behind it tells more
            end += 1
        return self._by_clause(tokens, begin, end) if self._verb_last else self._by_last(tokens, end)

    def _is_about_them(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether what others do is the very cue: "weil jemand kam"."""
        return tokens[begin] in self._ends and not self._they.isdisjoint(tokens[begin:end])

    def names_nobody(self, words: list[str]) -> bool:
        """Tell whether a few words name no person and nothing of the author's."""
        return all(known.isdisjoint(words) for known in (self._persons, self._they, self._my, self._concerned))

    def is_about_others(self, tokens: list[str]) -> bool:
        """Tell whether a sentence names somebody else and nowhere the author."""
        return not self._single.isdisjoint(tokens) and not any(
            self._speaks(tokens, place) for place in range(len(tokens))
        )

    def turns_to_others(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether what begins with the author ends in a clause about somebody else: "I know that she wants to"."""
        begun = begin + 1
        while end > begun and tokens[end - 1] in self._ends:
            end -= 1
        if not self._verb_last:
            return self._by_last(tokens[begun : end + READ_ON], end - begun)
        turn = next((place for place in range(end - 1, begun, -1) if tokens[place] in self._ends), 0)
        return turn > 0 and bool(self._whose(tokens, turn + 1, self._end_of(tokens, end)))

    def is_quoted(self, tokens: list[str], begin: int) -> bool:
        """Tell whether what begins here are somebody's words: "she texted me I want to"."""
        if self._quoting.isdisjoint(tokens[:begin]):
            return False
        begin = self._spoken_from(tokens, begin + (tokens[begin + 1 : begin + 2] == [self._subject]))
        verbs = [place for place in range(max(0, begin - QUOTED_WITHIN), begin) if tokens[place] in self._quoting]
        if not verbs or tokens[begin] not in self._subjects:
            return False
        if not self._negation.isdisjoint(tokens[max(0, verbs[-1] - DENIED_WITHIN) : verbs[-1]]):  # "has not texted me"
            return False
        between = tokens[verbs[-1] : begin]
        if not self._steps.isdisjoint(between) or not self._subjects.isdisjoint(between[:-SAID_WITHIN]):
            return False
        if self._is_saying(tokens[:begin], verbs[-1]) or (
            tokens[verbs[-1]] in self._helpers and not self._does(tokens, verbs[-1], known=True)
        ):  # "I sit there and think I want to"
            return False
        said_by = tokens[self._begin_of(tokens, verbs[-1]) : self._end_of(tokens, verbs[-1])]
        return not (self._verb_last and self._acts.isdisjoint(said_by))  # "ehrlich gesagt" says nobody

    def _is_saying(self, tokens: list[str], place: int) -> bool:
        """Tell whether it is the author who says what follows the verb here: of subjects before it the last counts."""
        if not (self._verb_last and self.speaks_oneself(tokens, place)):
            return self.speaks_oneself(tokens, place)
        for last in range(place - 1, self._begin_of(tokens, place) - 1, -1):
            word = tokens[last]
            if word in self._subjects:
                return True
            if word in self._to_whom or tokens[max(0, last - 1)] in self._to_whom:
                continue
            if word in self._they or word in self._persons:
                return False
        return True

    def _spoken_from(self, tokens: list[str], begin: int) -> int:
        """Return where the author is named who says what begins here."""
        for place in range(begin, max(-1, begin - READ_BACK), -1):
            if tokens[place] == self._subject:
                return place
        return begin

    def speaks_oneself(self, tokens: list[str], place: int) -> bool:
        """Tell whether the author is the subject of the verb here."""
        if self._verb_last:
            return not self._subjects.isdisjoint(tokens[self._begin_of(tokens, place) : self._end_of(tokens, place)])
        place -= 1
        while place >= 0 and tokens[place] in self._passed:
            place -= 1
        return place >= 0 and tokens[place] in self._subjects

    def is_taken_back(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether phrases around tokens[begin:end] deny them: "I have no plans to", "is not an option"."""
        if self._takers.isdisjoint(tokens):
            return False
        around = tokens[max(0, begin - REFUSED_WITHIN) : end + REFUSED_WITHIN]
        if end - begin <= REFUSED_MOST and self._refused.spans(around):
            return True
        until = self._end_of(tokens, end)
        if self._is_of_living(tokens[self._begin_of(tokens, begin) : until]):
            return False
        first = self._governed_from(tokens, begin)
        said = tokens[first:end]
        for place, after in self._denying.spans(said):
            if self._negation.isdisjoint(said[max(0, place - 2) : place]) and not self._begins_anew(said, place, after):
                return True
        spoken = self._spoken_from(tokens, begin) - first
        if any(
            after in (spoken, begin - first) and self._to_whom.isdisjoint(said[:place])  # "I have told nobody that"
            for place, after in self._unsaid.spans(said)
        ):
            return True
        behind = tokens[end:until]
        return bool(self._undone.spans(behind)) or (
            not self._harms.isdisjoint(tokens[begin:end]) and self._is_denied_behind(tokens, begin, behind)
        )

    def _is_of_living(self, words: list[str]) -> bool:
        """Tell whether words are of living on, which is severe where it is denied; "das Leben nehmen" is not."""
        return not self._alive.isdisjoint(words) and self._taking.isdisjoint(words)

    def _begins_anew(self, said: list[str], place: int, after: int) -> bool:
        """Tell whether a new clause without marks follows a denial: "I have no plan i want to"."""
        rest = said[after:]
        return not self._steps.isdisjoint(rest) or (
            not self._subjects.isdisjoint(rest) and not self._subjects.isdisjoint(said[:place])
        )

    def goes_on(self, words: list[str]) -> bool:
        """Tell whether nothing in a row of words begins anew."""
        return self._steps.isdisjoint(words) and self._subjects.isdisjoint(words)

    def is_over(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell whether a verb of the past stands there, with a time long ago and none of late: "in 2015 I wanted to"."""
        if self._gone.isdisjoint(tokens):
            return False
        governed, until = self._governed_from(tokens, begin), self._end_of(tokens, end)
        said = tokens[max(0, self._before(tokens, governed) - 1) : until]
        if self._gone.isdisjoint(tokens[governed:until]) or not (
            self._recent.isdisjoint(said) and self._anew.isdisjoint(said)
        ):
            return False
        when = [place for place, _ in self._over.spans(said)]
        if any(map(str.isdecimal, said)):
            when += [place for place, word in enumerate(said) if is_year(word)]
        return any(self._since.isdisjoint(said[max(0, place - 1) : place]) for place in when)

    def _speaks(self, tokens: list[str], place: int) -> bool:
        """Tell whether a word here is one of the author: "my", but not in "my brother"."""
        word = tokens[place]
        return word in self._own or (
            word in self._my and self._persons.isdisjoint(tokens[place + 1 : place + 1 + NAMED_WITHIN])
        )

    def _by_last(self, tokens: list[str], end: int) -> bool:
        """Tell whose it is by who was named last, where the subject stands before the verb."""
        if not self._own.isdisjoint(tokens[end : self._end_of(tokens, end)]):
            return False
        if tokens[end : end + 1] and tokens[end] in self._they:  # "the only choice he has"
            return True
        passed = False
        for place in range(end - 1, max(-1, end - READ_BACK - 1), -1):
            word = tokens[place]
            if self._speaks(tokens, place):
                return False
            passed = passed or word in MARKS
            if word in self._they or self._does(tokens, place, known=passed):
                return True
        return False

    def _does(self, tokens: list[str], place: int, *, known: bool) -> bool:
        """Tell whether somebody else does what the verb here says; if it is `known`, one of the persons."""
        if tokens[place] not in self._acts and tokens[place] not in self._helpers:
            return False
        before = place - 1
        while before >= 0 and tokens[before] in self._passed:
            before -= 1
        if before < 0 or tokens[before] in MARKS:
            return False
        subject = tokens[before]
        if subject in self._persons or subject in self._they or self._is_described(tokens, before):
            return True
        if (
            known
            or tokens[place] not in self._acts
            or any(subject in known for known in (self._own, self._things, self._ends, self._acts, self._recent))
        ):
            return False
        return not tokens[place].endswith("ing") or not self._helpers.isdisjoint(tokens[before + 1 : place])

    def _is_described(self, tokens: list[str], last: int) -> bool:
        """Tell whether words up to here describe a person: "a guy at work", "someone I know"."""
        for place in range(last, max(-1, last - DESCRIBED_WITHIN), -1):
            word = tokens[place]
            if word in self._persons:
                return tokens[place + 1] in self._about or tokens[place + 1] in self._subjects
            if word in MARKS or (word in self._acts and place < last):
                return False
        return False

    def _by_clause(self, tokens: list[str], begin: int, end: int) -> bool:
        """Tell it by the words of the whole clause, and of those before where it names no subject."""
        begin, end = self._begin_of(tokens, begin), self._end_of(tokens, end)
        for _ in range(1 + GOVERNING_MAX):
            whose = self._whose(tokens, begin, end)
            if whose is not None or not begin:
                return bool(whose)
            end, begin = begin - 1, self._before(tokens, begin)
        return False

    def _whose(self, tokens: list[str], begin: int, end: int) -> bool | None:
        """Tell whether a clause has somebody else as its subject; None where it names none."""
        whose: bool | None = None
        for place in range(begin, end):
            word = tokens[place]
            if self._speaks(tokens, place):
                whose = bool(whose) and word in self._my  # "ein Mädchen aus meiner Klasse"
            elif word in self._they or (word in self._persons and self._is_subject(tokens, begin, place)):
                beside = tokens[place + 1 : end]
                if (
                    whose is None
                    or not self._reflexive.isdisjoint(beside)
                    or (beside and beside[0] in self._acts | self._helpers)
                ):
                    whose = True
        if whose is not None:
            return whose
        if begin and tokens[begin - 1] == "," and tokens[begin:end] and tokens[begin] in self._relative:
            return True if tokens[end - 1] in self._acts or tokens[end - 1] in self._helpers else None
        if tokens[begin:end] and tokens[begin] in self._about:
            return None if self._reflexive.isdisjoint(tokens[begin:end]) else True
        named = next((place for place in range(begin, end) if tokens[place] not in self._passed), end)
        if named == end or tokens[named] in self._things or tokens[named] in self._acts:
            return None
        acting = any(
            tokens[place] in self._acts and tokens[place - 1] not in self._to for place in range(named + 1, end)
        )
        return True if acting or not self._reflexive.isdisjoint(tokens[begin:end]) else None

    def _is_subject(self, tokens: list[str], begin: int, place: int) -> bool:
        """Tell whether a person does something, rather than being somebody for, with or of whom it is done."""
        before = tokens[max(begin, place - NAMED_WITHIN) : place]
        return self._about.isdisjoint(before) or not self._counting.isdisjoint(before)  # "einer meiner Schüler"

    def _begin_of(self, tokens: list[str], place: int) -> int:
        while place > 0 and tokens[place - 1] not in self._ends:
            place -= 1
        return max(place, 0)

    def _end_of(self, tokens: list[str], place: int) -> int:
        last = min(len(tokens), place + READ_ON)
        while place < last and tokens[place] not in self._ends:
            place += 1
        return place

    def _is_denied_behind(self, tokens: list[str], begin: int, behind: list[str]) -> bool:
        """Tell whether a negation ends the clause, as it does behind a German verb: "ich ritze mich seit Jahren nicht mehr"."""
        spoken = not self._subjects.isdisjoint(tokens[self._begin_of(tokens, begin) : begin + 1])
        for place, word in enumerate(behind):
            if word in self._negation:
                return self.more.issuperset(behind[place + 1 :])
            begun = place == 0 or (place == 1 and behind[0] in self._steps)  # "Sterben will ich nicht"
            if (word in self._steps or word in self._subjects) and (spoken or not begun):
                return False
        return False

    def _governed_from(self, tokens: list[str], begin: int) -> int:
        """Return where what governs a statement begins: its own clause, and those before as far as they hold the subject."""
        if not self._verb_last:
            first = begin
            while first > 0 and begin - first < READ_BACK and tokens[first - 1] not in MARKS:
                first -= 1
            return first
        first = self._begin_of(tokens, begin)
        for _ in range(GOVERNING_MAX):
            if not self._subjects.isdisjoint(tokens[first : self._end_of(tokens, begin)]):
                return self._before(tokens, first) if first and tokens[first - 1] in self._that else first
            first = self._before(tokens, first)
        return first

    def _before(self, tokens: list[str], first: int) -> int:
        """Return where the clause before this one begins."""
        while first > 0 and tokens[first - 1] in self._ends:
            first -= 1
        return self._begin_of(tokens, first)


def is_year(word: str) -> bool:
    """Tell whether a word names a year in which something was."""
    return len(word) == len("2000") and word.isdecimal() and int(word) in YEARS
