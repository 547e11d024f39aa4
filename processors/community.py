"""Community state: questions that wait for an answer, and clusters of questions that are alike; bounded and expiring."""

import msgspec

CLUSTERS_MAX = 10_000  # live clusters per community
ASKS_MAX = 16  # asks remembered per cluster
OPEN_MAX = 5_000  # open questions per community
EXPIRES = 30 * 86400  # seconds without a further ask
FREQUENCIES_MAX = 20_000
PAGES = 64


class Ask(msgspec.Struct, array_like=True, gc=False):
    """One ask of a cluster: who, when (epoch seconds), and the event's id."""

    member: str
    time: int
    event: str


class Cluster(msgspec.Struct, array_like=True):
    """Questions alike: the terms of the first, the last asks, how many in all."""

    number: int
    terms: tuple[str, ...]
    asks: list[Ask]
    count: int = 1


class OpenQuestion(msgspec.Struct, array_like=True, gc=False):
    """A question that nobody has answered yet; `due` is when that becomes a signal (epoch seconds)."""

    event: str
    member: str
    thread: str
    channel: str
    asked: int
    due: int
    told: bool = False


class Page(msgspec.Struct, array_like=True):
    """A page of the document frequencies of terms, so that a cut writes only what changed."""

    counts: dict[str, int] = {}


class Head(msgspec.Struct, array_like=True):
    """Counters of a community; `seen` remembers ids against repeats (8 bytes each)."""

    clusters: int = 0
    questions: int = 0
    seen: bytes = b""
    explained: int = 0
