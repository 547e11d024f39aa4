"""The card of the detector of distress language."""

from processors.detectors import distress_language
from processors.text.distress import FAINT_MIN
from processors.text.distress_context import HARDSHIP_WORDS
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=distress_language.NAME,
    version=distress_language.VERSION,
    purpose="Notices an author's own sincere words of distress, in tiers, so that help can be offered in private; and worry about somebody else, for guidance to the one who worries.",
    evidence="Statements composed of word classes, in the first person and the present, meant, not in jest, nor about machines, games or somebody else; the moments of the last three days. Kinds and numbers leave the detector, never words.",
    limits="English and German. It misses indirect and unusual ways of saying: of sentences written afterwards by one of its authors, about half of the severe ones and two thirds of the lower ones were found before they were used to mend it. Stretched letters in the one telling word, and languages mixed within a sentence, pass the gate unseen. It must not be relied on to notice people in distress.",
    thresholds=(
        Threshold("OFFER", distress_language.OFFER, "an offer to somebody who is well is an intrusion and wears trust; so a keyword never makes one"),
        Threshold("RISE", distress_language.RISE, "one heavy evening is life; moments on several days are worth asking about"),
        Threshold("WINDOW", distress_language.WINDOW, "seconds; what was said last week may be over, and remembering it longer would be a health record"),
        Threshold("HARDSHIP_WORDS", HARDSHIP_WORDS, "fewer would raise T1 on everyday complaints; T1 is a card in a help area at most"),
        Threshold("FAINT_MIN", FAINT_MIN, "fewer common words would open the gate for a tenth of all messages"),
    ),
    tasks=("distress", "distress-chat"),
    microseconds=10.0,
    worst=1000.0,
)  # fmt: skip
