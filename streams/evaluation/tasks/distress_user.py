"""Distress of users over time: their posts are replayed one by one; who is at risk, and how early is it seen?"""

from collections.abc import Sequence
from math import exp, nan
from pathlib import Path
from typing import Any, NamedTuple

from processors.member.state import MemberState
from processors.text.distress import score
from streams.evaluation.distress_reading import BEGIN, observed_tier
from streams.evaluation.figures import auc, median, precision_recall_f1, ratio
from streams.evaluation.reading import items, label_of
from streams.evaluation.task import Figures, Options

NAME = "distress-user"
READS = "{user, severity 0-4, posts: [...]}: posts in their order; severity 2 and more is at risk"
KEYS: tuple[str, ...] = ("auc", "erde5", "erde50", "latency_f1")
AT_RISK = 2
ALERT = 2  # the tier that counts as an alert
GAP = 86400.0  # seconds between posts; the files hold no times
STRONGEST = 3  # posts whose mean is a user's score


class User(NamedTuple):
    """Whether at risk, the number of the post that raised the alert (0 = none), and the score over all posts."""

    at_risk: bool
    alerted: int
    score: float


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return AUC of the users' scores, and the early-risk figures of their first alert of tier 2 or more."""
    users = items(files, _user, "user, severity and posts")
    return {
        "auc": auc([(user.score, user.at_risk) for user in users]),
        "erde5": erde(users, 5),
        "erde50": erde(users, 50),
        "latency_f1": latency_f1(users),
    }


def erde(users: Sequence[User], deadline: int) -> float:
    """Return the mean early risk detection error, from 0 to 1, less is better (Losada & Crestani, CLEF 2016).

    A false alarm costs the share of users at risk, a miss 1, an alert at post k the latency cost 1 - 1/(1 + e^(k-o)).
    """
    share = ratio(sum(user.at_risk for user in users), len(users))
    cost = 0.0
    for user in users:
        if user.at_risk:
            cost += 1 - 1 / (1 + exp(min(user.alerted - deadline, 500))) if user.alerted else 1.0
        elif user.alerted:
            cost += share
    return ratio(cost, len(users)) if users else nan


def latency_f1(users: Sequence[User]) -> float:
    """Return F1 x (1 - the median penalty of the true alerts) (Sadeque, Xu & Bethard, WSDM 2018).

    The penalty of an alert at post k is -1 + 2/(1 + e^(-p(k-1))) with p = 0.0078, the value of the eRisk labs.
    """
    late = median([-1 + 2 / (1 + exp(-0.0078 * (user.alerted - 1))) for user in users if user.at_risk and user.alerted])
    return precision_recall_f1([(user.alerted > 0, user.at_risk) for user in users])[2] * (1 - (late or 0.0))


def _user(row: dict[str, Any]) -> User | None:
    severity, posts = label_of(row.get("severity")), row.get("posts")
    if severity is None or not isinstance(posts, list):
        return None
    texts = [text for post in posts if isinstance(text := post.get("text") if isinstance(post, dict) else post, str)]
    if not texts:
        return None
    state, alerted = MemberState(), 0
    for number, text in enumerate(texts, 1):
        tier = observed_tier(state, f"post {number}", text, BEGIN + number * GAP)
        alerted = alerted or (number if tier >= ALERT else 0)
    strongest = sorted((score(text) for text in texts), reverse=True)[:STRONGEST]
    return User(severity >= AT_RISK, alerted, sum(strongest) / STRONGEST)
