"""Frames of every day around a statement, as people in communities write them, times what is severe in them and what is not.

{s} is a statement that begins with its subject, {S} the same at the beginning of a sentence; {l} of a German one has its verb last, {b} its
verb first. None is quoted from anybody.
"""

from collections.abc import Iterator
from itertools import product

FRAMES_EN = (
    "{S}.", "I don't know if you can help, {s}.", "I just want to say that {s}.", "I don't know how to say this, {s}.", "Let me just say it: {s}.",
    "My therapist says it will get better but {s}.", "Everyone tells me to be strong but {s}.", "I'm not joking, {s}.", "{S} and I'm not even kidding.",
    "I lost everything last year and now {s}.", "I used to be happy but {s}.", "My aunt moved away two years ago and {s}.", "TW: suicide. {S}.",
    "I read your post and {s} too.", "I got a message from my ex and {s}.", "I failed my test and {s}.", "I watched a movie but {s}.", "As the title says, {s}.",
    "Not gonna lie {s}.", "You might think I'm weak, but {s}.", "A friend told me to post here, {s}.", "Is it bad if {s}?", "Update: {s}.", "{S} if I'm honest.",
    "Is it wrong that {s}?", "Throwaway account because people know me here. {S}.", "Sorry for the long post, {s}.", "Has anybody been through this? {S}.",
)  # fmt: skip
OWN_EN = (
    "I want to die", "I am going to kill myself tonight", "I don't want to live anymore", "I wish I was dead", "I feel suicidal",
    "I have been thinking about ending my life", "I took an overdose last night", "I see no reason to live", "I can't stop thinking about killing myself",
)  # fmt: skip
CALM_EN = (
    "my brother wants to die", "he said he wants to kill himself", "I don't want to die", "I used to want to die", "ten years ago I tried to kill myself",
    "I would never kill myself", "if I wanted to die I would tell you", "in the movie he says he wants to kill himself", "I want to kill this process",
    "this homework is killing me", "if you want to die please call a hotline", "people who want to die should be able to talk about it",
    "my sister was told that she tried to kill herself", "last year I wanted to die",
)  # fmt: skip
ASKED_EN = (
    "Do you ever {v}?", "do any of you {v}?", "Does anyone else {v}?", "Does anybody here just {v} sometimes?", "you know the feeling when you {v}?",
    "What do you do when you {v}?",
)  # fmt: skip
VERBS_EN = (
    "want to die", "feel like ending it all", "think about killing yourself", "wish you were dead", "not want to live anymore",
    "feel like everyone would be better off without you",
)  # fmt: skip
ANSWERS_EN = (
    " because I do", " I do.", " That's me right now.", " because that's where I am right now", " I feel like that all the time.", " That's exactly how I feel.",
)  # fmt: skip
OTHERWISE_EN = (
    " I don't.",
    " I used to.",
    " I did when I was young.",
    " I do research on this.",
    " I do not, but my brother does.",
)

FRAMES_DE = (
    "{S}.", "Ich weiß nicht, ob ihr mir helfen könnt, {s}.", "Ich weiß nicht, wie ich es sagen soll, {s}.", "Meine Therapeutin sagt, es wird besser, aber {s}.",
    "Meine Therapeutin ist im Urlaub und {s}.", "Kein Witz, {s}.", "{S} und das ist kein Witz.", "Ich habe eure Beiträge gelesen und {s} auch.",
    "Wie der Titel schon sagt, {s}.", "Meine Tante ist vor zwei Jahren weggezogen und {s}.", "Früher war ich glücklich, aber {s}.", "Update: {s}.",
    "Ich bin in der Ausbildung und {s}.", "TW Suizid. {S}.", "Ich habe einen Film geschaut, aber {s}.", "{S}, wenn ich ehrlich bin.",
)  # fmt: skip
BEHIND_DE = (
    "Ehrlich gesagt {b}.", "Letztes Jahr habe ich alles verloren und jetzt {b}.", "Seit meine Frau weg ist, {b}.", "Ich habe meiner Familie nicht gesagt, dass {l}.",
    "Ist es schlimm, wenn {l}?", "Ich muss jemandem sagen, dass {l}.", "Was macht ihr, wenn {l}? Mir geht es gerade so.",
)  # fmt: skip
# Subject first, verb first, verb last.
OWN_DE = (
    ("ich will sterben", "will ich sterben", "ich sterben will"), ("ich will mich umbringen", "will ich mich umbringen", "ich mich umbringen will"),
    ("ich mag nicht mehr leben", "mag ich nicht mehr leben", "ich nicht mehr leben mag"), ("ich wäre lieber tot", "wäre ich lieber tot", "ich lieber tot wäre"),
    ("ich habe Suizidgedanken", "habe ich Suizidgedanken", "ich Suizidgedanken habe"), ("ich bin lebensmüde", "bin ich lebensmüde", "ich lebensmüde bin"),
    ("ich werde mir das Leben nehmen", "werde ich mir das Leben nehmen", "ich mir das Leben nehmen werde"),
    ("ich habe mich wieder geritzt", "habe ich mich wieder geritzt", "ich mich wieder geritzt habe"),
)  # fmt: skip
CALM_DE = (
    "mein Bruder will sterben", "er sagt, er will nicht mehr leben", "ich will nicht sterben", "früher wollte ich sterben",
    "vor zehn Jahren habe ich versucht, mich umzubringen", "ich würde mich nie umbringen", "wenn ich sterben wollte, würde ich es sagen",
    "im Film sagt er, dass er sich umbringen will", "der Server stirbt dauernd", "ich könnte sterben vor Scham", "ich sterbe vor Hunger",
    "wer sterben will, soll bitte die Seelsorge anrufen", "ich bin froh, dass ich lebe", "letztes Jahr wollte ich sterben",
)  # fmt: skip
ASKED_DE = (
    "kennt ihr das wenn man {v}?", "Kennt ihr das Gefühl, wenn man {v}?", "Kennt das jemand, wenn man {v}?", "Geht es euch auch so, dass man {v}?",
)  # fmt: skip
VERBS_DE = (
    "nicht mehr leben will", "sterben will", "sich umbringen will", "sich das Leben nehmen will", "keinen Sinn mehr im Leben sieht", "nicht mehr da sein möchte",
)  # fmt: skip
ANSWERS_DE = (" mir geht es gerade so", " So geht es mir.", " Das bin ich gerade.", " Bei mir ist das auch so.")
OTHERWISE_DE = (
    " Mir geht es nicht so.",
    " Meiner Freundin geht es so.",
    " So ging es mir früher.",
    " Ich nicht.",
    " Nur so gefragt.",
)


def own_en() -> Iterator[str]:
    """Yield what the author says of themselves, in English frames and as answers to questions of their own."""
    yield from _framed(FRAMES_EN, OWN_EN)
    yield from map("".join, product(_asked(ASKED_EN, VERBS_EN), ANSWERS_EN))


def calm_en() -> Iterator[str]:
    """Yield what is of others, denied, over, supposed, told, or of things, in English frames, and questions answered otherwise."""
    yield from _framed(FRAMES_EN, CALM_EN)
    yield from map("".join, product(_asked(ASKED_EN[:3], VERBS_EN[:4]), OTHERWISE_EN))


def own_de() -> Iterator[str]:
    """Yield what the author says of themselves, in German frames and as answers to questions of their own."""
    for frame, (first, behind, last) in product((*FRAMES_DE, *BEHIND_DE), OWN_DE):
        yield frame.format(s=first, S=_capital(first), b=behind, l=last)
    yield from map("".join, product(_asked(ASKED_DE, VERBS_DE), ANSWERS_DE))


def calm_de() -> Iterator[str]:
    """Yield what is of others, denied, over, supposed, told, or of things, in German frames, and questions answered otherwise."""
    yield from _framed(FRAMES_DE, CALM_DE)
    yield from map("".join, product(_asked(ASKED_DE, VERBS_DE), OTHERWISE_DE))


def _framed(frames: tuple[str, ...], statements: tuple[str, ...]) -> Iterator[str]:
    for frame, said in product(frames, statements):
        yield frame.format(s=said, S=_capital(said))


def _asked(questions: tuple[str, ...], verbs: tuple[str, ...]) -> Iterator[str]:
    for question, verb in product(questions, verbs):
        yield question.format(v=verb)


def _capital(said: str) -> str:
    return said[0].upper() + said[1:]
