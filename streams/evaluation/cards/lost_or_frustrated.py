"""The card of the detector of members who are lost or frustrated."""

from processors.detectors import lost_or_frustrated as detector
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=detector.NAME,
    version=detector.VERSION,
    purpose="Notices a member who is confused, stuck or annoyed at a thing, to offer ways out in a calm tone. Never a reason for something cheerful: for a day nothing of that kind is sent.",
    evidence="Words of it in the first person or about a thing; searches in a row that found nothing or whose hits were not opened; the same task or draft begun again; going back and forth among a few pages. Words about a person are conflict, words of distress are distress: neither counts here.",
    limits="English and German, phrases between which only words of weight may stand: of 32 sentences written after the phrases half were found, and 3 of 16 calm ones were taken for such (they were added then). Without apostrophes or umlauts, and with most slips of longer words, they are the same. Told with a laugh, of others, or as past it is missed on purpose. Pages are known by clicks; who reads without clicking is not seen. There is no labelled data for it: no figure of precision is known. In 118,800 messages of unselected developer chats words of it stand in 5 to 26 of 10,000.",
    thresholds=(
        Threshold("SIGNS", detector.SIGNS, "weight of signs within the hour; a single sign is an ordinary moment, and help that nobody needs is a nuisance"),
        Threshold("SEARCHES", detector.SEARCHES, "in a row; two are an ordinary search"),
        Threshold("AGAIN", detector.AGAIN, "attempts at the same thing; two are a correction"),
        Threshold("PAGES", detector.PAGES, "visits that go round among three pages at most; fewer are reading"),
        Threshold("REST", detector.REST, "seconds; a second offer on the same day would be pushing"),
    ),
    tasks=(),
    microseconds=2.2,  # python -m tests.benchmarks.detecting, alone, on a busy machine
    worst=70,
)  # fmt: skip
