"""Questions that nobody has answered yet: found by thread or channel, and by the time at which that becomes news."""

import heapq
from collections.abc import Callable
from itertools import islice
from math import inf

from processors.community.chat_answers import LIVE, addressed, asker, bare, begins_with, features, is_answered, line_of
from processors.community.state import CHANNELS_MAX, OPEN_MAX, SPEAKERS_MAX, OpenQuestion, Speakers
from processors.text.similarity import terms
from processors.threads import ThreadPost

# Seconds. Threads are answered in hours. In chats half of the answers come within one minute and 98 % within four.
UNANSWERED_THREAD, UNANSWERED_CHAT = 24 * 3600, 480
FORGET_THREAD, FORGET_CHAT = 14 * 86400, 86400
SINCE_MAX = 8  # names an asker has addressed since
YOUNG_MAX = 64  # open questions of a channel compared with a line
CHAT_TERMS = 12


class OpenQuestions:
    """The open questions of one community; `touched` maps ids to what is to be stored, None where it is gone.

    `touched_channels` does so for the speakers of channels. `judge` tells whether a question is answered now that a line with these features has come.
    """

    def __init__(
        self,
        questions: list[OpenQuestion],
        speakers: dict[str, Speakers] | None = None,
        judge: Callable[[OpenQuestion, tuple[int, ...]], bool] = is_answered,
    ) -> None:
        self._judge = judge
        self.touched: dict[str, OpenQuestion | None] = {}
        self.touched_channels: dict[str, Speakers | None] = {}
        self._speakers = {} if speakers is None else speakers
        self._open: dict[str, OpenQuestion] = {}
        self._places: dict[str, _Place] = {}
        self._heap: list[tuple[int, str]] = []
        for question in sorted(questions, key=lambda one: one.number):
            self._insert(question)

    def all(self) -> list[OpenQuestion]:
        """Return them in order of arrival."""
        return list(self._open.values())

    def add(self, post: ThreadPost, number: int) -> OpenQuestion:
        """Remember and return a question, the community's `number`th; beyond `OPEN_MAX` the oldest is forgotten.

        One that is open already takes its new number's place: states that are restored stand in the order of numbers.
        """
        if (again := self._open.get(post.id)) is not None:
            self._remove(again)
        patience = UNANSWERED_THREAD if post.thread else UNANSWERED_CHAT
        asked = int(post.time)
        words = () if post.thread else terms(post.text, CHAT_TERMS)
        question = OpenQuestion(
            post.id, post.member, post.thread, post.channel, asked, asked + patience, terms=words, number=number
        )
        self._insert(question)
        self.touched[post.id] = question
        if len(self._open) > OPEN_MAX:
            self._remove(next(iter(self._open.values())))
        return question

    def answered_by(self, post: ThreadPost) -> list[OpenQuestion]:
        """Remove and return the questions that these words answer.

        In a thread that is anything by somebody else; in a channel without threads, what `chat_answers` takes for an
        answer. An accepted answer counts even when the asker accepts it.
        """
        place = self._places.get(_place(post.thread, post.channel))
        if post.thread or post.kind == "accepted":
            asked = place.questions.values() if place else ()
            answered = [one for one in asked if one.member != post.member or post.kind == "accepted"]
        else:
            answered = self._answered_in_chat(post, place)
        for question in answered:
            self._remove(question)
        return answered

    def erase(self, member: str) -> None:
        """Forget a member's questions, and the name among the speakers, with everybody's of that name."""
        for question in [one for one in self._open.values() if one.member == member]:
            self._remove(question)
        name = bare(member.partition("/")[2])
        for channel, speakers in self._speakers.items():
            if name in speakers.names:
                speakers.names = tuple(one for one in speakers.names if one != name)
                self.touched_channels[channel] = speakers
        for question in self._open.values():
            if name in question.since:
                question.since = tuple(one for one in question.since if one != name)
                self.touched[question.event] = question

    def unanswered(self, now: float) -> list[OpenQuestion]:
        """Return those whose patience has just ended, once each; forget those too old to matter.

        A time that is not the question's next one is of an earlier question of that id: one that was answered, and asked again by a
        repetition older than all ids that are remembered. States that were restored know nothing of such times.
        """
        news = []
        while self._heap and self._heap[0][0] <= now:
            time, event = heapq.heappop(self._heap)
            question = self._open.get(event)
            if question is None or time != _next(question):
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

    def _answered_in_chat(self, post: ThreadPost, place: "_Place | None") -> list[OpenQuestion]:
        known = self._spoke(post)
        if place is None:
            return []
        concerned, answered = place.looked_at(begins_with(post), int(post.time)), []
        if not concerned:  # so are most lines
            return []
        line = line_of(post)
        for question, newer in concerned:
            if question.member == post.member:
                question.own += 1
                question.since = tuple(dict.fromkeys((*question.since, *sorted(addressed(line, known)))))[-SINCE_MAX:]
            else:
                values, named = features(question, line, known, newer)
                late = line.time - question.asked > LIVE  # then it begins with the asker's name
                if late or self._judge(question, values):
                    answered.append(question)
                question.lines, question.named = question.lines + 1, question.named or named
            self.touched[question.event] = question
        return answered

    def _spoke(self, post: ThreadPost) -> tuple[str, ...]:
        """Remember a speaker of a channel; names in the later half are not moved, so that most lines change nothing."""
        name, speakers = bare(post.member.partition("/")[2]), self._speakers.get(post.channel)
        if speakers is None:
            if len(self._speakers) >= CHANNELS_MAX:
                oldest = min(self._speakers, key=lambda channel: (self._speakers[channel].changed, channel))
                del self._speakers[oldest]
                self.touched_channels[oldest] = None
            speakers = self._speakers[post.channel] = Speakers()
        if name not in speakers.names[-SPEAKERS_MAX // 2 :]:
            speakers.names = (*(one for one in speakers.names if one != name), name)[-SPEAKERS_MAX:]
            speakers.changed = int(post.time)
            self.touched_channels[post.channel] = speakers
        return speakers.names

    def _insert(self, question: OpenQuestion) -> None:
        self._open[question.event] = question
        where = _place(question.thread, question.channel)
        if where not in self._places:
            self._places[where] = _Place()
        self._places[where].put(question)
        self._push(question)

    def _push(self, question: OpenQuestion) -> None:
        heapq.heappush(self._heap, (_next(question), question.event))

    def _remove(self, question: OpenQuestion) -> None:
        del self._open[question.event]
        where = _place(question.thread, question.channel)
        self._places[where].remove(question)
        if not self._places[where].questions:
            del self._places[where]
        self.touched[question.event] = None


def _next(question: OpenQuestion) -> int:
    """Return when there is something to do about a question (epoch s): it becomes news, or it is forgotten."""
    if not question.told:
        return question.due
    return question.asked + (FORGET_THREAD if question.thread else FORGET_CHAT)


class _Place:
    """The open questions of a thread or channel, in order of arrival; in channels also by the asker's bare name."""

    def __init__(self) -> None:
        self.questions: dict[str, OpenQuestion] = {}
        self._by_name: dict[str, dict[str, OpenQuestion]] = {}

    def put(self, question: OpenQuestion) -> None:
        """Add a question."""
        self.questions[question.event] = question
        if not question.thread:
            self._by_name.setdefault(asker(question), {})[question.event] = question

    def remove(self, question: OpenQuestion) -> None:
        """Take a question out."""
        del self.questions[question.event]
        if not question.thread:
            name = asker(question)
            del self._by_name[name][question.event]
            if not self._by_name[name]:
                del self._by_name[name]

    def looked_at(self, names: tuple[str, ...], time: int) -> list[tuple[OpenQuestion, list[OpenQuestion]]]:
        """Return the questions that a line may concern, the latest first, each with its asker's newer ones.

        `names` are those that it may begin with, `time` (epoch s) is when it is said.
        """
        young = islice(reversed(self.questions.values()), YOUNG_MAX)
        found = {one.event: one for one in young if time - one.asked <= LIVE}
        for name in dict.fromkeys(names):
            found.update(self._by_name.get(name, {}))
        latest_first = sorted(found.values(), key=lambda one: one.number, reverse=True)
        return [(question, self._newer(question)) for question in latest_first]

    def _newer(self, question: OpenQuestion) -> list[OpenQuestion]:
        newer = []
        for one in reversed(self._by_name[asker(question)].values()):
            if one is question:
                break
            if one.member == question.member:
                newer.append(one)
        return newer


def _place(thread: str, channel: str) -> str:
    return f"t/{thread}" if thread else f"c/{channel}"
