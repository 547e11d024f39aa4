"""Worry about somebody else: whoever it is, however it is told; and what sounds alike and is none."""

from itertools import product

import pytest

from processors.text.distress import assess

# (who, their pronoun, "himself" of it, their possessive)
WHO_EN = (
    ("My brother", "he", "himself", "his"), ("A friend of mine", "she", "herself", "her"), ("My ex", "he", "himself", "his"),
    ("One of my students", "she", "herself", "her"), ("A member of our server", "he", "himself", "his"),
    ("Someone in #general", "they", "themselves", "their"), ("My best friend", "she", "herself", "her"), ("Our colleague", "he", "himself", "his"),
)  # fmt: skip
SAID_EN = ("{who} says that {they} {what}.", "{who} told me {they} {what}", "Help, {who} wrote {they} {what}. Can anybody check?",
           "I'm worried: {who} posted that {they} {what}")  # fmt: skip
WHAT_EN = (
    "will kill {self}", "would end {their} life tonight", "might do something to {self}", "could hurt {self}",
    "took a bunch of pills", "would rather be dead", "is thinking about killing {self}", "is planning to take {their} own life",
)  # fmt: skip
PLAIN_EN = (
    "wants to die", "is suicidal", "keeps talking about suicide", "tried to kill {self} yesterday", "is thinking about ending {their} life",
    "threatens to hurt {self}", "has suicidal thoughts", "does not want to live anymore", "has no reason to live", "wrote a goodbye letter",
    "is cutting {self} again", "overdosed last night",
)  # fmt: skip
WHO_DE = (
    ("mein Bruder", "er"), ("meine Freundin", "sie"), ("mein Ex", "er"), ("eine Schülerin von mir", "sie"), ("ein Mitglied", "es"),
    ("jemand aus dem Chat", "er"), ("unser Kollege", "er"), ("meine Tochter", "sie"),
)  # fmt: skip
FRAMES_DE = ("Ich habe Angst, dass {who} {last}.", "Ich glaube, dass {who} {last}", "{Who} hat geschrieben, dass {they} {last}.",
             "{Who} sagt, dass {they} {last}. Was soll ich tun?", "Was mache ich, wenn {they} {last}? {Who} macht mir Sorgen.")  # fmt: skip
LAST_DE = (
    "sich umbringt", "sich umbringen will", "sich etwas antut", "sich heute das Leben nehmen könnte", "sterben will", "nicht mehr leben möchte",
    "Suizidgedanken hat", "sich selbst verletzt", "Tabletten geschluckt hat", "einen Abschiedsbrief geschrieben hat", "lieber tot wäre",
    "keinen Sinn mehr im Leben sieht",
)  # fmt: skip
MAIN_DE = (
    "droht damit, sich umzubringen", "will sich umbringen", "bringt sich um", "hat versucht, sich das Leben zu nehmen", "ritzt sich",
    "denkt an Selbstmord", "will nicht mehr leben", "redet ständig vom Sterben",
)  # fmt: skip


def _english() -> list[str]:
    reported = [
        frame.format(who=who, they=they, what=what.format(self=self, their=their))
        for (who, they, self, their), frame, what in product(WHO_EN, SAID_EN, WHAT_EN)
        if they != "they" or not what.startswith("is ")
    ]
    direct = [
        f"{who} {what.format(self=self, their=their)}{tail}"
        for (who, _, self, their), what, tail in product(WHO_EN, PLAIN_EN, (".", " and I don't know what to do"))
    ]
    return reported + direct


def _german() -> list[str]:
    last = [
        frame.format(who=who, Who=who[0].upper() + who[1:], they=they, last=said)
        for (who, they), frame, said in product(WHO_DE, FRAMES_DE, LAST_DE)
        if not ("wenn" in frame and they == "es")
    ]
    return last + [f"{who[0].upper()}{who[1:]} {said}." for (who, _), said in product(WHO_DE, MAIN_DE)]


@pytest.mark.parametrize("texts", [_english(), _german()], ids=["English", "German"])
def test_it_is_found_however_it_is_put_together(texts: list[str]) -> None:
    """Nearly each of the products of who, how it is told and what, and none is severe."""
    found = [assess(text) for text in texts]
    assert max(one.tier for one in found) < 2
    assert sum(one.about == "other" for one in found) >= 0.97 * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "My brother tried to kill himself twenty years ago", "My aunt wanted to kill herself in 1987", "She used to cut herself, she is fine now",
        "In the novel he threatens to kill himself", "The singer says he wanted to die", "The article says that people want to kill themselves",
        "My friend would never kill himself", "He does not want to hurt himself", "He has no plans to hurt himself", "He was suicidal ten years ago and is a happy father now", "He wants to kill me", "I want to end his life", "I wish he was dead",
        "If someone says they want to kill themselves, what are the rules?", "My brother says he wants to die lol", "She is dying to meet you",
        "My son might hurt himself while climbing", "He could cut himself chopping onions", "My server says it wants to die", "The process is going to kill itself",
        "She wants to die her hair", "My brother took pills for his allergy", "She wrote a goodbye letter to the team", "My friend has no reason to live in that town", "The team would be better off without him",
        "He might die soon, says the doctor", "It is only hurting himself in the long run", "My father cuts himself off from us",
        "My boyfriend wants to die on this hill", "Mein Kollege meint, der Server will sterben", "Er bringt sich um seinen Bonus",
        "Mein Onkel wollte sich vor zwanzig Jahren umbringen", "Im Film will sie sich umbringen", "Er würde sich nie etwas antun", "Er hat sich beim Fußball verletzt",
        "Er will mich umbringen", "Wenn Sie daran denken, sich umzubringen, rufen Sie an", "Jedes Jahr nehmen sich viele Menschen das Leben",
        "Mein Bruder will sich umbringen haha", "Meine Oma hat ihre Tabletten genommen", "Meine Freundin stirbt vor Neugier", "Der Prozess bringt sich um",
        "Wie kann man sich umbringen?", "Falls jemand sich etwas antun will, gilt die Regel",
    ],
)  # fmt: skip
def test_what_only_sounds_alike_is_none(text: str) -> None:
    """The past, stories, statistics, jest, negation, accidents, threats against others, rules, machines and idioms."""
    assert assess(text).about != "other"


@pytest.mark.parametrize(
    "text",
    [
        "My brother writes odd things. Wants to kill himself, he says", "My sister used to cut herself and is cutting herself again",
        "I told our mods that he wants to kill himself", "Mein Bruder wollte sich vor Jahren umbringen und droht jetzt wieder, sich etwas anzutun",
        "ich glaube meine schwester will sterben", "Meine Tochter will sterben und ich weiß nicht weiter", "I found a suicide note in my daughter's bag", "I'm afraid she will do something tonight", "How should I react when my partner says she would be better off dead?",
        "My friend says everyone would be better off without him", "The bot says nothing, but a user on this server said he will kill himself",
    ],
)  # fmt: skip
def test_what_takes_worry_away_needs_to_be_said_of_it(text: str) -> None:
    """A past that is back, a person named before, talk of the community's own place."""
    assert assess(text).about == "other"


@pytest.mark.parametrize("text",
    [
        "I want to die. My friend wants to die too", "Mein Freund will sterben. Ich will auch sterben", "My brother and I want to die",
        "Meine Mutter versteht mich nicht, will nicht mehr leben", "Ich habe meiner Schwester gesagt, dass ich sterben will",
    ],
)  # fmt: skip
def test_ones_own_words_come_first(text: str) -> None:
    """Who worries and is in distress is answered as in distress."""
    assert (assess(text).about, assess(text).tier >= 2) == ("self", True)
