"""The card of the detector of repeated, common and unanswered questions."""

from processors.community.chat_answers import WEIGHTS
from processors.community.content_gaps import RESTS
from processors.community.open_questions import UNANSWERED_CHAT, UNANSWERED_THREAD
from processors.community.question_clusters import ALIKE
from processors.community_partition import EXPLAINED, HELPER_CONTENT_MIN, MANY
from processors.detectors import repeated_question
from processors.playbooks.catalog_search import SURE
from processors.text.similarity import LIFT_MAX
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=repeated_question.NAME,
    version=repeated_question.VERSION,
    purpose="Tells questions of a member's own need; finds the same question asked again, by the same member or by many, questions that nobody answers, and what moderators explain again and again.",
    evidence="The fresh words of a post (code, quotes and links cut away), as hashed n-grams, stems and static word vectors; who wrote in which thread or channel, whom they named, and when.",
    limits=(
        "English and German. A need is known by phrases and by how the words sound; in 135 plain sentences of our own, set aside before the phrases were written by the same hand, "
        "own needs were told with precision 0.97 and recall 0.91 (before these phrases: 1.00 and 0.23). Said without a question, trouble counts as a need where it begins a matter: not put to somebody by name, "
        "gone on with, supposed or over. Of 80 more plain needs that nobody had looked at 0.97 (English) and 0.85 (German) were told, within 0.03 however they were typed, but for a slip a word (0.97, 0.75), no mark at all (0.95, 0.82), "
        "somebody's name before (0.70, 0.60) and the middle of a long message without marks (0.4, 0.2). Of 40 needs in the style of chats, set aside, 0.65 and 0.50 were told at first sight (before: 0.55 and 0.35). In meetings and tweets more is taken for a need that is none. "
        "The word vectors were learned from English, and know of German what a glossary of a thousand words gives them. "
        "Of 25 pairs of German questions of one need, written after the glossary, 15 are found in a community that has said nothing yet; of 25 of one form and another need none is taken for the same (before: 10 and 9); of 22 such English pairs each 18 and 2. "
        "The vectors were learned on chats of two of the data sets below, and the balance and the threshold were chosen on all of them: "
        "expect strangers to do a little worse. "
        "Short questions of one form that differ in one word may be taken for the same, above all while a community is young. "
        "Questions in quite other words are not found: on english.stackexchange.com the threshold finds one duplicate in seven. Where one "
        "unrelated pair in a thousand may be taken for the same, we find nine in twenty of them, and the encoder that taught the vectors ten "
        "(by titles alone six, and four); a community has thousands of pairs for each question, so the threshold is stricter still. "
        "In a busy channel, a question whose answer names nobody and shares no word with it is told as unanswered. "
        "Which resource answers a question is told only where the words nearly agree; 115 to 150 microseconds a question at 500 resources. "
        "The same words by several members within a quarter of an hour count as one: a raid or a feed."
    ),
    thresholds=(
        Threshold(
            "ALIKE",
            ALIKE / 1000,
            "a wrong match sends the answer to another question to somebody, which costs more trust than a missed repeat: precision 0.9 on labelled re-asks, at most one unrelated pair in a thousand in each of nine communities",
        ),
        Threshold(
            "LIFT_MAX",
            LIFT_MAX / 1000,
            "by how much meaning may lift the likeness of the words: more, and sentences of one form fall together",
        ),
        Threshold("MANY", MANY, "members within a week: two may be friends or one person with two accounts"),
        Threshold("EXPLAINED", EXPLAINED, "times within a month: a template offered after two would nag"),
        Threshold(
            "WEIGHTS.least",
            WEIGHTS.least / 1000,
            "nats, that is one chance in two that some line so far was an answer; a question wrongly taken for answered leaves somebody without help, one that is missed sends a needless hint: both cost about the same",
        ),
        Threshold(
            "UNANSWERED_CHAT", UNANSWERED_CHAT, "seconds; 98 % of first answers in chats come within four minutes"
        ),
        Threshold("UNANSWERED_THREAD", UNANSWERED_THREAD, "seconds; sooner is normal in threads"),
        Threshold(
            "SURE",
            SURE / 1000,
            "a wrong page under somebody's question costs more trust than none: a third of answerable questions get none for it",
        ),
        Threshold("RESTS", RESTS, "seconds; a gap that nobody meets for two weeks needs no page"),
        Threshold(
            "HELPER_CONTENT_MIN",
            HELPER_CONTENT_MIN,
            "content words; short answers are alike by chance, and a template for them would be an insult",
        ),
    ),
    # python -m tests.benchmarks.detecting, on a busy machine: of one's own words 5.4 before and 4.1 now (a quarter less in alternating turns), the community stage with 10,000 clusters 19
    microseconds=23.0,
    worst=470.0,  # a cluster search among 10,000 live clusters; mean 240; reading of a question 165
    tasks=("question", "reask", "similar-questions", "duplicate-pairs", "unanswered", "resource-search"),
)
