"""The data sets on which figures are recorded, by task: names under a folder that lies beside the checkout, never in it."""

from typing import NamedTuple


class Dataset(NamedTuple):
    """Files (relative to the folder of data sets) measured together; `use` says how far the detector knew them."""

    label: str
    files: tuple[str, ...]
    use: str = "development"  # development: looked at while building; learned from: in-sample; held out: neither


DATASETS: dict[str, tuple[Dataset, ...]] = {
    "all": (Dataset("the docker room, 2016 to 2019", ("gitter/docker.jsonl.gz",)),),
    "drop-off": (
        Dataset("the docker room, in-sample", ("gitter/docker.jsonl.gz",)),
        Dataset("the gitter room, in-sample", ("gitter/gitter.jsonl.gz",)),
        Dataset("the duraspace channel, 2009 to 2014, in-sample", ("irc-duraspace/2009-2014.jsonl.gz",)),
    ),
    "onboarding": (Dataset("badges of a question site's first half year", ("se-quantumcomputing/events.jsonl.gz",)),),
    "conflict": (
        Dataset("German tweets", ("germeval2018/train.jsonl.gz",), "learned from"),
        Dataset("comments of locked GitHub issues", ("github-incivility/dev.jsonl.gz",), "learned from"),
    ),
    "distress": (
        Dataset("calm lines of chats with kill, die, suicide", ("distress-negatives/chat.jsonl",)),
        Dataset("German texts around distress", ("distress-german/dev.jsonl",)),
        Dataset("English posts, stressed or not", ("dreaddit/train.jsonl.gz",)),
    ),
    "distress-chat": (
        Dataset("chats of two open-source tools", ("gitter/docker.jsonl.gz", "gitter/gitter.jsonl.gz"), "learned from"),
        Dataset("six years of a repository project's chat", ("irc-duraspace/2009-2014.jsonl.gz",), "learned from"),
        Dataset("help channel of a Linux distribution", ("irc-ubuntu/dev.jsonl.gz",)),
        Dataset("help channel of a Linux distribution, other days", ("irc-ubuntu/train.jsonl.gz",), "learned from"),
    ),
    "distress-user": (),  # none at hand may be kept beside the checkout
    "question": (Dataset("chat messages", ("question-detection/messages.jsonl",)),),
    "reask": (Dataset("pairs of chat messages", ("reask-pairs/pairs.jsonl",)),),
    "resource-search": (Dataset("frequent questions reworded (StackFAQ)", ("stackfaq/paraphrases.jsonl.gz",)),),
    "similar-questions": (
        Dataset("SemEval-2016 3B, development", ("cqa-semeval16b/dev.jsonl",)),
        Dataset("SemEval-2016 3B, training", ("cqa-semeval16b/train.jsonl.gz",)),
    ),
    "duplicate-pairs": (Dataset("english.stackexchange.com", ("se-english-dup/pairs-dev.jsonl.gz",)),),
    "unanswered": (Dataset("Ubuntu IRC, development days", ("irc-ubuntu/dev.jsonl.gz",)),),
}
