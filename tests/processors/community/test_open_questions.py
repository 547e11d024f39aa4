"""Open questions after a restart: what is rebuilt from the stored questions goes on as what was never stopped."""

from unittest.mock import patch

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.community import open_questions
from processors.community.open_questions import OpenQuestions
from processors.community.state import OpenQuestion, Speakers
from processors.threads import ThreadPost

HOUR = 3600.0
POSTS = st.lists(
    st.tuples(
        st.sampled_from(("ask", "ask again", "reply", "time", "restart")),
        st.sampled_from(("ann", "bob", "cem")),
        st.sampled_from(("", "t1", "t2")),
        st.integers(-30, 30),  # hours by which this partition of the member stage is off the others
    ),
    max_size=30,
)


def stored(state: dict[str, OpenQuestion], speakers: dict[str, Speakers], questions: OpenQuestions) -> None:
    """Put what was touched into the state, as a cut does."""
    for key, question in questions.touched.items():
        if question is None:
            state.pop(key, None)
        else:
            state[key] = msgspec.msgpack.decode(msgspec.msgpack.encode(question), type=OpenQuestion)
    for channel, one in questions.touched_channels.items():
        if one is None:
            speakers.pop(channel, None)
        else:
            speakers[channel] = msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=Speakers)
    questions.touched, questions.touched_channels = {}, {}


def meant(posts: list[tuple[str, str, str, int]], at: int) -> tuple[int, tuple[str, str, str, int]]:
    """Return the number and row of the post told of at a place: of the first question, where that is asked again."""
    first = next((number for number, row in enumerate(posts[:at]) if row[0] == "ask"), at)
    number = first if posts[at][0] == "ask again" else at
    return number, posts[number]


def folded(
    posts: list[tuple[str, str, str, int]], *, restarts: bool
) -> tuple[list[list[str]], dict[str, OpenQuestion]]:
    """Fold posts, with or without restarts; return which questions each answered or made news, and what is stored."""
    questions, found, state, speakers = OpenQuestions([]), [], dict[str, OpenQuestion](), dict[str, Speakers]()
    for count, (said, *_) in enumerate(posts):
        number, (kind, member, thread, off) = meant(posts, count)
        asks, time = kind.startswith("ask"), (number * 5 + 100 + off) * HOUR
        post = ThreadPost(f"p{number}", "post", f"town/{member}", "help", thread, "ann bob cem", time, asks)
        if said == "time":
            found.append([one.event for one in questions.unanswered((count * 5 + 60) * HOUR)])
        elif said != "restart":
            found.append([one.event for one in questions.answered_by(post)])
        if said.startswith("ask"):
            questions.add(post, count)
        stored(state, speakers, questions)
        if said == "restart" and restarts:
            questions = OpenQuestions(list(state.values())[::-1], dict(speakers))
    return found, state


@given(POSTS)
@settings(max_examples=300, deadline=None)
def test_a_restart_changes_nothing(posts: list[tuple[str, str, str, int]]) -> None:
    """Also where they are too many, where several are answered at once, and where times go back."""
    with patch.object(open_questions, "OPEN_MAX", 4):
        assert folded(posts, restarts=True) == folded(posts, restarts=False)


def test_a_question_that_is_repeated_after_its_answer_waits_like_one_that_was_restored() -> None:
    """A kill may repeat what is older than all remembered ids: the times of the answered one concern the second no more."""
    asked = ThreadPost("p", "post", "town/ann", "help", "t", "how?", 100 * HOUR, question=True)
    answer = ThreadPost("a", "post", "town/bob", "help", "t", "so", 101 * HOUR)
    questions = OpenQuestions([])
    questions.add(asked, 1)
    assert [one.event for one in questions.answered_by(answer)] == ["p"]
    questions.add(asked, 2)
    restored = OpenQuestions([msgspec.structs.replace(one) for one in questions.all()])
    for one in (questions, restored):
        assert [question.event for question in one.unanswered(200 * HOUR)] == ["p"]
        assert [question.event for question in one.all()] == ["p"]
    assert questions.next_due() == restored.next_due()


def test_a_question_that_is_repeated_while_it_is_open_is_the_newest() -> None:
    """Where they are too many, the same one is forgotten by a worker that went on and by one that was started anew."""
    with patch.object(open_questions, "OPEN_MAX", 3):
        posts = [ThreadPost(f"p{n}", "post", "town/ann", "help", f"t{n}", "how?", n * HOUR, True) for n in range(5)]
        went_on = OpenQuestions([])
        for number, post in enumerate((posts[0], posts[1], posts[2], posts[0])):
            went_on.add(post, number)
        started_anew = OpenQuestions([msgspec.structs.replace(one) for one in went_on.all()])
        for questions in (went_on, started_anew):
            questions.add(posts[4], 4)
            assert [one.event for one in questions.all()] == ["p2", "p0", "p4"]
