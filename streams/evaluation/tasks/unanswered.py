"""Which questions of a chat are never answered, and how soon that is known?"""

from collections.abc import Sequence
from math import ceil, inf
from pathlib import Path

from processors.community_partition import CommunityPartition
from streams.errors import UserError
from streams.evaluation.chat_posts import never_answered, thread_post, watermark
from streams.evaluation.figures import median, precision_recall_f1
from streams.evaluation.reading import Line, chat_logs
from streams.evaluation.task import Figures, Options

NAME = "unanswered"
READS = "chat lines with replies_to; scored are the lines marked question: true"
KEYS: tuple[str, ...] = ("precision", "recall", "f1", "median_delay_s")
MINUTE = 60.0
AFTER = 3600.0  # seconds of silence behind the last line


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return precision, recall and F1 of "nobody answers this", and the median seconds from question to alert."""
    pairs, delays = [], []
    for log in chat_logs(files):
        truth, alerts = never_answered(log), _alerts(log)
        pairs += [(name in alerts, is_so) for name, is_so in truth.items()]
        delays += [alerts[name] for name in truth if name in alerts]
    if not pairs:
        raise UserError(f"{files[0]}: no line is marked question: true")
    precision, recall, f1 = precision_recall_f1(pairs)
    return {"precision": precision, "recall": recall, "f1": f1, "median_delay_s": median(delays)}


def _alerts(log: list[Line]) -> dict[str, float]:
    """Return the questions that the community stage says are unanswered, with the seconds it took."""
    partition, asked = CommunityPartition(0, {}, None, 1), {line.id: line.ts for line in log}
    for line in log:
        if line.spoken:
            _pass_time(partition, line.ts)
            partition.apply(thread_post(line))
    _pass_time(partition, log[-1].ts + AFTER)
    found = {}
    for sent in partition.take_outputs().signals:
        if sent.signal.kind == "unanswered":
            name = sent.signal.episode.removeprefix("asked/")
            found[name] = sent.time - asked[name]
    return found


def _pass_time(partition: CommunityPartition, until: float) -> None:
    """Hand over time up to `until`, minute by minute where something is due, as a replay does."""
    while (due := ceil(partition.next_due() / MINUTE) * MINUTE if partition.next_due() < until else inf) < until:
        partition.apply(watermark(due))
    partition.apply(watermark(until))
