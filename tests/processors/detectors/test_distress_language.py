"""The rules of distress support, each held by a test: who is addressed, when, how often, and what stays untold."""

from typing import Any

import msgspec
import pytest

from processors.detectors import distress_language
from processors.detectors.distress_language import APART, WINDOW, risen
from processors.member.state import MemberState, decode_state, encode_state
from processors.playbooks.resources import Policy
from processors.text.distress import assess
from resource_catalog.loader import SHIPPED, load
from tests.support.stories import DAY, HOUR, MINUTE, NOON, Story, catalog, event, playbook, resource

ON = Policy(distress_support=True, safety_owner="owner")
OFFER = playbook("offer", "signal.distress", lane="safety", cheerful=False, theme="crisis",
                 conditions={"signal.tier": {"gte": 2}}, channels=("direct_message",))  # fmt: skip
CONCERN = playbook(
    "concern", "signal.concern", lane="safety", cheerful=False, theme="concern", channels=("direct_message",)
)
SINCERE = "I feel completely hopeless, I don't want to live anymore."
CANARY = "kestrel-7431"


def words(text: str, minute: float = 0.0, member: str = "ann", kind: str = "post.created", **fields: Any) -> Any:
    """Words of a member at a minute after noon."""
    return event(kind, minute, member, "", text=text, channel="offtopic", **fields)


def story(policy: Policy = ON, *more: Any) -> Story:
    """A town with the offer, the guidance for helpers, and further playbooks."""
    return Story(catalog(OFFER, CONCERN, *more, policy=policy))


def sent(told: Story) -> list[tuple[str, str]]:
    """Who got what."""
    return [(one.member, one.playbook) for one in told.commands]


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(distress_support=True),
        Policy(safety_owner="owner"),
        msgspec.structs.replace(ON, platform="Discord"),
    ],
    ids=["as shipped", "nobody answers for it", "not switched on", "the platform forbids it"],
)
def test_1_it_is_off_until_a_community_and_its_platform_want_it(policy: Policy) -> None:
    """Nothing is concluded, remembered or sent; as shipped it is off."""
    told = story(policy).tell(words(SINCERE))
    assert told.decisions == []
    state = MemberState()
    assert distress_language.observe(state, words(SINCERE), policy, NOON) == []
    assert state == MemberState()
    assert not load(SHIPPED).bundle.policies["*"].distress_support


def test_1_the_shipped_helplines_are_unverified_and_not_sent() -> None:
    """Who runs a community looks at numbers and hours first."""
    bundle = load(SHIPPED).bundle
    helplines = [one for one in bundle.resources if one.kind == "helpline"]
    assert helplines
    assert all(not one.verified for one in helplines)
    assert all({"en", "de"} <= set(one.locales) for one in helplines)
    offer = msgspec.structs.replace(OFFER, resource="crisis-support")
    told = Story(catalog(offer, policy=ON, resources=tuple(helplines))).tell(words(SINCERE))
    assert told.reasons == ["helpline_unverified"]


def test_2_only_the_author_is_addressed_and_in_private() -> None:
    """A reply in a thread with somebody else: the command goes to the writer, over a private channel, with no score."""
    told = story().tell(words(SINCERE, kind="post.replied", to="town/bob", thread="t1"))
    assert [(one.target, one.channel) for one in told.commands] == [("town/ann", "direct_message")]
    assert "score" not in msgspec.json.encode(told.commands[0]).decode()
    public = msgspec.structs.replace(OFFER, channels=("thread", "pinned", "staff"))
    assert Story(catalog(public, policy=ON)).tell(words(SINCERE, thread="t1")).reasons == ["no_channel"]


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("we talked about suicide and depression statistics", 0),
        ("I feel so lonely these days.", 1),
        ("I don't want to live anymore.", 2),
        ("I have decided to end my life tonight.", 3),
    ],
)
def test_4_a_keyword_is_not_a_statement(text: str, tier: int) -> None:
    """Each tier asks for more."""
    assert assess(text).tier == tier


def test_4_statements_at_several_moments_within_days_rise_a_tier() -> None:
    """The third moment of T1 is T2; three sentences of one moment are one, and what lies further back counts no more."""
    heavy = "I feel so lonely these days."
    days = (0.0, DAY / MINUTE, 2 * DAY / MINUTE)
    assert sent(story().tell(*(words(heavy, minute) for minute in days))) == [("town/ann", "offer")]
    assert sent(story().tell(*(words(heavy, minute) for minute in (0, 1, 2)))) == []
    assert sent(story().tell(*(words(heavy, minute * 3) for minute in days))) == []


def test_4_the_window_is_bounded_and_old_states_decode() -> None:
    """A flood of statements leaves a state as small as a few; tiers stay within T3."""
    state = MemberState()
    for minute in range(0, 3000, 11):
        distress_language.observe(state, words(SINCERE, minute), ON, NOON + minute * MINUTE)
    assert len(state.distress) == distress_language.REMEMBERED
    assert decode_state(encode_state(state)).distress == state.distress
    assert risen([(int(NOON - n * APART), 3) for n in range(9, 0, -1)], 3, NOON) == 3


def test_5_worry_about_somebody_else_helps_the_one_who_worries() -> None:
    """Guidance for helpers goes to the writer; the one worried about gets nothing."""
    told = story().tell(words("My best friend wants to kill himself.", kind="post.replied", to="town/bob"))
    assert sent(told) == [("town/ann", "concern")]


def test_5_a_report_by_a_third_party_causes_no_message() -> None:
    """A flag with words of concern about bob is no statement of bob's, nor a message to anybody."""
    flag = event("content.flagged", 0, "ann", "", post="p1", author="town/bob", text=SINCERE, about="suicide")
    moderated = event("content.moderated", 1, "mod", "", post="p1", author="town/bob", text=SINCERE)
    assert sent(story().tell(flag, moderated)) == []


def test_5_guidance_for_helpers_takes_nothing_from_help_for_oneself() -> None:
    """Each theme of the lane has its own rest."""
    told = story().tell(words("My best friend wants to kill himself."), words(SINCERE, 5))
    assert sent(told) == [("town/ann", "concern"), ("town/ann", "offer")]


def test_6_nothing_ordinary_blocks_it_but_an_opt_out_of_its_kind_does() -> None:
    """Spent budgets, night, holdout, snooze and an opt-out of all else let it through; "stop" does not."""
    greedy = playbook("greedy", "post.read", holdout=0.0)
    night = msgspec.structs.replace(ON, quiet_from=0, quiet_to=23, budget_day=0)
    assert sent(
        Story(catalog(greedy, msgspec.structs.replace(OFFER, holdout=0.5), policy=night)).tell(
            event("post.read", -2),
            event("preference.snoozed", -1, kind="all", until=NOON + DAY),
            event("preference.opted_out", -1, kind="all"),
            words(SINCERE),
        )
    ) == [("town/ann", "offer")]
    stopped = event("preference.opted_out", -1, kind="offer")
    assert story().tell(stopped, words(SINCERE)).reasons == ["opted_out"]


def test_6_one_offer_then_a_week_of_rest() -> None:
    """The second statement is kept without an offer, one after seven days has one again."""
    again, later = words(SINCERE, DAY / MINUTE), words(SINCERE, 8 * DAY / MINUTE)
    assert story().tell(words(SINCERE), again, later).reasons == ["sent", "budget_week", "sent"]


@pytest.mark.parametrize("text", [SINCERE, "My mother died yesterday.", "Meine Mutter ist gestern gestorben."])
def test_7_nothing_cheerful_for_14_days(text: str) -> None:
    """After T2 and after bereavement; a plain statement later is free again."""
    cheerful = playbook("cheerful", "post.read")
    reading = [event("post.read", days * DAY / MINUTE, "ann", f"read {days}") for days in (1, 13.9, 14.1)]
    told = story(msgspec.structs.replace(ON, cooldown_resource=0.0), cheerful).tell(words(text), *reading)
    assert [str(one.reason) for one in told.decisions if one.playbook == "cheerful"] == [
        "inhibited",
        "inhibited",
        "sent",
    ]


def test_9_an_expired_helpline_is_not_sent() -> None:
    """Verified once is not verified for ever."""
    line = resource(kind="helpline", verified=True, expires=NOON - HOUR)
    assert Story(catalog(OFFER, policy=ON, resources=(line,))).tell(words(SINCERE)).reasons == ["resource_expired"]


def test_10_no_word_leaves_the_detector() -> None:
    """A canary in the text is in no decision, command, alert, signal or state; only counts and kinds are."""
    told = story().tell(words(f"{SINCERE} {CANARY} I have decided to end my life."))
    state = MemberState()
    signals = distress_language.observe(state, words(f"{SINCERE} {CANARY}"), ON, NOON)
    assert [one.kind for one in signals] == ["distress"]
    assert set(signals[0].evidence) == {"tier", "recent", "kinds"}
    left = msgspec.json.encode([told.decisions, told.commands, signals]) + encode_state(state)
    assert CANARY.encode() not in left
    assert all(one.values == {} and one.needed == "" for one in told.decisions if one.lane == "safety")


def test_a_window_ends() -> None:
    """Just within, just beyond."""
    assert WINDOW > 2 * DAY
    old = [(int(NOON - 2 * DAY), 1), (int(NOON - DAY), 1)]
    assert risen(old, 1, NOON) == 2
    assert risen(old[1:], 1, NOON) == 1
    assert risen([], 2, NOON) == 2
