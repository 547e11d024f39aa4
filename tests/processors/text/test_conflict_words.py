"""Products of classes of words: every plain attack is one, and what only looks like one is calm. Hard words stand here as tests need them."""

from collections.abc import Iterator
from itertools import product

import pytest

from processors.text.conflict import HEATED, heat
from processors.text.conflict_words import ALONE, HEADS, YOU, aimed, attacks, coded, may_aim
from tests.processors.text import conflict_wordings as wordings

WHO_IS = ("You are", "you're", "u r", "Are you", "I think you are", "You guys are")
SHARPENED = ("a", "such a", "a complete", "nothing but a", "an absolute fucking")
NOUNS = ("idiot", "moron", "liar", "loser", "coward", "piece of garbage", "waste of space")
SAID = ("Read the docs", "I do not care", "Stop spamming", "Nobody asked")
DU = ("Du bist", "du bist doch", "Bist du", "Du bist ja wohl")
SCHELTEN = ("Idiot", "Vollpfosten", "Trottel", "Lügner", "Versager")
HARM = (
    "kill you", "break your legs", "smash your stupid face", "beat the crap out of you", "hunt you down", "cut your throat", "burn your house down",
    "make you pay for this", "punch you in the face",
)  # fmt: skip

ATTACKS = {
    "copula": product(WHO_IS, SHARPENED, NOUNS, (".", "!", ", seriously.")),
    "predicate": product(("You are", "You're", "Why are you"), ("", "so", "really", "too"), ("stupid", "pathetic", "useless"), (".", "!", "?")),
    "called out": product(SAID, (",",), ("", "you", "you pathetic little"), ("idiot", "moron", "loser"), (".", "!", "")),
    "sent away": product(("", "Just", "Oh", "Dude,"), ("shut up", "get lost", "fuck off", "go to hell", "shut your mouth"), (".", "!", ", nobody cares.", ", moron.")),
    "threat": product(("I will", "I'll", "I'm going to", "We are gonna", "Keep going and I will", "I swear I'll"), ("", "really", "find you and"), HARM, (".", "!")),
    "wish": product(("", "Please", "You should just", "Why don't you"), ("kill yourself", "drop dead", "jump off a bridge"), (".", "!")),
    "hope": product(("I hope you", "Hope you", "I really hope you all"), ("die", "choke", "rot in hell", "get cancer"), (".", "!")),
    "unwanted": product(("Nobody", "No one here"), ("likes you", "wants you here", "needs you"), (".", "!")),
    "Kopula": product(DU, ("ein", "so ein", "echt ein dummer"), SCHELTEN, (".", "!")),
    "Prädikat": product((*DU, "Ihr seid"), ("", "so", "einfach nur", "zu"), ("dumm", "erbärmlich", "peinlich"), (".", "?", ", echt jetzt.")),
    "gerufen": product(("Lass es", "Keiner hat gefragt", "Lies die Doku"), (",",), ("du", "du blöder", "du kleiner"), SCHELTEN, (".", "!", "")),
    "Mund": product(("Halt", "Halt doch", "Jetzt halt endlich mal", "Haltet einfach"), ("die Fresse", "die Klappe", "den Mund", "dein blödes Maul"), (".", "!")),
    "fort": product(("Hau ab", "Hau doch endlich ab", "Verpiss dich", "Zieh Leine", "Verschwinde", "Geh sterben", "Geh doch einfach sterben"), (".", "!", ", du Idiot.")),
    "Drohung": (
        (begin, verb, "dich", *rest)
        for begin, (verb, *away), mark in product(("Ich", "Und ich", "Noch ein Wort und ich"), (("mach", "fertig"), ("schlag", "zusammen"), ("bring", "um"), ("stech", "ab")), ".!")
        for rest in ((*away, mark), ("noch", *away, mark))
    ),
}  # fmt: skip

CALM = {
    "of things": product(("This", "My", "I hate this", "Can you fix this"), ("stupid", "useless", "pathetic"), ("build", "printer", "parser"), (".", "!")),
    "of oneself": product(("I was", "I am", "I feel like", "What if I am"), ("an", "such an", "a complete"), ("idiot", "moron"), (".", ", you were right.")),
    "of others": product(("He called me", "She thinks he is", "My boss is", "They called her"), ("an idiot", "a stupid liar", "a clown"), (".", "!")),
    "denied": product(("You are not", "You're no", "Nobody said you are", "I don't think you are", "They never said you are"), ("an idiot", "such a liar", "a coward"), (".", ", the docs are bad.")),
    "in jest": product(("you", "you are such an", "haha you"), ("idiot", "moron", "clown"), (":)", ":D", ";)", "lol", "😂😂", "xD")),
    "praise": product(("You lucky", "You brilliant"), ("bastard", "idiot"), ("!", ", well done.")),
    "technical": product(("You can", "You have to", "How do I", "Then you"), ("kill", "destroy", "drop", "hang"), ("the process", "your old container", "the zombie"), (".", "?")),
    "of a game": product(("I will", "I'm going to"), ("kill you in the next round", "beat you in chess", "beat you to the fix", "crush you in the tournament"), (".", "!")),
    "von Dingen": product(("Diese", "Was für eine", "Kennst du die"), ("dumme", "blöde", "lächerliche"), ("Frage", "Fehlermeldung"), (".", "!", ", kannst du helfen?")),
    "von sich": product(("Ich bin", "Ich war", "Vielleicht bin ich"), ("ein Idiot", "so ein Trottel", "ein Feigling"), (".", ", du hattest recht.")),
    "verneint": product(("Du bist nicht", "Ihr seid doch nicht", "Niemand sagt, dass du"), ("dumm", "blöd", "peinlich"), (".", ", die Doku ist schlecht.")),
    "im Scherz": product(("Du", "Haha du", "Du bist so ein"), ("Idiot", "Depp"), (":)", ":D", "haha", "xD")),
    "dir": product(("Ich mach dir", "Ich bring dir", "Ich schlag dir"), ("das morgen fertig", "den Entwurf mit", "etwas vor"), (".", "!")),
}  # fmt: skip

# Look-alikes one by one: idioms, technical words, what somebody said, who is wanted.
LOOK_ALIKES = """
Shut up and take my money!|Shut up, no way!|The alarm won't shut up.|I'll shut up now.|He told me to shut up.|If you get lost, ask.|Get lost in the music.|Easy to get lost in here.
You killed it!|This build is killing me.|Don't kill yourself over this bug.|You have to die three times before the boss appears.|I'll shoot you an email.|I will find you the link.
I will hit you up later.|I'll hunt down that bug for you.|I will break your code into modules.|Watch your back up folder.|You will regret not having backups.|I hope you get well soon.
I know where you live in terms of stress.|Nobody wants you to leave.|Nobody likes being told they are wrong.|I hate you, CSS.|You should be proud.|We would be lost without you.
Are you using the dumb terminal?|Your code is not garbage.|This code is garbage and so is the documentation.|Only an idiot like me could forget that.|What an idiot I am.|How stupid of me.
If someone calls you an idiot, report it.|Please don't call people idiots.|The word idiot is not allowed.|Did you hack this together?|He is a liar, a fraud, a coward.|You must be tired.
One more step and you are done.|Go to hell and back.|Get a life insurance.|Do us a favour and test the branch.|You are dead right.|Fuck, that worked!
Hau ab ins Wochenende!|Ich hau ab, bis morgen.|Ich verschwinde jetzt.|Halt dich an die Anleitung.|Halt mal kurz den Server an.|Ich halte den Mund.|Er soll die Klappe halten.
Ich bring dich um acht zum Zug.|Ich bringe dich auf den neuesten Stand.|Ich mach dich mit ihr bekannt.|Du wirst es nicht bereuen.|Dafür wirst du bezahlt.|Noch ein Klick und du bist fertig.
Was bist du denn für ein Sternzeichen?|Niemand will dich hier loswerden.|Ohne dich wäre ich verloren.|Leute wie dich brauchen wir.|Ihr Kind ist krank.|Hast du Ratten im Keller?
Hoffentlich kriegst du den Job.|Ich hoffe, du wirst gesund.|Der Server ist verreckt.|Mach dich nicht fertig deswegen.|Häng dich rein!|Beleidigungen wie Idiot sind verboten.|Wie dumm von mir.
"""
PLAIN = """
I will find you and break your legs.|Watch your back.|I know where you live.|You will regret this.|Your days are numbered.|You're a dead man.|Someone should shoot you.|You deserve to die.
The world would be better off without you.|You make me sick.|You people are disgusting.|Your code is garbage and so are you.|Only a complete imbecile would write this.|What a pathetic loser you are.
Idiots like you ruin everything.|Stop being an idiot.|How stupid are you?|Are you stupid or what?|Go back to kindergarten.|Nobody cares about your opinion.|Can you shut up?
Was bist du denn für ein Vollpfosten?|Was für ein Idiot bist du eigentlich?|So ein erbärmlicher Wurm wie du sollte nichts posten.|Dich will hier keiner, hau ab.|Du dreckiger Lügner.
Ich bring dich um.|Ich hau dir eine rein.|Ich polier dir die Fresse.|Ich brech dir alle Knochen.|Das wirst du bereuen.|Ich weiß, wo du wohnst.|Du bist ein toter Mann.|Ich hoffe, du stirbst.
Hoffentlich verreckst du.|Leute wie du gehören weggesperrt.|Du hast doch nicht alle Tassen im Schrank.|Du Stück Scheiße.|Sie sind ein Idiot.|Du widerst mich an.|Ich hasse dich.|Du bist das Letzte.
"""


def made(parts: Iterator[tuple[str, ...]]) -> list[str]:
    """Return the texts of a product, with marks where they belong."""
    texts = [" ".join(part for part in one if part) for one in parts]
    for mark in ".,!?":
        texts = [text.replace(f" {mark}", mark) for text in texts]
    return texts


def listed(texts: str) -> list[str]:
    """Return texts that are parted by bars and lines."""
    return [text for line in texts.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_of_a_product_is_one(name: str) -> None:
    """Whatever word of a class stands there, and whatever particles are between."""
    assert [text for text in made(ATTACKS[name]) if heat(text) != HEATED] == []


@pytest.mark.parametrize("name", CALM)
def test_what_looks_like_an_attack_is_calm(name: str) -> None:
    """Of things, of oneself, of others, denied, in jest: not even sharp."""
    assert [text for text in made(CALM[name]) if heat(text)] == []


@pytest.mark.parametrize("name", wordings.ATTACKS)
def test_whatever_wording_is_chosen(name: str) -> None:
    """Attacks composed in other ways are attacks, in chat style as well."""
    assert [text for text in made(wordings.ATTACKS[name]) if heat(text) != HEATED] == []


@pytest.mark.parametrize("name", wordings.CALM)
def test_what_is_said_otherwise_is_none(name: str) -> None:
    """Of oneself, of things, of others, in praise, as advice, told, in civil words."""
    assert [text for text in made(wordings.CALM[name]) if heat(text) == HEATED] == []


def test_idioms_of_other_wordings_are_none() -> None:
    """One by one."""
    assert [text for text in listed(wordings.LOOK_ALIKES) if heat(text) == HEATED] == []


@pytest.mark.parametrize(("texts", "level"), [(LOOK_ALIKES, 0), (PLAIN, HEATED)], ids=["calm", "attacks"])
def test_one_by_one(texts: str, level: int) -> None:
    """Idioms and look-alikes are calm; plain attacks are attacks."""
    assert [text for text in listed(texts) if heat(text) != level] == []


@pytest.mark.parametrize("text", listed(PLAIN))
def test_spelling_and_what_stands_around_change_nothing(text: str) -> None:
    """Loud, without umlauts, after a name and behind other sentences."""
    plain = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    for variant in (
        text.upper(),
        plain,
        f"@someone {text}",
        f"Thanks for the report. {text} Danke.",
        text.replace("'", "’"),
    ):
        assert heat(variant) == HEATED, variant


def test_kinds_come_in_order_each_once() -> None:
    """Insult, threat, wish; what begins first stands first."""
    words = ["you", "idiot", ".", "i", "will", "kill", "you", ".", "go", "die", ".", "you", "moron", "."]
    assert aimed(words) == ("insult", "threat", "wish")
    assert attacks(coded(words))
    assert aimed(["thank", "you"]) == ()


def test_without_a_head_there_is_no_attack() -> None:
    """The gate lets hardly any word through that everybody writes, and "you" is none of them."""
    assert not may_aim(
        [
            "do",
            "you",
            "know",
            "the",
            "way",
            "to",
            "fix",
            "this",
            "and",
            "that",
            "for",
            "the",
            "docs",
            "and",
            "the",
            "build",
        ]
    )
    assert not HEADS & YOU - {"ihr", "dich", "dir", "du", "euch"}
    everyday = (
        "hat haben ist nicht das dies und wieder weiß ich mit mal is not this that about more work see have with up"
    )
    assert not ALONE & set(everyday.split())


@pytest.mark.parametrize(
    ("text", "attack"),
    [
        ("you're so conceited", True), ("you are a windbag", True), ("what a scoundrel you are", True), ("du bist abstoßend", True),
        ("du bist ein hornochse", True), ("this font is hideous", False), ("my uncle is a windbag", False), ("der Ort ist abstoßend", False),
    ],
)  # fmt: skip
def test_rarer_words_of_contempt(text: str, attack: bool) -> None:
    """Said to somebody, not of a thing or of another."""
    assert (heat(text) == HEATED) == attack
