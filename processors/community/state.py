"""Community state: questions that wait for an answer, and clusters of questions that are alike; bounded and expiring."""

import msgspec

CLUSTERS_MAX = 10_000  # live clusters per community
ASKS_MAX = 16  # asks remembered per cluster
HELPERS_MAX = 4  # members remembered per cluster who answered
OPEN_MAX = 5_000  # open questions per community
EXPIRES = 30 * 86400  # seconds without a further ask
FREQUENCIES_MAX = 20_000
PAGES = 64
SPEAKERS_MAX = 96  # names remembered per channel
# A kill of the member stage repeats at most what one cut held: after a pause, a second's folding at full speed, some 9,000 posts.
# Ids older than this are not remembered; what is repeated later still counts again, though for a restored state as for one that went on.
SEEN_MAX = 16_384
CHANNELS_MAX = 500  # channels whose speakers are remembered, per community


class Ask(msgspec.Struct, array_like=True, gc=False):
    """One ask of a cluster: who, when (epoch seconds), the event's id, whether it copies somebody else's words, and where."""

    member: str
    time: int
    event: str
    copy: bool = False
    thread: str = ""


class Cluster(msgspec.Struct, array_like=True, gc=False):
    """Questions alike: the stems of the first (with how often each stood, and its vector), the last asks, how many in all.

    `touched` orders clusters by their last ask; `answered` is when a resource last answered one (epoch seconds); `best` the best answer
    by people: how sure it is (`content_gaps.RANKS`), its thread and its post; `helpers` who answered such a question, as (member,
    epoch s of the last time), the latest last.
    """

    number: int
    terms: tuple[str, ...]
    asks: list[Ask]
    count: int = 1
    counts: bytes = b""
    vector: bytes = b""
    touched: int = 0
    answered: int = 0
    best: tuple[int, str, str] = (0, "", "")
    helpers: tuple[tuple[str, int], ...] = ()


class OpenQuestion(msgspec.Struct, array_like=True, gc=False):
    """A question that nobody has answered yet; `due` is when that becomes a signal (epoch seconds).

    For channels without threads: its content stems, the names that its asker has addressed since, how many lines the
    asker (`own`) and others (`lines`) have written since, and whether one of those named the asker. `number` is the order of
    arrival, `cluster` that of the cluster it belongs to, 0 for none; `doubts` is how much the lines since speak against "not
    answered yet" (`chat_answers.doubts`); `peer` is the member whom it was offered to.
    """

    event: str
    member: str
    thread: str
    channel: str
    asked: int
    due: int
    told: bool = False
    terms: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    own: int = 0
    lines: int = 0
    named: bool = False
    number: int = 0
    cluster: int = 0
    doubts: int = 0
    peer: str = ""


class Speakers(msgspec.Struct, array_like=True, gc=False):
    """Who spoke in a channel without threads of late: names as people type them, the latest last; when that changed (epoch s)."""

    names: tuple[str, ...] = ()
    changed: int = 0


class Page(msgspec.Struct, array_like=True, gc=False):
    """A page of the document frequencies of terms, so that a cut writes only what changed."""

    counts: dict[str, int] = {}


class Head(msgspec.Struct, array_like=True):
    """Counters of a community; `seen` remembers ids against repeats (8 bytes each), `encoder` whose vectors clusters have.

    `questions` and `explained` are how many the frequencies of questions and of explanations were learned from.
    """

    clusters: int = 0
    questions: int = 0
    seen: bytes = b""
    explained: int = 0
    asked: int = 0
    encoder: str = ""
