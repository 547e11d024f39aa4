"""Questions that nobody has answered yet: found by thread or channel, and by the time at which that becomes news."""

import heapq
from math import inf

from processors.community import OPEN_MAX, OpenQuestion
from processors.text.normalise import tokens
from processors.threads import ThreadPost

UNANSWERED_THREAD, UNANSWERED_CHAT = 24 * 3600, 1800  # seconds; chats are answered in minutes, threads in hours
FORGET_THREAD, FORGET_CHAT = 14 * 86400, 86400


class OpenQuestions:
    """The open questions of one community; `touched` maps ids to what is to be stored, None where it is gone."""

    def __init__(self, questions: list[OpenQuestion]) -> None:
        self.touched: dict[str, OpenQuestion | None] = {}
        self._open: dict[str, OpenQuestion] = {}
        self._places: dict[str, dict[str, OpenQuestion]] = {}
        self._heap: list[tuple[int, str]] = []
        self._ages: list[tuple[int, str]] = []  # heap of (asked, event); an entry may be stale
        for question in questions:
            self._insert(question)

    def add(self, post: ThreadPost) -> None:
        """Remember a question; beyond `OPEN_MAX` the oldest is forgotten."""
        patience = UNANSWERED_THREAD if post.thread else UNANSWERED_CHAT
        asked = int(post.time)
        question = OpenQuestion(post.id, post.member, post.thread, post.channel, asked, asked + patience)
        self._insert(question)
        self.touched[post.id] = question
        while len(self._open) > OPEN_MAX:
            oldest = self._open.get(heapq.heappop(self._ages)[1])
            if oldest is not None:
                self._remove(oldest)

    def answered_by(self, post: ThreadPost) -> list[OpenQuestion]:
        """Remove and return the questions that these words answer.

        In a thread that is anything by somebody else; in a channel without threads, words to the asker or with
        the asker's name in them. An accepted answer counts even when the asker accepts it.
        """
        place = self._places.get(_place(post.thread, post.channel))
        if not place:
            return []
        others = [one for one in place.values() if one.member != post.member or post.kind == "accepted"]
        if not post.thread and others:
            words = set(tokens(post.text))
            others = [one for one in others if one.member == post.to or one.member.partition("/")[2].lower() in words]
        for question in others:
            self._remove(question)
        return sorted(others, key=_age)

    def unanswered(self, now: float) -> list[OpenQuestion]:
        """Return those whose patience has just ended, once each; forget those too old to matter."""
        news = []
        while self._heap and self._heap[0][0] <= now:
            question = self._open.get(heapq.heappop(self._heap)[1])
            if question is None:
                continue
            if question.told:
                self._remove(question)
                continue
            question.told = True
            self.touched[question.event] = question
            self._push(question)
            news.append(question)
        return news

    def next_due(self) -> float:
        """Return the earliest time (epoch s) at which `unanswered` has something to do; infinity if none."""
        return float(self._heap[0][0]) if self._heap else inf

    def _insert(self, question: OpenQuestion) -> None:
        self._open[question.event] = question
        self._places.setdefault(_place(question.thread, question.channel), {})[question.event] = question
        self._push(question)
        heapq.heappush(self._ages, _age(question))
        if len(self._ages) > 2 * len(self._open) + OPEN_MAX:  # mostly stale
            self._ages = sorted(map(_age, self._open.values()))

    def _push(self, question: OpenQuestion) -> None:
        forget = question.asked + (FORGET_THREAD if question.thread else FORGET_CHAT)
        heapq.heappush(self._heap, (forget if question.told else question.due, question.event))

    def _remove(self, question: OpenQuestion) -> None:
        del self._open[question.event]
        where = _place(question.thread, question.channel)
        del self._places[where][question.event]
        if not self._places[where]:
            del self._places[where]
        self.touched[question.event] = None


def _age(question: OpenQuestion) -> tuple[int, str]:
    """Order by age is a function of the questions themselves, so that a restart changes nothing."""
    return question.asked, question.event


def _place(thread: str, channel: str) -> str:
    return f"t/{thread}" if thread else f"c/{channel}"
