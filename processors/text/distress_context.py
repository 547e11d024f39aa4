"""What stands around a statement decides whether it is the author's, now, and meant."""

from collections.abc import Iterable
from itertools import chain, repeat
from typing import NamedTuple

from processors.text.distress_clauses import PARTING
from processors.text.distress_ends import Begun
from processors.text.distress_grammar import Grammar, counts_of
from processors.text.distress_implied import IMPLIED
from processors.text.distress_parts import Parts, clause_of
from processors.text.distress_reading import smiles
from processors.text.distress_together import WHO, WHO_OTHERS, WHO_SUPPOSED
from processors.text.distress_trie import BEHIND
from processors.text.distress_walk import Match
from processors.text.distress_whole import SHORT, Places, Said, denied_jests, disowned, hardships, holds, undenied

PASSIVE = frozenset({"ideation", "wish", "hopeless"})  # what "I do not want to die" answers
EXPLICIT = frozenset({"intent", "plan", "attempt", "ideation", "reflexive", "selfharm"})
_TRIED = frozenset({"past_attempt", "plan"})
_TRIFLED = frozenset({"wish", "strain", "selfharm"})  # what is said of things too
_EXAGGERATED = frozenset({"intent", "wish", "reflexive", "ideation"})  # what people say of a nuisance
TOLD_MAX = 2  # words behind a comma
RETURNS = ("yet", "present", "anew")  # what was well again is no longer
GOVERNED, GOVERNED_FAR = 7, 14  # tokens before a statement, and before one whose cues meet, that may deny it
SUPPOSED_MIN = 3  # words of an "if" and its clause, at the least
_ADDRESSED = frozenset({"plan", "plea"})  # farewells and cries for help name those to whom they are said
# Said of oneself whatever else the talk is of.
FELT = frozenset({"low", "lonely", "strain", "illness", "burden", "unbearable"})
JEST_PROOF = frozenset({"plan", "ideation", "selfharm"})  # said in jest, still worth a card
HARDSHIP_SELF, HARDSHIP_WORDS = 3, 3  # first-person words, and different words of hardship
IMPLIED_MIN = 2  # the tier from which a statement may leave out its "I", or have it elsewhere: what is lower is said of anybody so
TOGETHER_MAX = 2  # the tier that cues in any order reach: they show that something is meant, not what is planned


class Context(NamedTuple):
    """What a message as a whole says about how its sentences are meant."""

    grammar: Grammar
    sentences: list[list[str]]
    jest: bool
    advice: int
    you: int
    me: int
    tokens: int
    domain: list[int]
    life: int
    theme: int
    recovered: Places  # where the author says that they are well again, as `disowned`
    parts: Parts
    # Where the author says that they do not want to die: sentence, and the place behind it.
    disowned: Places

    def meant(self, index: int, match: Match, tier: int) -> int:
        """Return the tier that a statement keeps here; 0 = none."""
        severe = tier >= IMPLIED_MIN or match.kind in _TRIED
        whole, sentence, match = match, *self.parts.part_of(index, match, turns=severe)
        if (
            not tier
            or self._is_lost(sentence, match, tier)
            or self.parts.takes_anothers(index, whole)
            or not self._own(sentence, match, tier)
            or self._unreal(sentence, match, tier)
            or (tier < IMPLIED_MIN and sentence[match.begin].startswith(IMPLIED) and not self._feels(sentence, match))
        ):
            return 0
        if match.kind == "past_attempt" and not self.grammar.words["recent"].isdisjoint(clause_of(sentence, match)):
            tier = 3
        if match.who.startswith(WHO):
            if self.jest or self._of_the_craft(index, whole):
                return 0
            tier = min(tier, TOGETHER_MAX)
        if self._of_the_craft(index, whole) and not self._felt(sentence, match, self.parts.near(index, whole)):
            tier = 1 if match.kind in EXPLICIT and not self.jest else 0
        if self.jest:
            tier = 1 if match.kind in JEST_PROOF and tier else 0
        if self._holds(self.recovered, index, whole, RETURNS) or (
            match.kind in PASSIVE and self._holds(self.disowned, index, whole, ("yet",))
        ):
            tier = min(tier, 1)
        # Advice and comfort tell of oneself too, but speak to somebody else.
        if not self._shares(sentence, match) and self.advice * 2 + self.you >= max(self.me, 1):
            tier = tier if tier > 1 and not self.advice and self.you <= self.me else 0
        return tier

    def _holds(self, said: Places, index: int, match: Match, leading: Iterable[str]) -> bool:
        return bool(said) and holds(self.grammar, self.sentences, said, (index, match), leading)

    def _is_lost(self, sentence: list[str], match: Match, tier: int) -> bool:
        """Tell whether jest or talk to others takes a statement away, whoever says it and however: what costs least is asked first."""
        if self.jest and (match.kind not in JEST_PROOF or match.who.startswith(WHO)):
            return True
        if self.advice * 2 + self.you < max(self.me, 1) or (tier > 1 and self._shares(sentence, match)):
            return False
        return self.advice > 0 or self.you > self.me or (tier <= 1 and match.kind != "past_attempt")

    def _shares(self, sentence: list[str], match: Match) -> bool:
        """Tell whether the author says to somebody that it is so with them too: "you're not alone, I want to"."""
        likewise = self.grammar.words["likewise"]
        return match.who == "I" and not likewise.isdisjoint(clause_of(sentence, match))

    def hardship(self, weak: int) -> bool:
        """Tell whether a text dwells on the author's own hardship: its words, again and again, in the first person."""
        if self.jest or self.recovered:
            return False
        if (
            self.tokens <= SHORT
            and self.me > 1
            and self.theme > 1
            and not (self.you or self.advice or sum(self.domain))
        ):
            return True
        if self.me < HARDSHIP_SELF or self.you * 3 + self.advice * 2 > self.me:
            return False
        wanted = HARDSHIP_WORDS if self.you or self.me < 2 * HARDSHIP_SELF else HARDSHIP_WORDS - 1
        return self.theme + weak >= wanted and sum(self.domain) * 2 <= self.theme

    def concerned(self, index: int, match: Match) -> bool:
        """Tell whether worry about somebody else is meant."""
        concern = self.grammar.concern
        near = self.sentences if self.tokens <= SHORT else self.sentences[max(0, index - 1) : index + 2]
        return (
            not self.jest
            and not concern.is_of_machines(near)
            and concern.is_meant(self.sentences, index, match.begin, match.end)
        )

    def tells_of_others(self, index: int, match: Match, worries: list[tuple[int, Match]]) -> bool:
        """Tell whether a statement stands in the very words of a worry; what names the author before it is theirs in English."""
        for where, other in worries:
            if where == index and match.begin < other.end and other.begin < match.end:
                in_front = match.who == "I" and match.begin < other.begin and not self.grammar.inverted
                if not in_front or self.grammar.concern.fears(self.sentences[index], other.begin):
                    return True
        return False

    def _own(self, sentence: list[str], match: Match, tier: int) -> bool:
        """Tell whether the statement is the author's: its subject is I, or it begins a clause in which I is meant."""
        who = match.who
        if tier >= IMPLIED_MIN and self._is_of_others(sentence, match):
            return False
        if who == "I" or who.startswith(WHO) or who in self.grammar.anywhere or who.endswith(BEHIND):
            return True
        begin = match.begin
        while begin and sentence[begin - 1] in self.grammar.fillers:
            begin -= 1
        felt = sentence[-1] != "?" and self._is_feeling(sentence, match)
        if self._behind(sentence, match) and (tier >= IMPLIED_MIN or felt):
            return True
        if tier >= IMPLIED_MIN and sentence[begin - 1 : begin] == [self.grammar.subject]:
            return True
        return self._opens_own(sentence, match, begin)

    def _is_of_others(self, sentence: list[str], match: Match) -> bool:
        """Tell whether the clause of a statement has somebody else as its subject."""
        clauses, met = self.grammar.clauses, match.who.startswith(WHO)
        if not met and match.who not in self.grammar.anywhere:
            return clauses.turns_to_others(sentence, match.begin, match.end)
        if match.who.endswith(WHO_OTHERS):
            return clauses.is_about_others(sentence)
        told = match.kind in _ADDRESSED and not met
        return not told and clauses.is_of_others(sentence, match.begin, match.end)

    def _opens_own(self, sentence: list[str], match: Match, begin: int) -> bool:
        """Tell whether a statement without a subject begins a clause of the author; fillers before it begin at `begin`."""
        words = self.grammar.words
        before = sentence[begin - 1] if begin else ""
        opens = (
            not begin
            or before in PARTING
            or (begin == 1 and before.startswith(IMPLIED))
            or before in self.grammar.closing
        )
        if not opens or sentence[-1] == "?":
            return False
        said = sentence[:begin]
        if not words["other"].isdisjoint(said) and words["me"].isdisjoint(said):
            return False
        return not self.grammar.clauses.is_of_others(sentence, match.begin, match.end)

    def _unreal(self, sentence: list[str], match: Match, tier: int) -> bool:
        """Tell whether it is denied, supposed, past, or somebody else's words."""
        words = self.grammar.words
        start = match.begin
        if self._is_reported(sentence, match) or self._told_after(sentence, match) or self._past(sentence, match, tier):
            return True
        if tier >= IMPLIED_MIN and self.grammar.clauses.is_taken_back(sentence, start, match.end):
            return True
        if match.kind in _TRIFLED and self._of_a_trifle(sentence, match):
            return True
        if match.who == "REFLEXIVE" and not words["wanted"].isdisjoint(sentence[max(0, start - 3) : start]):
            return True
        if self._exaggerated(sentence, match) or self._governed(sentence, match):
            return True
        after = sentence[match.end : match.end + 1]
        denied = (
            bool(after) and after[0] in words["negation"] - words["without"] and sentence[match.end - 1] not in PARTING
        )
        return self.grammar.inverted and denied

    def _of_a_trifle(self, sentence: list[str], match: Match) -> bool:
        """Tell whether it is of a thing: "for a good pizza I would die", tears over a film, a cut while shaving."""
        words, clause = self.grammar.words, clause_of(sentence, match)
        if match.kind == "selfharm":
            return not words["accident"].isdisjoint(clause)
        said = sentence[match.begin : match.end]
        if match.kind == "strain":
            return not words["tears"].isdisjoint(said) and not all(map(words["pictures"].isdisjoint, self.sentences))
        before = sentence[match.begin - 1 : match.begin]
        if not (words["as_if"].isdisjoint(before) or words["traded"].isdisjoint(said)):
            return True
        if clause[0] == said[0]:
            return False
        if clause[0] in words["without"]:  # "without her" is meant
            return self.grammar.clauses.names_nobody(clause[1:3])
        return clause[0] in words["price"] and not words["traded"].isdisjoint(clause)

    def _governed(self, sentence: list[str], match: Match) -> bool:
        """Tell whether the words before a statement suppose or deny it."""
        words, start = self.grammar.words, match.begin
        if words["negation"].isdisjoint(sentence[:start]) and words["if"].isdisjoint(sentence[:start]):
            return False
        clause = self._governed_from(sentence, match)
        if self._behind(sentence, match):  # "wenn er nicht kommt sterbe ich": the verb begins the clause
            clause = max(clause, start - 1)
        before = sentence[clause:start]
        if self._supposed(sentence, match, before):
            return True
        for place, token in enumerate(before):
            if token in words["negation"]:
                near = before[place + 1 : place + 2] + before[max(0, place - 1) : place]
                if words["passing"].isdisjoint(near) and self._reaches(sentence, before[place + 1 :], match):
                    return True
        return False

    def _governed_from(self, sentence: list[str], match: Match) -> int:
        """Return where the words before a statement begin that may deny or suppose it: its clause, from its own subject on."""
        clause = match.begin
        while clause and sentence[clause - 1] not in ",:()" and match.begin - clause < GOVERNED:
            clause -= 1
        anew = self.grammar.anew
        if match.who.startswith(WHO) and sentence[match.begin] not in anew:  # begins at any of its words
            for place in range(match.begin - 1, max(-1, match.begin - GOVERNED_FAR), -1):
                word = sentence[place]
                if word in ",:()" or word in anew:
                    break
                if word == self.grammar.subject:
                    return min(place, clause)
        return clause

    def _reaches(self, sentence: list[str], between: list[str], match: Match) -> bool:
        """Tell whether a negation reaches over the words behind it; "nicht mehr" does, unless a verb begins anew, and nothing over a whole clause."""
        own = match.who == "I" and match.kind in EXPLICIT | PASSIVE
        if own and between and self.grammar.turns.is_let_go(sentence[: match.begin], between):
            return False
        if between and between[0] in self.grammar.clauses.more:
            return self.grammar.clauses.goes_on(between[1:]) and self.grammar.closing.isdisjoint(between[1:])
        return self.grammar.closing.isdisjoint(between)

    def _is_reported(self, sentence: list[str], match: Match) -> bool:
        """Tell whether it stands behind who says it, is sung, or read; "I told my mother that I want" tells of oneself, and now."""
        words, clauses = self.grammar.words, self.grammar.clauses
        start = match.begin
        before = sentence[:start]
        told = words["telling_verbs"] if words["if"].isdisjoint(before) else frozenset()  # "when I told her"
        if not words["reported"].isdisjoint(before) and not all(
            (word in told and clauses.speaks_oneself(sentence, place))
            or (word in words["telling_verbs"] and not words["yet"].isdisjoint(before[place:]))
            or (word in words["persons"] and before[place - 1] in words["my"])  # "my therapist" says nothing yet
            for place, word in enumerate(before)
            if word in words["reported"]
        ):
            return True
        return clauses.is_quoted(sentence, start)

    def _told_after(self, sentence: list[str], match: Match) -> bool:
        """Tell whether who said it is told behind it: "let me die, said the king"."""
        if not self.grammar.words["works"].isdisjoint(sentence):
            return True
        after = sentence[match.end : match.end + 2 + TOLD_MAX]
        if after[:1] != [","]:
            return False
        told = after[:-1] if len(after) > 1 + TOLD_MAX else after
        telling = next((place for place, word in enumerate(told) if word in self.grammar.words["telling"]), 0)
        if not telling or not self.grammar.words["subjects"].isdisjoint(after[telling + 1 :]):
            return False
        return self.grammar.words["agreeing"].isdisjoint(after)  # "my doctor says so too"

    def _past(self, sentence: list[str], match: Match, tier: int) -> bool:
        """Tell whether it is over: "an hour ago" is past and now, where something was tried; "years ago" is not, unless it is so again."""
        words, phrases = self.grammar.words, self.grammar.phrases
        severe = tier >= IMPLIED_MIN or match.kind in _TRIED
        if severe and self.grammar.clauses.is_over(sentence, match.begin, match.end):
            return True
        if match.kind == "attempt":  # "an hour ago"
            return self._said_to_be_over(sentence, match, severe=True)
        if (
            words["past"].isdisjoint(sentence)
            and phrases["past_said"].keys().isdisjoint(sentence)
            and (severe or phrases["settled"].keys().isdisjoint(sentence))
        ):
            return False
        return self._said_to_be_over(sentence, match, severe=severe) or self._of_old(sentence, match, severe=severe)

    def _said_to_be_over(self, sentence: list[str], match: Match, *, severe: bool) -> bool:
        """Tell whether phrases of the clause say so: "back then"; of what is lower also "was for nothing"."""
        clause, phrases = clause_of(sentence, match), self.grammar.phrases
        if self.grammar.words["still"].isdisjoint(clause) and phrases["past_said"].spans(clause):
            return True
        return not severe and bool(phrases["settled"].spans(clause))

    def _of_old(self, sentence: list[str], match: Match, *, severe: bool) -> bool:
        """Tell whether words of the past stand there, and none of late: "früher war alles gut, jetzt" is now."""
        words, clause = self.grammar.words, clause_of(sentence, match)
        if words["past"].isdisjoint(sentence) or not words["present"].isdisjoint(clause):
            return False
        if match.kind in _TRIED and not words["recent"].isdisjoint(clause):
            return False
        fresh = 0 if severe else len(self.grammar.phrases["fresh"].spans(sentence))  # "my cat died two weeks ago"
        return fresh < sum(map(words["past"].__contains__, sentence))

    def _behind(self, sentence: list[str], match: Match) -> bool:
        """Tell whether a statement begins with the author's verb, as a German main clause does behind another: "sterbe ich"."""
        if match.who.endswith(BEHIND):
            return True
        return self.grammar.inverted and sentence[match.begin + 1 : match.begin + 2] == [self.grammar.subject]

    def _supposed(self, sentence: list[str], match: Match, before: list[str]) -> bool:
        """Tell whether a statement is what an "if" before it supposes; what comes of it, behind a whole clause, is meant."""
        words = self.grammar.words
        if WHO_SUPPOSED in match.who or match.who in self.grammar.supposed or words["if"].isdisjoint(before):
            return False
        if self.grammar.inverted:  # "wenn das so weitergeht bringe ich mich um"
            if match.who == "I" and sentence[match.begin + 1] in words["leaning"]:  # "falls ihr das lest ich will"
                last = max(place for place, token in enumerate(before) if token in words["if"])
                if len(before) - last >= SUPPOSED_MIN and self.grammar.turns.is_let_go([], before[last + 1 :]):
                    return False
            return not (self._behind(sentence, match) and before[-1] not in words["if"])
        last = max(place for place, token in enumerate(before) if token in words["if"])
        return not (match.who == "I" and len(before) - last >= SUPPOSED_MIN and before[-1] not in words["passing"])

    def _exaggerated(self, sentence: list[str], match: Match) -> bool:
        """Tell whether a thing of every day is said to be the reason: "if I see one more form"."""
        words = self.grammar.words
        if match.kind not in _EXAGGERATED or words["if"].isdisjoint(sentence):
            return False
        beside = [*sentence[: match.begin], *sentence[match.end :]]
        return words["life"].isdisjoint(beside) and bool(self.grammar.phrases["exaggerating"].spans(beside))

    def _feels(self, sentence: list[str], match: Match) -> bool:
        """Tell whether a sentence begins with a feeling."""
        return match.begin == 0 and self._is_feeling(sentence, match)

    def _is_feeling(self, sentence: list[str], match: Match) -> bool:
        """Tell whether a lower statement is told in words that are of feelings alone."""
        said = sentence[match.begin : match.end]
        return match.kind in FELT and not self.grammar.words["felt"].isdisjoint(said)

    def _felt(self, sentence: list[str], match: Match, near: list[list[str]]) -> bool:
        """Tell whether a feeling is told by itself beside talk of work: its clause names no machine, and nobody plays or watches anything near."""
        words = self.grammar.words
        if match.who.startswith(WHO) or not (match.kind in JEST_PROOF or self._is_feeling(sentence, match)):
            return False
        if not all(map(words["play"].isdisjoint, near)):
            return False
        begin, end = match.begin, match.end
        while begin and sentence[begin - 1] not in PARTING and sentence[begin - 1] not in words["beside"]:
            begin -= 1
        while end < len(sentence) and sentence[end] not in PARTING and sentence[end] not in words["beside"]:
            end += 1
        return (words["domain"] - words["toil"]).isdisjoint(sentence[begin:end])

    def _of_the_craft(self, index: int, match: Match) -> bool:
        """Tell whether the talk is of machines, games or matches, not of life."""
        return (
            sum(self.domain) > self.life
            and self.parts.talk_of_machines(index, match, self.domain, self.life) > self.life
        )


def read_context(
    grammar: Grammar, words: str, sentences: list[list[str]], matched: Said, whole: list[list[str]], begun: Begun
) -> Context:
    """Count once over a message, of which `whole` is all and `sentences` what was looked at, with `begun` within them; `matched` is all that was found."""
    kinds = {match.kind for _, match in matched}
    advice = undenied(grammar, sentences, matched, "advice") if "advice" in kinds else []
    recovered = undenied(grammar, sentences, matched, "recovered") if "recovered" in kinds else []
    marks = grammar.marks
    counts = counts_of(sum(map(marks.get, chain.from_iterable(whole), repeat(0))))
    themes = hardships(grammar, whole) if counts["theme"] else 0
    domain = [0] * len(sentences)
    if counts["domain"]:
        domain = [counts_of(sum(map(marks.get, one, repeat(0))))["domain"] for one in sentences]
    tokens = sum(map(len, whole))
    jest = counts["jest"] > denied_jests(grammar, sentences, counts["jest"]) or smiles(words, tokens)
    return Context(
        grammar, sentences, jest, len(advice), counts["you"], counts["me"], tokens, domain, counts["life"],
        themes, recovered, Parts(sentences, begun, grammar, tokens <= SHORT),
        disowned(grammar, sentences) if PASSIVE.intersection(kinds) else [],
    )  # fmt: skip
