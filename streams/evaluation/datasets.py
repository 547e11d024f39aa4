"""The data sets on which figures are recorded, by task: names under a folder that lies beside the checkout, never in it."""

from typing import NamedTuple


class Dataset(NamedTuple):
    """Files (relative to the folder of data sets) measured together; `use` says how far the detector knew them."""

    label: str
    files: tuple[str, ...]
    use: str = "development"  # development: looked at while building; held out: not


DATASETS: dict[str, tuple[Dataset, ...]] = {
    "question": (Dataset("chat messages", ("question-detection/messages.jsonl",)),),
    "reask": (Dataset("pairs of chat messages", ("reask-pairs/pairs.jsonl",)),),
    "similar-questions": (
        Dataset("SemEval-2016 3B, development", ("cqa-semeval16b/dev.jsonl",)),
        Dataset("SemEval-2016 3B, training", ("cqa-semeval16b/train.jsonl.gz",)),
    ),
    "duplicate-pairs": (Dataset("english.stackexchange.com", ("se-english-dup/pairs-dev.jsonl.gz",)),),
    "unanswered": (Dataset("Ubuntu IRC, development days", ("irc-ubuntu/dev.jsonl.gz",)),),
}
