"""Weights of the hazard of silence, from chats whose licence allows it (MIT, CC BY); prints them, and how each chat does without itself."""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from processors.member.rhythm import ONE, features
from processors.playbooks.catalog import EMPTY
from streams.evaluation.figures import auc
from streams.evaluation.reading import chat_logs
from streams.evaluation.silences import COMMUNITY, DAY, DAYS_MIN, GONE, Chronicle, days_between

SOURCES = {
    "docker": "gitter/docker.jsonl.gz",
    "gitter": "gitter/gitter.jsonl.gz",
    "duraspace": "irc-duraspace/2009-2014.jsonl.gz",
}
AHEAD, STEP = 30, 3  # days of silence foretold; days between two rows of one silence
LOOKED_AT = (5, 45)  # days of a silence


class Rows(NamedTuple):
    """Features (fixed point) and whether the silence went on, in two kinds that weigh the same.

    `weekly`: at each week's end, members active in the last 30 days, silent for the next 30. `silences`: every third day of
    the silences of regular members, lasting 60 days.
    """

    weekly: list[tuple[tuple[int, ...], bool]]
    silences: list[tuple[tuple[int, ...], bool]]


def rows(path: Path) -> Rows:
    """Fold a chat through the member stage and look at its members each day."""
    found = Rows([], [])
    for log in chat_logs([path]):
        chronicle = Chronicle(log)
        begin, end = chronicle.begin, chronicle.end
        for number, (time, partition) in enumerate(chronicle.fold(EMPTY, days_between(begin, end, 1)), 1):
            rest = partition.rest(COMMUNITY, time)
            for member in chronicle.visits:
                last, following = chronicle.last_and_next(member, time)
                rhythm = partition.member(member).rhythm
                if rhythm is None or time - last > LOOKED_AT[1] * DAY:
                    continue
                seen = features(rhythm, time - last - (rest - rhythm.rest))
                if number % 7 == 0 and time - last < AHEAD * DAY and time + AHEAD * DAY <= end:
                    found.weekly.append((seen, following > time + AHEAD * DAY))
                days = int((time - last) / DAY)
                if rhythm.total >= DAYS_MIN and days >= LOOKED_AT[0] and days % STEP == 0 and last <= end - GONE * DAY:
                    found.silences.append((seen, following - last >= GONE * DAY))
    return found


def fitted(chats: list[Rows]) -> Any:
    """Return a logistic regression in which each chat, and each kind of rows, weighs the same."""
    parts = [part for chat in chats for part in chat]
    inputs = np.array([seen for part in parts for seen, _ in part], dtype=np.float64) / ONE
    labels = np.array([silent for part in parts for _, silent in part])
    weights = np.concatenate([np.full(len(part), len(labels) / len(parts) / len(part)) for part in parts])
    return LogisticRegression(C=1.0, max_iter=5000).fit(inputs, labels, sample_weight=weights)


def main() -> None:
    """Print the weights in fixed point, and the weekly AUC of each chat with the weights of the others."""
    chats = {name: rows(Path(sys.argv[1]) / file) for name, file in SOURCES.items()}
    for name, chat in chats.items():
        model = fitted([other for one, other in chats.items() if one != name])
        odds = model.decision_function(np.array([seen for seen, _ in chat.weekly], dtype=np.float64) / ONE)
        scored = list(zip(odds.tolist(), (silent for _, silent in chat.weekly), strict=True))
        sys.stdout.write(f"{name}, fitted on the others: weekly AUC {auc(scored):.3f} of {len(scored)} rows\n")
    model = fitted(list(chats.values()))
    weights = tuple(round(ONE * one) for one in model.coef_[0].tolist())
    sys.stdout.write(f"SILENT = Weights({round(ONE * float(model.intercept_[0]))}, {weights})\n")


if __name__ == "__main__":
    main()
