"""Distress in whole chats that nobody chose for it: how often would it be raised?"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from processors.member.state import MemberState
from streams.evaluation.distress_reading import observed_tier
from streams.evaluation.figures import ratio
from streams.evaluation.reading import CHAT, chat_logs
from streams.evaluation.task import Figures, Options

NAME = "distress-chat"
READS = f"whole chat logs ({CHAT})"
KEYS: tuple[str, ...] = ("messages", "any_per_10k", "severe_per_10k", "any_ids", "severe_ids")
SEVERE = 2


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Replay each log, a state for each author; return alerts per 10,000 messages, and the ids of the messages."""
    messages = 0
    raised: list[tuple[str, int]] = []
    for log in chat_logs(files):
        states: dict[str, MemberState] = defaultdict(MemberState)
        for line in log:
            if not line.spoken:
                continue
            messages += 1
            tier = observed_tier(states[line.author], line.id, line.text, line.ts)
            if tier:
                raised.append((line.id, tier))
    severe = [name for name, tier in raised if tier >= SEVERE]
    return {
        "messages": messages,
        "any_per_10k": 10_000 * ratio(len(raised), messages),
        "severe_per_10k": 10_000 * ratio(len(severe), messages),
        "any_ids": [name for name, _ in raised],
        "severe_ids": severe,
    }
