"""The data sets on which figures are recorded, by task: names under a folder that lies beside the checkout, never in it."""

from typing import NamedTuple


class Dataset(NamedTuple):
    """Files (relative to the folder of data sets) measured together; `use` says how far the detector knew them."""

    label: str
    files: tuple[str, ...]
    use: str = "development"  # development: looked at while building; held out: not


DATASETS: dict[str, tuple[Dataset, ...]] = {
    "distress": (
        Dataset("calm lines of chats with kill, die, suicide", ("distress-negatives/chat.jsonl",)),
        Dataset("German texts around distress", ("distress-german/dev.jsonl",)),
        Dataset("English posts, stressed or not", ("dreaddit/train.jsonl.gz",)),
    ),
    "distress-chat": (
        Dataset("chats of two open-source tools", ("gitter/docker.jsonl.gz", "gitter/gitter.jsonl.gz")),
        Dataset("six years of a repository project's chat", ("irc-duraspace/2009-2014.jsonl.gz",)),
        Dataset("help channel of a Linux distribution", ("irc-ubuntu/dev.jsonl.gz",)),
        Dataset("help channel of a Linux distribution, other days", ("irc-ubuntu/train.jsonl.gz",)),
    ),
    "distress-user": (),  # none at hand may be kept beside the checkout
    "question": (Dataset("chat messages", ("question-detection/messages.jsonl",)),),
}
