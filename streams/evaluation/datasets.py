"""The data sets on which figures are recorded, by task: names under a folder that lies beside the checkout, never in it."""

from typing import NamedTuple


class Dataset(NamedTuple):
    """Files (relative to the folder of data sets) measured together; `use` says how far the detector knew them."""

    label: str
    files: tuple[str, ...]
    use: str = "development"  # development: looked at while building; learned from: in-sample; held out: neither


DATASETS: dict[str, tuple[Dataset, ...]] = {
    "conflict": (
        Dataset("German tweets", ("germeval2018/train.jsonl.gz",), "learned from"),
        Dataset("comments of locked GitHub issues", ("github-incivility/dev.jsonl.gz",), "learned from"),
    ),
    "question": (Dataset("chat messages", ("question-detection/messages.jsonl",)),),
}
