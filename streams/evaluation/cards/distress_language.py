"""The card of the detector of distress language."""

from processors.detectors import distress_language
from processors.text.distress import FAINT_MIN, OWN_MIN
from processors.text.distress_context import HARDSHIP_WORDS, TOGETHER_MAX
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=distress_language.NAME,
    version=distress_language.VERSION,
    purpose="Notices an author's own sincere words of distress, in tiers, so that help can be offered in private; and worry about somebody else, for guidance to the one who worries.",
    evidence="Statements composed of word classes, in the first person and the present, meant, not in jest, nor about machines, games or somebody else; the moments of the last three days. Kinds and numbers leave the detector, never words.",
    limits="English and German. It misses indirect and unusual ways of saying. Of 60 usual ones, written last and not used, 23 of 25 severe English and 12 of 12 severe German ones were found. Of 348 severe ones that were written to be as unusual and indirect as can be, in seven rounds, 7 % were found before concepts were added to the tables from each round; of the last five rounds, read before they were used, 6 to 20 % (English) and 12 to 27 % (German); once used, about two thirds. So a new metaphor is usually missed. Of 68 in plain words that are no formula, read before they were used, 19 of 40 English ones were found (14 by the tables of version 3) and 8 of 28 German ones (4); once used, 30 and 23. Stretched letters in the one telling word, and languages mixed within a sentence, pass the gate unseen. It must not be relied on to notice people in distress.",
    thresholds=(
        Threshold("OFFER", distress_language.OFFER, "an offer to somebody who is well is an intrusion and wears trust; so a keyword never makes one"),
        Threshold("RISE", distress_language.RISE, "one heavy evening is life; moments on several days are worth asking about"),
        Threshold("WINDOW", distress_language.WINDOW, "seconds; what was said last week may be over, and remembering it longer would be a health record"),
        Threshold("HARDSHIP_WORDS", HARDSHIP_WORDS, "fewer would raise T1 on everyday complaints; T1 is a card in a help area at most"),
        Threshold("TOGETHER_MAX", TOGETHER_MAX, "the tier that cues in any order reach; a plan or an attempt told by them alone would call people to the queue on weaker evidence"),
        Threshold("OWN_MIN", OWN_MIN, "common words count beside a word of oneself, or so many together; each alone would open the gate for calm messages about things"),
        Threshold("FAINT_MIN", FAINT_MIN, "fewer common words would open the gate for a tenth of all messages"),
    ),
    tasks=("distress", "distress-chat"),
    microseconds=2.8,  # python -m tests.benchmarks.detecting, alone, on a busy machine
    worst=1280,
)  # fmt: skip
