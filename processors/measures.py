"""Over-triggering, as far as history itself shows it; clicks and dismissals are not known in a replay."""

from bisect import bisect_left, bisect_right
from collections import defaultdict

from processors.decisions import SAFETY, Decision, Reason, Verdict
from processors.events import Event
from processors.vocabulary import VISITS, WORDS

WEEK = 7 * 86400
BACK_WITHIN = 3 * 86400  # seconds in which a return without help makes a reminder needless


class Measures:
    """Counts decisions and judges sends by what the history says before and after them."""

    def __init__(self) -> None:
        self.events = self.sends = self.non_sends = 0
        self.reasons: dict[str, int] = defaultdict(int)
        self.by_playbook: dict[str, int] = defaultdict(int)
        self.shadow: dict[str, int] = defaultdict(int)  # occasions of playbooks in shadow, by playbook
        self.members: set[str] = set()
        self._sent: list[Decision] = []
        self._visits: dict[str, list[float]] = defaultdict(list)
        self._threads: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self._asked_in: dict[str, str] = {}

    def event(self, event: Event) -> None:
        """Count an event of the history."""
        self.events += 1
        self.members.add(event.key)
        if event.type in VISITS:
            self._visits[event.key].append(event.time)
        thread = event.data.thread if event.data and event.type in WORDS else None
        if thread:
            self._threads[thread].append((event.time, event.key))
            self._asked_in[f"asked/{event.id}"] = thread

    def decision(self, decision: Decision) -> None:
        """Count a decision; sends are kept to be judged."""
        if decision.verdict is Verdict.SEND:
            self.sends += 1
            self.by_playbook[decision.playbook or decision.lane] += 1
            if decision.lane != SAFETY:  # a count and no more
                self._sent.append(decision)
        else:
            self.non_sends += 1
            self.reasons[str(decision.reason)] += 1
            if decision.reason is Reason.SHADOW and decision.lane != SAFETY:
                self.shadow[decision.playbook] += 1

    def over_trigger(self, playbooks: frozenset[str] | None = None) -> dict[str, int]:
        """Return how many sends were already solved, repeated a theme within 7 days, or met somebody who came back unaided.

        `sends_at_fault` counts each send once. With `playbooks`, only their sends are judged (a theme may be any's).
        """
        last: dict[tuple[str, str], float] = {}
        counts = {"already_solved": 0, "same_theme_within_7_days": 0, "came_back_unaided": 0, "sends_at_fault": 0}
        for sent in self._sent:
            solved, back = self._solved(sent), self._back(sent)
            repeated = sent.time - last.get((sent.member, sent.theme), -WEEK) < WEEK
            last[sent.member, sent.theme] = sent.time
            if playbooks is not None and sent.playbook not in playbooks:
                continue
            counts["already_solved"] += solved
            counts["same_theme_within_7_days"] += repeated
            counts["came_back_unaided"] += back
            counts["sends_at_fault"] += solved or repeated or back
        return counts

    def sends_per_member_week_max(self) -> int:
        """Return the most proactive sends that one member had in any rolling 7 days."""
        times: dict[str, list[float]] = defaultdict(list)
        for sent in self._sent:
            if sent.lane == "proactive":
                times[sent.member].append(sent.time)
        most = 0
        for own in times.values():
            own.sort()
            for end, time in enumerate(own):
                most = max(most, end + 1 - bisect_right(own, time - WEEK))
        return most

    def summary(self, seconds: float, dead_letters: int) -> dict[str, object]:
        """Return the object that `lotse replay --json` prints; the rate is per 1,000 sends, None without sends."""
        fault = self.over_trigger()
        return {
            "events": self.events,
            "seconds": round(seconds, 3),
            "members": len(self.members),
            "sends": self.sends,
            "non_sends": self.non_sends,
            "reasons": dict(sorted(self.reasons.items())),
            "by_playbook": dict(sorted(self.by_playbook.items())),
            "shadow_by_playbook": dict(sorted(self.shadow.items())),
            "sends_per_member_week_max": self.sends_per_member_week_max(),
            "dead_letters": dead_letters,
            "over_trigger_rate": round(1000 * fault["sends_at_fault"] / self.sends, 1) if self.sends else None,
            "over_trigger": fault,
            "clicks": "not known in a replay",
            "dismissals": "not known in a replay",
        }

    def _solved(self, sent: Decision) -> bool:
        thread = self._asked_in.get(sent.episode)
        if not thread:
            return False
        asked = next((time for time, who in self._threads[thread] if who == sent.member), 0.0)
        return any(asked < time < sent.time and who != sent.member for time, who in self._threads[thread])

    def _back(self, sent: Decision) -> bool:
        if not sent.episode.startswith("overdue/"):
            return False
        visits = self._visits[sent.member]
        after = bisect_left(visits, sent.time)
        return after < len(visits) and visits[after] - sent.time <= BACK_WITHIN
