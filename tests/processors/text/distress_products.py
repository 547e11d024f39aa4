"""Products of plain parts: who, whether and when, times what would be severe of oneself, now and meant.

Few parts make thousands of sentences, so that rules of the grammar are held and not single phrases. None is quoted from anybody.
"""

from collections.abc import Iterator
from itertools import product

# {self}, {my}, {me}, {he} are of the person; what stands in <> is (first person|third person singular).
STATEMENTS_EN = (
    "<want|wants> to die", "<want|wants> to end {my} life", "<want|wants> to jump off a bridge", "<am|is> going to kill {self}",
    "<have|has> been thinking about ending {my} life", "<think|thinks> about suicide every day", "<am|is> planning to kill {self}",
    "<have|has> decided to take {my} own life", "<feel|feels> suicidal", "<don't|doesn't> want to live anymore",
    "<see|sees> no reason to live", "<have|has> suicidal thoughts", "<am|is> tired of living", "<wish|wishes> {he} was dead",
    "cut {self} again last night", "took an overdose last night", "wrote a suicide note", "would be better off dead",
    "<am|is> thinking about walking into traffic", "took too many sleeping pills last night", "<am|is> this close to ending it all",
    "<don't|doesn't> expect to be alive next year", "<have|has> picked a date and written the letters", "<am|is> ready to kill {self}",
    "<keep|keeps> thinking about driving {my} car into a tree", "would be dead already if {he} had the guts",
)  # fmt: skip
OTHERS_EN = (
    "He", "She", "Anna", "A user", "My little brother", "My tenant", "My friend from school", "Our old teacher", "Her son",
    "Somebody here", "A girl in my class", "The guy next door", "One of our members", "My coworker", "This man",
)  # fmt: skip
TOLD_EN = (
    "{who} {what}.", "{who} told me that {he} {what}.", "{who} says {he} {what}.", "I think {low} {what}.",
    "I can't sleep because {low} {what}.", "{who} {what} and I don't know what to do.", "I'm scared, {low} {what}.",
    "Yesterday {low} wrote that {he} {what}.", "{who} texted me I {own}.",
)  # fmt: skip
ACTS_EN = (
    "die", "kill myself", "end my life", "take my own life", "commit suicide", "hang myself", "jump off a bridge", "hurt myself",
    "jump in front of a train", "walk into traffic", "drive my car into a wall", "end my suffering",
)  # fmt: skip
DENIED_EN = (
    "I don't want to {act}.", "I no longer want to {act}.", "I never wanted to {act}.", "I am not going to {act}.",
    "I would never {act}.", "I have no plans to {act}.", "I have no wish to {act}.", "It's not that I want to {act}.",
    "I never said I want to {act}.", "I didn't try to {act}, it was an accident.", "I don't feel like I want to {act}.",
    "I used to want to {act}.", "Ten years ago I wanted to {act}.", "In 2015 I wanted to {act}.", "At 16 I wanted to {act}.",
    "I once wanted to {act}, but that is over.", "When I was younger I tried to {act}.", "I am glad I didn't {act} back then.",
    "Before therapy I wanted to {act}.", "If you want to {act}, please call somebody.", "I am sorry that you want to {act}.",
    "How do I help somebody who wants to {act}?", "Nobody should think I want to {act}.", "There is no way I would ever {act}.", "My doctor thought I wanted to {act}.",
    "She asked whether I wanted to {act}.",
)  # fmt: skip
SAID_EN = (
    "I {what}.", "i {what}", "Tonight I {what}.", "My boyfriend left and I {what}.", "I told my mother that I {what}.",
    "Ever since my dad died I {what}.", "I'm sorry but I {what}.", "I {what}, please help me.", "Honestly, I really {what}.",
)  # fmt: skip

# (verb of I, verb of others, what follows): main clause, verb behind another word, verb at the end.
STATEMENTS_DE = (
    ("will", "will", "sterben"), ("will", "will", "nicht mehr leben"), ("möchte", "möchte", "nicht mehr aufwachen"),
    ("will", "will", "{mich} umbringen"), ("will", "will", "{mir} das Leben nehmen"), ("will", "will", "von der Brücke springen"),
    ("werde", "wird", "Selbstmord begehen"), ("habe", "hat", "Suizidgedanken"), ("habe", "hat", "keinen Grund mehr zu leben"),
    ("denke", "denkt", "jeden Tag an Selbstmord"), ("bin", "ist", "lebensmüde"), ("mag", "mag", "nicht mehr leben"),
    ("habe", "hat", "zu viele Tabletten genommen"), ("habe", "hat", "{mich} gestern wieder geritzt"),
    ("denke", "denkt", "daran, {mich} umzubringen"), ("habe", "hat", "letzte Woche versucht, {mich} umzubringen"),
    ("überlege", "überlegt", "wie viele Tabletten man braucht"), ("denke", "denkt", "daran, vor den Zug zu gehen"),
    ("habe", "hat", "{mich} absichtlich verletzt"), ("habe", "hat", "genug Tabletten gesammelt"),
    ("hätte", "hätte", "{mich} gestern fast umgebracht"), ("will", "will", "den Schmerz für immer beenden"),
)  # fmt: skip
OTHERS_DE = (
    "Er", "Anna", "Mein Bruder", "Meine Oma", "Jemand im Chat", "Ein Nutzer", "Eine Freundin", "Mein kleiner Bruder",
    "Unsere Lehrerin", "Das Kind", "Ein Mädchen aus meiner Klasse", "Einer meiner Schüler", "Der Typ", "Mein Chef", "Herr Müller",
)  # fmt: skip
TOLD_DE = (
    "{who} {main}.", "{who} sagt, {he} {main}.", "{who} hat mir erzählt, dass {he} {last}.", "Ich glaube, {low} {main}.",
    "Ich kann nicht schlafen, weil {low} {last}.", "{who} {main}, was soll ich tun?", "Seit dem Unfall {behind}.",
    "Ich mache mir Sorgen, {low} {main}.", "{who} hat geschrieben: ich {own}.",
)  # fmt: skip
ACTS_DE = (
    ("", "sterben", "zu sterben"), ("mich", "umbringen", "mich umzubringen"), ("mir", "das Leben nehmen", "mir das Leben zu nehmen"),
    ("mein Leben", "beenden", "mein Leben zu beenden"), ("", "Suizid begehen", "Suizid zu begehen"),
    ("mich", "selbst verletzen", "mich selbst zu verletzen"), ("mir", "etwas antun", "mir etwas anzutun"),
    ("mich", "vor den Zug werfen", "mich vor den Zug zu werfen"), ("mich", "auf die Gleise legen", "mich auf die Gleise zu legen"),
)  # fmt: skip
DENIED_DE = (
    "Ich will {me} nicht {act}.", "Ich will {me} nicht mehr {act}.", "Ich würde {me} nie {act}.", "Niemals würde ich {me} {act}.",
    "Ich werde {me} ganz sicher nicht {act}.", "Es ist nicht so, dass ich {me} {act} will.", "Ich habe nicht vor, {to}.",
    "Ich denke nicht mehr daran, {to}.", "Ich habe nie versucht, {to}.", "Ich habe keinen Drang, {to}.",
    "Ich habe aufgehört, daran zu denken, {to}.", "Mir kommt kein Gedanke daran, {to}.", "Früher wollte ich {me} {act}.",
    "Vor zehn Jahren wollte ich {me} {act}.", "Mit sechzehn wollte ich {me} {act}.", "Als ich jünger war, wollte ich {me} {act}.",
    "Vor Jahren habe ich versucht, {to}.", "Es gab eine Zeit, in der ich {me} {act} wollte.", "Wer sagt, ich will {me} {act}?",
)  # fmt: skip
SAID_DE = (
    "Ich {main}.", "Ehrlich gesagt, ich {main}.", "Heute {behind}.", "Manchmal {behind}.", "Seit mein Vater tot ist, {behind}.",
    "Es tut mir leid, aber ich {main}.", "Mein Freund ist weg und ich {main}.", "Ich {main}, bitte helft mir.",
)  # fmt: skip


def of_others_en() -> Iterator[str]:
    """Yield what is said of somebody else, in English."""
    for who, what, told in product(OTHERS_EN, STATEMENTS_EN, TOLD_EN):
        he = "she" if who in ("She", "Anna", "A girl in my class") else "he"
        low = who if who == "Anna" else who[0].lower() + who[1:]
        yield told.format(who=who, low=low, he=he, what=_of(what, he), own=_of(what, "I"))


def taken_back_en() -> Iterator[str]:
    """Yield what is denied, over, or said to somebody, in English."""
    for denied, act in product(DENIED_EN, ACTS_EN):
        whose = {"you": ("yourself", "your"), "who": ("himself", "his")}.get(
            denied.split(" want")[0][-3:], ("myself", "my")
        )
        yield denied.format(act=act.replace("myself", whose[0]).replace("my ", f"{whose[1]} "))


def own_en() -> Iterator[str]:
    """Yield what the author says of themselves, now, in English; with typographic apostrophes and without."""
    for said, what in product(SAID_EN, STATEMENTS_EN):
        text = said.format(what=_of(what, "I"))
        yield from (text, text.replace("'", "’"), text.replace("'", ""))


def of_others_de() -> Iterator[str]:
    """Yield what is said of somebody else, in German."""
    for who, (own, verb, rest), told in product(OTHERS_DE, STATEMENTS_DE, TOLD_DE):
        low = who if who in ("Anna", "Herr Müller") else who[0].lower() + who[1:]
        he = "sie" if who.split()[0] in ("Anna", "Meine", "Eine", "Unsere") else "er"
        what = rest.format(mich="sich", mir="sich")
        now, _, then = what.partition(", ")
        yield told.format(
            who=who, low=low, he=he, main=f"{verb} {what}", behind=f"{verb} {low} {what}",
            last=f"{now} {verb}{', ' if then else ''}{then}", own=f"{own} {rest.format(mich='mich', mir='mir')}",
        )  # fmt: skip


def taken_back_de() -> Iterator[str]:
    """Yield what is denied or over, in German."""
    for denied, (me, act, to) in product(DENIED_DE, ACTS_DE):
        yield " ".join(denied.format(me=me, act=act, to=to).split())


def own_de() -> Iterator[str]:
    """Yield what the author says of themselves, now, in German."""
    for said, (verb, _, rest) in product(SAID_DE, STATEMENTS_DE):
        what = rest.format(mich="mich", mir="mir")
        yield said.format(main=f"{verb} {what}", behind=f"{verb} ich {what}")


def _of(what: str, he: str) -> str:
    """Return a statement of a person."""
    own = he == "I"
    for part in what.split("<")[1:]:
        first, third = part.partition(">")[0].split("|")
        what = what.replace(f"<{first}|{third}>", first if own else third)
    words = {"I": ("myself", "my", "I"), "he": ("himself", "his", "he"), "she": ("herself", "her", "she")}[he]
    return what.format(self=words[0], my=words[1], he=words[2])
