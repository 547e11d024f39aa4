"""The card of the detector of distress language."""

from processors.detectors import distress_language
from processors.text.distress import FAINT_MIN
from processors.text.distress_context import HARDSHIP_WORDS, TOGETHER_MAX
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=distress_language.NAME,
    version=distress_language.VERSION,
    purpose="Notices an author's own sincere words of distress, in tiers, so that help can be offered in private; and worry about somebody else, for guidance to the one who worries.",
    evidence="Statements composed of word classes, in the first person and the present, meant, not in jest, nor about machines, games or somebody else; the moments of the last three days. Kinds and numbers leave the detector, never words.",
    limits="English and German. It misses indirect and unusual ways of saying: of 250 made-up sentences in five lots, each lot read before it was used to mend the tables, 44 to 57 % of the severe English ones were found at first sight (37 to 44 % by the tables before), 50 to 87 % of the severe German ones (40 to 80 %), and about half of the lower English ones; of all of them together, once used, nine in ten. Those were written to be unusual; of 60 usual ones, written last and not used, 23 of 25 severe English, 12 of 12 severe German, 10 of 15 lower English and 8 of 8 lower German ones were found. Stretched letters in the one telling word, and languages mixed within a sentence, pass the gate unseen. It must not be relied on to notice people in distress.",
    thresholds=(
        Threshold("OFFER", distress_language.OFFER, "an offer to somebody who is well is an intrusion and wears trust; so a keyword never makes one"),
        Threshold("RISE", distress_language.RISE, "one heavy evening is life; moments on several days are worth asking about"),
        Threshold("WINDOW", distress_language.WINDOW, "seconds; what was said last week may be over, and remembering it longer would be a health record"),
        Threshold("HARDSHIP_WORDS", HARDSHIP_WORDS, "fewer would raise T1 on everyday complaints; T1 is a card in a help area at most"),
        Threshold("TOGETHER_MAX", TOGETHER_MAX, "the tier that cues in any order reach; a plan or an attempt told by them alone would call people to the queue on weaker evidence"),
        Threshold("FAINT_MIN", FAINT_MIN, "fewer common words would open the gate for a tenth of all messages"),
    ),
    tasks=("distress", "distress-chat"),
    microseconds=11.5,  # over a developer chat 14.5 a message on a busy machine, without cues in any order 10; a worst text 1,400, without 1,150
    worst=1400.0,
)  # fmt: skip
