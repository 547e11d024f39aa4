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
    limits="English and German. It misses indirect and unusual ways of saying. Of plain severe statements written before the tables of this version were touched, and opened once, 26 of 40 English and 28 of 40 German ones were found (24 and 23 by the tables before); of 40 more each, opened when they were half done, 27 and 32 (25 and 25); of 40 more each, written afterwards and less usual, 28 and 19 (27 and 16). So about two of three are found that say it plainly, one of two that say it in their own way, and of new metaphors 6 to 27 %. Of calm texts that borrow the very wordings (others, the past, games, things) some look severe at first sight: 7 of 40 written last. One person wrote and labelled them all. Stretched letters in the one telling word, and languages mixed within a sentence, pass the gate unseen. It must not be relied on to notice people in distress.",
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
