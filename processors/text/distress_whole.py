"""What a message as a whole says beside its statements: what it denies, dwells on, and is about."""

from collections.abc import Iterable
from itertools import chain

from processors.text.distress_grammar import Grammar
from processors.text.distress_walk import Match

Said = list[tuple[int, Match]]  # what was found, each with the index of its sentence
Places = list[tuple[int, int]]  # of phrases: the sentence, and the place behind it

SHORT = 30  # tokens; in a short message everything belongs together
DENIED_WITHIN = 3  # words before help in which it is denied: "nothing has helped me"
TOLD_WITHIN = 6  # words before a denial in which somebody says it


def denied_jests(grammar: Grammar, sentences: list[list[str]], jests: int) -> int:
    """Return how many words of jest are denied: "no joke", "I am not joking"."""
    if not jests:
        return 0
    negation = grammar.words["negation"] | grammar.words["refusing"]
    found = [(one, one.index(word)) for one in sentences for word in grammar.words["jest"].intersection(one)]
    return sum([place > 0 and one[place - 1] in negation for one, place in found])


def may_meet(grammar: Grammar, sentences: list[list[str]]) -> bool:
    """Tell whether cues could count: a short message that talks more of machines and games than of life has none."""
    if sum(map(len, sentences)) > SHORT:
        return True
    domain, life = grammar.words["domain"], grammar.words["life"]
    return sum([(token in life) - (token in domain) for sentence in sentences for token in sentence]) >= 0


def may_dwell(grammar: Grammar, sentences: list[list[str]]) -> bool:
    """Tell whether there are words of hardship enough for `Context.hardship` where no statement was found."""
    theme = grammar.words["theme"]
    return len(theme.intersection(chain.from_iterable(sentences))) > 1


def hardships(grammar: Grammar, sentences: list[list[str]]) -> int:
    """Return how many different words of hardship there are that are not denied: "not sad and not lonely" has none."""
    words = grammar.words
    found = words["theme"].intersection(chain.from_iterable(sentences))
    negation = words["negation"] | words["refusing"]
    if len(found) < 2 or negation.isdisjoint(chain.from_iterable(sentences)):
        return len(found)
    meant: set[str] = set()
    for one in sentences:
        for place, word in enumerate(one):
            if word in found and word not in meant:
                between = one[place - 1] if place else ""
                light = between in grammar.fillers or between in words["helpers"] - words["passing"]
                if between not in negation and not (light and one[max(0, place - 2)] in negation):
                    meant.add(word)
    return len(meant)


def disowned(grammar: Grammar, sentences: list[list[str]]) -> Places:
    """Return where the author says that they do not want to die, or are not suicidal: the sentence, and the place behind it."""
    words, phrases = grammar.words, grammar.phrases["disowned"]
    found: Places = []
    for index, one in enumerate(sentences):
        for begin, end in phrases.spans(one):
            before = one[max(0, begin - TOLD_WITHIN) : begin]
            if grammar.subject in one[max(0, begin - TOLD_WITHIN) : end] and words["saying"].isdisjoint(before):
                found.append((index, end))
    return found


def undenied(grammar: Grammar, sentences: list[list[str]], matched: Said, kind: str) -> Places:
    """Return where help or recovery is told of that nothing denies: the sentence, and the place behind it."""
    denying = grammar.words["negation"] | grammar.words["helpless"]
    return [
        (index, match.end)
        for index, match in matched
        if match.kind == kind
        and denying.isdisjoint(sentences[index][max(0, match.begin - DENIED_WITHIN) : match.begin])
    ]


def holds(
    grammar: Grammar, sentences: list[list[str]], said: Places, statement: tuple[int, Match], leading: Iterable[str]
) -> bool:
    """Tell whether what was said about all holds for a statement: no word of the lists `leading` ("but") leads from there to it."""
    index, match = statement
    lists = [grammar.words[name] for name in leading]
    return any(
        not (where == index and match.begin >= place)
        or all(words.isdisjoint(sentences[index][place : match.begin]) for words in lists)
        for where, place in said
    )
