"""The card of the detector of conflict."""

from processors.community import thread_heat
from processors.detectors import conflict
from processors.text.conflict_weights import tables
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=conflict.NAME,
    version=conflict.VERSION,
    purpose="Notices when a thread or channel is heated, so that staff can take a calm look; explains to authors, to those aimed at and to reporters what a moderator's step or a report means. It judges nobody, and nobody is told a score.",
    evidence="Attacks on the one addressed (insult, threat, wish of death) by rules over classes of words, with who is meant, denial, report and jest; a learned score of offence where somebody is addressed; flags; moderators' steps; who, where and when. Words alone are a forecast, and a forecast alone never acts: a place is heated when two sides keep at it, when people flag what was sharp, or when a moderator steps in.",
    limits="English and German. Irony, coded insults and quarrels without sharp words are not seen. Of attacks in freely chosen words that no rule was written for one in five is known (three lists, 180 attacks and 180 calm look-alikes, scored before the rules were widened for them: 15, 23 and 25 % found, one calm text false); of those that rules were widened for eight or nine in ten, so that kinds of wordings are missing, not words of them. Of four lists written later (160 attacks, 160 calm look-alikes, two registers in each language) the rules knew 28 % at first sight, and one calm text was false. A laugh in a message makes an insult in it none, but for wishes of death and the gravest words. With a slip in one longer word three of four attacks of plain form are still known. Threats are known by verbs of harm, parts of the body and some hints. Slurs are left to the learned score. whom words without a name or a reply are for is not known. The learned score knows the tone of tweets and of issue trackers. The figures below are of the very texts that it learned from; on texts held out (five parts, three ways to part them) it reached macro F1 0.78 and AUC 0.87 in German; in English, with whole threads held out, macro F1 0.70, AUC 0.78 and recall 0.21 at precision 0.8, and the same with whole projects held out: no better than a plain logistic regression beyond chance. It tells insults and threats best (AUC 0.86 to 0.92 against calm comments) and irony, mockery and impatience worst (0.71 to 0.74). Of Reddit comments that it had not seen it told hostile ones with AUC 0.83; their like was learned from. In 346,000 messages of unselected developer chats 0 to 3 of 10,000 were attacks and 1 to 5 sharp. The score is learned from texts of which every third or fourth is offensive: of messages of a calm chat, brief ones mostly, it still puts some above one half; the border of what is sharp is for chats.",
    thresholds=(
        Threshold("SUSTAINED", thread_heat.SUSTAINED, "sharp posts in all; staff reads a calm thread in vain, and stops trusting the notices"),
        Threshold("EACH", thread_heat.EACH, "by each of two sides; one angry post is no quarrel, and an attacked person is no side"),
        Threshold("CHAT_WINDOW", thread_heat.CHAT_WINDOW, "seconds; unrelated sharp words of one day in a busy channel would add up"),
        Threshold("THREAD_WINDOW", thread_heat.THREAD_WINDOW, "seconds; a quarrel in a thread goes on overnight"),
        Threshold("REST", thread_heat.REST, "seconds; a second notice of the same quarrel tells staff nothing new"),
        Threshold("sharp (German)", round(tables()[0].sharp, 2), "margin at which 94 of 100 held-out texts were rightly called offensive"),
        Threshold("sharp (English)", round(tables()[1].sharp, 2), "90 of 100, and at least the margin that no more than 5 of 10,000 messages of calm chats exceed"),
    ),
    tasks=("conflict",),
    microseconds=1.7,  # python -m tests.benchmarks.detecting, alone, on a busy machine
    worst=145,
)  # fmt: skip
