"""Questions, and whose need they ask for."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text.question import EVIDENCE, QuestionKind, kind_of, look, question_kind
from processors.text.question_model import read
from streams.evaluation.figures import precision_recall_f1
from streams.evaluation.learning.question_texts import NONE, OTHER, OWN_NEED


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How do I mount this partition?", QuestionKind.OWN_NEED),
        ("anyone know a good mail reader?", QuestionKind.OWN_NEED),
        ("I can't get the printer to work, any ideas?", QuestionKind.OWN_NEED),
        ("Wie kann ich die Partition einbinden?", QuestionKind.OWN_NEED),
        ("did you try to restart it?", QuestionKind.OTHER),
        ("which version are you on?", QuestionKind.OTHER),
        ("thanks, that helped", QuestionKind.NONE),
        ("see https://example.org/?q=1", QuestionKind.NONE),
        ("> how do I do this?\nuse the menu", QuestionKind.NONE),
        ("", QuestionKind.NONE),
    ],
)
def test_kinds_of_questions(text: str, kind: QuestionKind) -> None:
    """Own needs, other questions, none: only fresh words count."""
    assert question_kind(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "I can't get the wifi to work on my laptop", "can't connect to the lobby", "my keyboard stopped working after the update",
        "need help with the invoice form, it keeps jumping back", "stuck on step 3 of the tutorial since yesterday", "what does the yellow sign mean?",
        "looking for a quiet place to practise drums", "When does the library open?", "how much is the yearly plan",
        "Weiß jemand wie man das Passwort ändert", "Brauche Hilfe bei der Anmeldung", "Welches Kabel brauche ich dafür?", "Wann kommt das nächste Heft?",
        "Bei mir startet das Spiel nicht mehr", "Ich kann die Anhänge nicht öffnen", "Das Formular lässt sich nicht speichern", "Mein Drucker druckt nur noch weiß, kennt das wer?",
        "seit dem Umstieg kann ich keine Fotos mehr hochladen", "Suche jemanden zum Üben", "Habt ihr Tipps gegen Blattläuse?", "Is the line for tickets still open?",
    ],
)  # fmt: skip
def test_a_plain_need_is_read_without_mark_or_please(text: str) -> None:
    """What its author needs, asked or said, in either language."""
    assert question_kind(text) is QuestionKind.OWN_NEED


@pytest.mark.parametrize(
    "text",
    [
        "If you can't log in, clear the cache", "I couldn't log in yesterday, it works again", "wenn ich die Datei nicht öffnen kann, frage ich Ben",
        "but then I can't open it", "ben: I can't open it without the key", "I can't wait to open it", "I can't believe it", "You can't open it on a phone",
        "She needs help with the form", "let me know if you need help", "I need a coffee", "My cat can't open the door", "I don't need help",
        "Ich brauche keine Hilfe", "Wer Hilfe braucht, meldet sich bei mir", "Ich kann heute nicht kommen", "Ich finde das nicht schlimm",
        "Bei mir hat ein neues Kabel geholfen", "Auf dem Handy geht das nicht", "wie gesagt, das Fest fällt aus", "Ich weiß, wie man das macht",
    ],
)  # fmt: skip
def test_trouble_of_others_supposed_addressed_or_over_is_none(text: str) -> None:
    """Answers, offers, news and small talk with the words of a request."""
    assert question_kind(text) is QuestionKind.NONE


@pytest.mark.parametrize(
    "text", ["Wie geht's euch?", "Soll ich dir den Plan schicken?", "Want me to have a look?", "Who is in for cake?"]
)
def test_talk_and_offers_are_other_questions(text: str) -> None:
    """They ask, but not for what the author needs."""
    assert question_kind(text) is QuestionKind.OTHER


def test_texts_of_our_own_writing_are_read_right() -> None:
    """Nearly all of them; they are learned from, so that this is a floor and no figure."""
    told = [(question_kind(text), label) for label, texts in enumerate((NONE, OTHER, OWN_NEED)) for text in texts]
    assert precision_recall_f1([(kind is QuestionKind.OWN_NEED, label == 2) for kind, label in told])[2] > 0.97
    assert precision_recall_f1([(kind is not QuestionKind.NONE, label >= 1) for kind, label in told])[2] > 0.97


@pytest.mark.parametrize("word", ["textbook", "phone", "line"])
def test_a_word_that_ends_like_a_rhetorical_tag_is_none(word: str) -> None:
    """ "ok?" and "ne?" are tags; "book?" is not."""
    assert question_kind(f"Where can I buy a {word}?") is QuestionKind.OWN_NEED


@pytest.mark.parametrize("greeting", ["hi, ", "ok: ", "hi!, ", "so and but "])
def test_repeated_greetings_cost_no_more_than_their_length(greeting: str) -> None:
    """A flood of greetings is read in linear time; with backtracking over them this would take years."""
    begin = perf_counter()
    question_kind(greeting * 1000 + "my zz?")
    question_kind(greeting * 60 + "my zz?")
    assert perf_counter() - begin < 1.0


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("phrase of need", words)
        for words in (
            "how can i mount it", "is there any list", "are there any lists", "anyone here know it", "somebody got it", "does anyone mind",
            "has anybody seen it", "can anyone say", "could somebody say", "any ideas", "may i ask", "should i go", "where do i look",
            "what do i say", "which of the two should i take", "what's the best way", "why doesn't it start", "am i right", "i'm stuck",
            "i need help", "i can't see it", "please help", "so help me", "need some help", "my old printer won't start", "wie geht das",
            "wo ist das", "gibt es das", "kennt jemand das", "weiß wer das", "weiss jemand das", "hat jemand zeit", "kann ich das",
            "ich suche das", "was soll ich tun", "jemand eine idee",
        )
    ]
    + [
        ("phrase to another", words)
        for words in (
            "did you see", "do your lists work", "what's your name", "which u", "how ur doing", "what version do you use",
            "did you try", "you mean that", "hast du das", "kannst du das", "meinst du das", "habt ihr das", "welche version hast du",
        )
    ],
)  # fmt: skip
def test_every_phrase_passes_the_look_before_its_pattern(evidence: str, words: str) -> None:
    """A pattern is searched only where a word of it stands; no phrase may fail to be looked for."""
    for text in (words, f"hello: well, {words}?", f"so,{words}"):
        assert dict(zip(EVIDENCE, look(text, read()), strict=True))[evidence], text


SAID = "how do i mount is there any help my you did hast du error und ? . , the printer won't work i can't open it stuck anyone which you ich kann das nicht öffnen bei mir"


@given(st.lists(st.sampled_from(SAID.split()), max_size=30))
def test_an_early_leave_concludes_what_the_whole_evidence_does(words: list[str]) -> None:
    """Where neither phrase nor mark makes it a question any more, the rest is not looked at."""
    text, weights = " ".join(["how", "printer", *words]), read()
    assert question_kind(text) is kind_of(look(text, weights), weights)


@pytest.mark.parametrize(
    "text",
    [
        "wheres the link for the homework upload cant find it anywhere", "yo how do u change ur nickname in here", "i bought the pass yesterday but it still says locked whats going on",
        "my order still hasnt arrived its been 2 weeks who do i contact", "help i accidentally deleted the whole album", "whens the deadline for the photo contest", "how tf do i cancel this subscription",
        "i need someone to proofread my cover letter its due tonight", "keep losing connection in the middle of a match", "ive been charged twice for the same ticket pls help",
        "weiß jmd ob das treffen am do noch stattfindet", "hab mir gestern den pass gekauft aber der is immer noch gesperrt was mach ich falsch", "gibts irgendwo ne liste mit den terminen",
        "versteh nicht wie die punkte berechnet werden", "mein päckchen is seit 2 wochen unterwegs an wen muss ich mich da wenden", "hat sonst noch wer lags seit heute morgen",
        "brauch mal hilfe beim router einrichten das licht bleibt rot", "verkauft jemand ein gebrauchtes cello", "ab welchem alter darf man mitmachen", "ich brauch jemanden der heute noch mein anschreiben korrekturliest",
    ],
)  # fmt: skip
def test_a_need_without_any_mark_in_the_words_of_chats(text: str) -> None:
    """Short forms, no subject, the question at the end of a long line."""
    assert question_kind(text) is QuestionKind.OWN_NEED


@pytest.mark.parametrize(
    "text",
    [
        "u just have to click on the gear icon then export", "no idea sorry maybe ask in the other channel", "if u cant find it try the search bar", "how i wish it was summer already", "thats why i never buy those",
        "freut mich dass es jetzt klappt", "wer auch immer den kuchen gemacht hat ist genial", "ich glaub er meinte freitag", "kannst deinen hund ruhig mitbringen", "wenn du um 6 kommst reicht das",
        "such a lovely day", "nicht die beste idee", "so kann man das auch sehen", "which brings us to the last point", "what is really needed is a longer break",
    ],
)  # fmt: skip
def test_talk_without_any_mark_is_none(text: str) -> None:
    """Answers, wishes and small talk in the same style."""
    assert question_kind(text) is not QuestionKind.OWN_NEED


def test_slips_of_what_leads_to_a_question_are_put_right_too() -> None:
    """A question how everyone is asks for nothing."""
    assert question_kind("how is evryone") is question_kind("how is everyone") is QuestionKind.NONE
