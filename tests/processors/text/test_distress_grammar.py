"""The grammar: tables that are sound, classes that compose, bounded work."""

import random
from itertools import count, islice, product

import pytest

from processors.text.distress import GRAMMARS, LANGUAGES, TIERS, assess, gates
from processors.text.distress_grammar import OPENERS_MAX, Grammar
from processors.text.distress_reading import (
    DENSE_READ,
    MASKS_MAX,
    TOKENS_MAX,
    clauses,
    gate_words,
    own_words,
    pieces,
    plain,
)
from tests.benchmarks import hard_texts

UNTIERED = {"weak", "grief", "concern", "advice", "recovered"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_is_sound(language: str) -> None:
    """Every kind has its tier or its own handling; every class serves a rule, or ends or leaves a clause."""
    grammar = GRAMMARS[language]
    assert set(grammar.classes) - grammar.serving <= {"FILLER", "CONJ", "MORE", "END"}
    assert {kind for kind, _ in grammar.sequences} <= {*TIERS, *UNTIERED}
    assert grammar.gate
    assert grammar.anywhere | grammar.supposed <= set(grammar.classes)
    assert {"me", "you", "if", "reported", "past", "jest", "domain", "negation"} <= set(grammar.words)


def test_parts_compose() -> None:
    """Who x wish x object x degree: sentences that stand in no list, from a few parts each."""
    who = ("I", "honestly I", "Some days I")
    wish = ("want to", "just want to", "really wish I could")
    what = ("die", "disappear forever", "fall asleep and never wake up")
    told = [f"{a} {b} {c}." for a, b, c in product(who, wish, what)]
    assert [text for text in told if assess(text).tier < 2] == []
    wer = ("Ich", "Manchmal", "Oft")
    will = {"Ich": "will {}", "Manchmal": "will ich {}", "Oft": "möchte ich {}"}
    sterben = ("einfach nur sterben", "nicht mehr leben", "tot sein")
    gesagt = [f"{a} {will[a].format(b)}." for a, b in product(wer, sterben)]
    assert [text for text in gesagt if assess(text).tier < 2] == []


def test_a_rule_of_an_unknown_class_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who adds a language is told which classes are missing."""
    table = (
        b'inverted = false\nanywhere = ""\nsupposed = ""\n[classes]\nI = "i"\nFILLER = "so"\nCONJ = "and"\nMORE = "more"\nEND = "now"\n'
        b'[rules]\nwish = "I WNAT"\n[contractions]\n[vetoes]\n[words]\nlight = ""\n'
    )
    monkeypatch.setattr("processors.text.distress_grammar.get_data", lambda *_: table)
    with pytest.raises(ValueError, match="WNAT"):
        Grammar("xx")


@pytest.mark.parametrize(
    "text",
    [
        "i want to k1ll mys3lf",
        "i want to k i l l m y s e l f",
        "I want to ki*l myself",
        "і wаnt to kіll myself",
        "I WANT TO KILL MYSELF",
        "I sooooo waaant to die",
        "ich moechte nicht mehr leben",
        "Ich möchte nicht mehr leben",
    ],
)
def test_evasion_and_spelling_are_undone(text: str) -> None:
    """Digits, blanks, asterisks, look-alike letters, capitals, stretched words, umlauts written out."""
    assert assess(text).tier >= 2


@pytest.mark.parametrize(
    "text",
    [
        "i want to " * 5000,
        "i do not want to live anymore " * 2000,
        "ich will nicht mehr " * 3000,
        "k i l l " * 5000,
        '"' * 9000 + "die",
        "a*" * 9000 + " die",
        "😂" * 9000 + " die",
        ">" * 9000 + "\n" * 9000 + "die",
        "\u0301" * 9000 + "die",
    ],
)
def test_work_is_bounded_whatever_is_written(text: str) -> None:
    """Long and repetitive input is cut before work: tokens and steps of the walk stay within bounds."""
    words = own_words(text)
    for grammar in GRAMMARS.values():
        sentences = clauses(words, grammar.vocabulary)
        assert sum(map(len, sentences)) <= 3 * TOKENS_MAX
        steps = 0
        for sentence in sentences:
            steps += sum(len(grammar.edges(sentence, index)) for index in range(len(sentence)))
        grammar.statements(grammar.said(sentences))
        grammar.meetings(grammar.said(sentences))
        assert steps <= 60 * TOKENS_MAX
    assert assess(text).tier in range(4)


def test_the_gate_reads_plain_words() -> None:
    """Punctuation and apostrophes go, digits are read as letters, umlauts are written out."""
    assert gate_words("I can't, MÜDE; su1c1de!") == ["i", "cant", "muede", "suicide"]


def test_a_wall_of_beginnings_is_read_at_its_beginning_and_its_end() -> None:
    """More words that begin a statement than people write, and more masks, are passed over in the middle; the rest is read."""
    wall = "i have. my life. " * 40
    assert assess(f"i feel hopeless. {wall}").tier == 2
    assert assess(f"{wall} i feel hopeless.").tier == 2
    grammar = GRAMMARS["en"]
    sentences = clauses(own_words("i feel hopeless. " * 80), grammar.vocabulary)
    assert 0 < len(grammar.statements(grammar.said(sentences))) <= OPENERS_MAX * 2
    assert "*" not in "".join(pieces("x*y " * 200)[MASKS_MAX:])


def test_a_stretched_or_accented_word_is_read_as_it_is_meant() -> None:
    """Runs of a letter shrink to two or one; accents and look-alike letters go, however many kinds there are."""
    assert clauses("i am soooo tireddd", GRAMMARS["en"].vocabulary)[0][-1] == "tired"
    assert plain("\u0434\u0456\u0435".replace("\u0434", "d")) == "die"
    marks = "".join(chr(code) for code in range(0x300, 0x340))
    assert plain("d" + marks + "ie\u0301") == "die"


def _is_over(text: str) -> bool:
    """Tell whether what is read of a wall says that a bad time is over."""
    read = own_words(text, DENSE_READ)
    return any(
        match.kind == "recovered"
        for one in GRAMMARS.values()
        for _, match in one.statements(one.said(clauses(read, one.vocabulary)))
    )


@pytest.mark.parametrize("kind", ["cues of both", "phrases of both", "statements", "German statements", "lines"])
def test_what_is_said_at_either_end_of_a_wall_is_found(kind: str) -> None:
    """Of a wall of cue words less is read, and hardly ever nothing: a statement before or behind it is as severe as alone, unless words drawn by lot beside it take it back."""
    walls = (hard_texts.KINDS[kind](random.Random(seed))[:4000] for seed in count(2))
    chosen = list(
        islice((wall for wall in walls if not _is_over(wall)), 8)
    )  # which lightens all, as jest and talk of machines do
    before, behind = [], []
    for wall in chosen:
        calm = " ".join(
            word
            for word in wall.split()
            if not any(word.strip(",.!?") in one.words["jest"] | one.words["domain"] for one in GRAMMARS.values())
        )
        before.append(assess(f"I want to kill myself tonight. {calm}").tier)
        behind.append(assess(f"{calm}. Ich will mich umbringen.").tier)
    assert sum(tier >= 2 for tier in before) >= 7, before
    assert sum(tier >= 2 for tier in behind) >= 6, behind


def test_a_long_text_of_two_languages_is_read_where_the_cues_are() -> None:
    """Of each language some words are looked at: those around the cues, wherever they stand."""
    calm = "wir haben das gestern im team besprochen und dann war es gut, sagt mein chef. " * 4
    other = "we talked about it with my boss and then it was fine, she said. " * 4
    assert assess(f"{calm} Ich will nicht mehr leben. {other} I feel lonely here. {calm}").tier == 2


def test_words_of_another_language_do_not_make_a_text_of_two() -> None:
    """An English text with German cues in it is read as English, and the other way round."""
    assert gates("I have been so sad since my cat went, and nobody listens to me; Trauer, they call it").grammars == (
        GRAMMARS["en"],
    )
    assert gates("Ich bin so traurig und mir hilft niemand, das ist depression, sagt mein Arzt").grammars == (
        GRAMMARS["de"],
    )


@pytest.mark.parametrize(
    ("whole", "parted"),
    [
        ("Ich will mich umbringen", "Ich will mich heute Abend einfach nur noch umbringen"),
        ("Ich will mich erhängen", "Ich will mich am liebsten im Wald erhängen"),
        ("Ich will mein Leben beenden", "Ich will mein verdammtes Leben endlich beenden"),
        ("Ich denke an Suizid", "Ich denke seit zwei Wochen an Suizid"),
        ("I want to end my life", "I want to end my whole miserable life"),
    ],
)
def test_words_may_stand_within_a_phrase(whole: str, parted: str) -> None:
    """When, how and where it stands between the parts of a German verb, or a curse before a noun, is as severe as without."""
    assert assess(parted).tier == assess(whole).tier >= 2


@pytest.mark.parametrize(
    "text",
    [
        "ich schaffe das heute nicht mehr",
        "ich stand gestern auf der Brücke und habe Fotos gemacht",
        "ich bringe mich heute noch auf den neuesten Stand",
        "ich stürze mich jetzt in die Arbeit",
        "ich bin heute nicht mehr lange da, um fünf muss ich weg",
        "mein Leben ist voller Meetings",
        "I am tired of living in hotels",
        "I nearly jumped when the train came early",
        "I stood on the bridge yesterday and took photos of the sunset",
        "the sun was burning my skin all day",
    ],
)
def test_what_only_sounds_alike_is_calm(text: str) -> None:
    """The same words of an ordinary day."""
    assert assess(text).tier == 0


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Lasst mich doch einfach sterben", 2),
        ("lasst mich einfach für immer gehen", 0),
        ("ich bin wertlos und hab es nicht verdient zu leben", 2),
        ("ich schaffe es und hab es nicht eilig", 0),
        ("ich bin froh wenn ich tot bin", 2),
        ("ich bin froh dass ich noch lebe", 0),
        ("ich will mich umbringen, kein Witz", 3),
        ("ich will mich umbringen nicht", 0),
        ("I can't bear this life any longer", 2),
        ("I can't bear this keyboard any longer", 0),
        ("ich ertrage dieses Leben keinen Tag länger", 2),
        ("ich ertrage dieses Framework keinen Tag länger", 0),
        ("these suicidal thoughts keep getting louder", 2),
        ("my suicidial thoughts are back", 2),
        ("ich denk nur noch an selbsmord", 2),
        ("tonight is my last night in Lisbon", 0),
        ("heute ist mein letzter Tag in der Firma", 0),
        ("I burned myself with the soldering iron again", 0),
        ("I want to die of embarrassment", 0),
    ],
)
def test_what_parts_or_follows_a_phrase_is_told_from_what_changes_it(text: str, tier: int) -> None:
    """A word that goes on with one phrase may part another; an object may look like a subject; slips of typing are read; everyday endings are calm."""
    found = assess(text).tier
    assert found >= tier if tier else found < 2
