"""Three names a week: who is named with which reason, who never, and the same from what is stored."""

import pytest

from processors.community.state import OpenQuestion
from processors.community_partition import CommunityPartition
from processors.detectors.drop_off import silence_odds
from processors.events import Event
from processors.loop import Loop
from processors.member.rhythm import Rhythm
from processors.member.state import MemberState, decode_state, encode_state
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import EMPTY
from processors.vocabulary import VOCABULARY
from processors.weekly import LIKELY, NAMES, Seen, choose, names, seen
from tests.support.stories import DAY, HOUR, NOON, Story, catalog, event

DAYS = 24 * 60.0  # minutes
END = 40 * DAYS


def question(member: str, hours: float, number: int = 1) -> OpenQuestion:
    """A question that has waited so long at `NOON`, and was told of."""
    asked = int(NOON - hours * HOUR)
    return OpenQuestion(f"q{member}{number}", f"town/{member}", "t", "help", asked, asked, told=True, number=number)


def regular(silent: int = 0, **fields: object) -> MemberState:
    """Somebody who came each day for a month, and then not for so many days."""
    state, today = MemberState(**fields), int(NOON // DAY)  # type: ignore[arg-type]  # fields of the struct
    state.rhythm = Rhythm()
    for day in range(today - silent - 30, today - silent + 1):
        state.rhythm.visit(day, 0)
    state.last, state.joined = int(NOON - silent * DAY), int(NOON - 300 * DAY)
    return state


def look(*questions: OpenQuestion, helpers: tuple[tuple[str, int], ...] = ()) -> Seen:
    """A look at noon."""
    return seen(NOON, 0, questions, helpers)


def whys(found: list[object]) -> list[tuple[str, str]]:
    """Members with their reasons."""
    return [(one.member.partition("/")[2], one.why) for one in found]  # type: ignore[attr-defined]  # names


def test_thirty_members_and_no_server() -> None:
    """A regular who stopped, a newcomer without an answer, somebody who helped: each is named, with the numbers that speak for it."""
    story = Story(catalog())
    happened: list[Event] = []
    for number in range(30):
        stops = 22 if number == 7 else 40
        happened += [event("post.read", day * DAYS + number, f"m{number}") for day in range(stops)]
    happened.append(
        event("question.asked", 37 * DAYS, "m3", thread="t1", text="How do I tune the carburettor of a moped?")
    )
    happened.append(
        event("post.replied", 37 * DAYS + 60, "m4", thread="t1", to="town/m3", text="Turn the lower screw.")
    )
    happened.append(event("community.joined", 38 * DAYS, "new"))
    happened.append(
        event("question.asked", 38 * DAYS + 30, "new", thread="t2", text="Where do I find the list of spare parts?")
    )
    for one in sorted(happened, key=lambda one: one.time):
        story.tell(one)
    story.wait(END)
    found = story.loop.weekly()["town"]
    assert whys(found) == [("new", "newcomer"), ("m7", "drop_off"), ("m4", "thanks")]
    evidence = {one.member: one.evidence for one in found}
    assert evidence["town/new"] == {"hours": 48, "days": 2}
    assert evidence["town/m4"] == {"answers": 1, "accepted": 0}
    assert (evidence["town/m7"]["silent_days"], evidence["town/m7"]["usual_days"]) == (18, 1)
    assert 0.3 <= evidence["town/m7"]["chance"] <= 1


def test_what_is_stored_names_the_same() -> None:
    """The states and the shared part, encoded as a cut writes them, in other partitions."""
    members, community = MemberPartition(0, {}, None, lambda _: EMPTY), CommunityPartition(0, {}, None, 1)
    asked = VOCABULARY["question.asked"](channel="help", thread="t", text="Where do I find the list of spare parts?")
    members.tick(NOON)
    for one in (event("community.joined", 0, "new"), Event("q", "question.asked", "town/new", NOON + 60, asked)):
        members.apply(one)
    members.tick(NOON + 2 * DAY)
    for post in members.take_outputs().threads:
        community.apply(post)
    expected = names([members], [community])
    assert whys(expected["town"]) == [("new", "newcomer")]
    stored = {key: value for key, value in members.take_touched() if value}
    kept = {key: value for key, value in community.take_touched() if value}
    again = MemberPartition(0, stored, members.encode_shared(), lambda _: EMPTY)
    assert names([again], [CommunityPartition(0, kept, community.encode_shared(), 1)]) == expected


def test_reasons_take_turns_and_nobody_is_named_twice() -> None:
    """Five newcomers wait, and still the regular who left off and the helper have their place; then the next best follow."""
    states = [(f"town/n{number}", MemberState(joined=int(NOON - 2 * DAY))) for number in range(5)]
    states += [("town/old", regular(17)), ("town/kind", regular()), ("town/asks", regular())]
    waiting = [question(f"n{number}", 20 + number) for number in range(5)] + [question("asks", 90)]
    seen_now = look(
        *waiting, helpers=(("town/kind", int(NOON - DAY)), ("town/n4", int(NOON - DAY)), ("town/n4", int(NOON)))
    )
    found = choose(states, seen_now, 6)
    assert whys(found) == [
        ("n4", "newcomer"), ("old", "drop_off"), ("kind", "thanks"), ("asks", "unanswered"), ("n3", "newcomer"), ("n2", "newcomer"),
    ]  # fmt: skip
    assert whys(choose(reversed(states), seen_now, NAMES)) == whys(found[:NAMES])


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "bot"}, {"role": "moderator"}, {"left": True}, {"opted_out": ("all",)}, {"snoozed": {"all": int(NOON + DAY)}},
        {"birth_year": 2012}, {"away_until": int(NOON + DAY)},
    ],
    ids=str,
)  # fmt: skip
def test_who_is_not_named(fields: dict[str, object]) -> None:
    """Bots, the team, who left, wishes for quiet, minors; of an announced absence no drop-off is concluded."""
    assert whys(choose([("town/ann", regular(16))], look())) == [("ann", "drop_off")]
    assert choose([("town/ann", regular(16, **fields))], look()) == []


def test_silence_that_is_usual_short_or_long_past_names_nobody() -> None:
    """A week at least, longer than usual, likely to last, and not a month."""
    for silent, named in ((3, False), (12, False), (16, True), (29, True), (30, False)):
        assert bool(choose([("town/ann", regular(silent))], look())) == named, silent
    assert silence_odds(regular(12), NOON, 0) < LIKELY < silence_odds(regular(16), NOON, 0)
    assert choose([("town/ann", MemberState(last=int(NOON - 16 * DAY)))], look()) == []


def test_no_thanks_while_somebody_may_hurt_and_none_for_long_ago() -> None:
    """What was answered this week counts; within an inhibition nothing cheerful."""
    lately, ago = (("town/kind", int(NOON - DAY)),), (("town/kind", int(NOON - 8 * DAY)),)
    assert whys(choose([("town/kind", regular())], look(helpers=lately))) == [("kind", "thanks")]
    assert choose([("town/kind", regular())], look(helpers=ago)) == []
    assert choose([("town/kind", regular(inhibited_until=int(NOON + DAY)))], look(helpers=lately)) == []


def test_a_question_counts_once_it_was_told_and_for_a_week() -> None:
    """Of several the oldest."""
    fresh = OpenQuestion("q", "town/ann", "t", "help", int(NOON - 60), int(NOON + DAY))
    assert choose([("town/ann", regular())], look(fresh)) == []
    assert choose([("town/ann", regular())], look(question("ann", 200))) == []
    (found,) = choose([("town/ann", regular())], look(question("ann", 30, 2), question("ann", 50, 1)))
    assert (found.why, found.evidence) == ("unanswered", {"hours": 50})


def test_a_place_is_nobody() -> None:
    """Threads and channels have states as members have."""
    assert choose([("town/#t1", decode_state(encode_state(regular(16))))], look()) == []
    assert Loop(catalog(), lambda _: None, lambda _: None).weekly() == {}
