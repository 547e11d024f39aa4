"""Each reason of the spine has a story that ends in it."""

import re

import pytest

from processors.decisions import Reason
from processors.member_partition import MemberPartition
from processors.playbooks.resources import Localised, Policy, Silence
from tests.support.stories import DAY, HOUR, NOON, Story, catalog, event, playbook, resource
from tests.support.tree import ROOT

POST = event("post.created", 0, text="Good morning")


def told(story: Story, *events: object) -> str:
    """Tell the events, return the last reason."""
    return story.tell(*events).reasons[-1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "sent"),
        ({"maturity": "shadow"}, "shadow"),
        ({"maturity": "suggest"}, "suggestion_waits"),
        ({"maturity": "canary", "canary": 0.0}, "canary_excluded"),
        ({"maturity": "canary", "canary": 1.0}, "sent"),
        ({"resource": "nowhere"}, "resource_missing"),
        ({"holdout": 1.0}, "holdout"),
        ({"channels": ("thread",)}, "no_channel"),
        ({"wait": 600.0}, "wait"),
        ({"lane": "safety"}, "not_switched_on"),
    ],
)
def test_a_playbook_decides_by_what_it_is(changes: dict[str, object], reason: str) -> None:
    """What the playbook itself says leads to its own reason."""
    assert told(Story(catalog(playbook(**changes))), POST) == reason


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (Policy(kill_switch=True), "kill_switch"),
        (Policy(budget_day=0), "budget_day"),
        (Policy(budget_week=0, budget_week_new=0), "budget_week"),
        (Policy(quiet_from=11, quiet_to=13), "quiet_hours_hold"),
        (Policy(channels=("email",)), "no_channel"),
    ],
)
def test_a_community_decides_by_its_policy(policy: Policy, reason: str) -> None:
    """What the community's policy says leads to its own reason."""
    assert told(Story(catalog(policy=policy)), POST) == reason


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (event("preference.opted_out", -1, kind="all"), "opted_out"),
        (event("preference.opted_out", -1, kind="play"), "opted_out"),
        (event("preference.snoozed", -1, kind="all", until=NOON + DAY), "snoozed"),
        (event("profile.changed", -1, birth_year=2010), "audience_excluded"),
        (event("profile.changed", -1, role="bot"), "audience_excluded"),
        (event("preference.opted_out", -1, kind="another"), "sent"),
    ],
)
def test_a_member_decides_by_wishes_and_profile(before: object, reason: str) -> None:
    """What the member wishes or is leads to its own reason."""
    assert told(Story(catalog()), before, POST) == reason


@pytest.mark.parametrize(
    ("wish", "kind", "reason"),
    [
        ("preference.opted_out", "all", "sent"),
        ("outcome.opted_out", "all", "sent"),
        ("preference.snoozed", "all", "sent"),
        ("preference.opted_out", "help", "opted_out"),
        ("preference.snoozed", "help", "snoozed"),
        ("consent.withdrawn", "all", "no_consent"),
    ],
)
def test_who_asks_is_answered_unless_they_stopped_answers(wish: str, kind: str, reason: str) -> None:
    """ "Stop all" ends what comes unasked; a withdrawn consent covers answers too."""
    play = playbook("help", trigger="signal.help_requested", kind="help", lane="request")
    about = {"command": "c1"} if wish.startswith("outcome.") else {}
    story = Story(catalog(play)).tell(event(wish, -1, kind=kind, **about))
    assert told(story, event("help.requested", 0, text="report spam")) == reason


def test_an_opt_out_taken_back_counts_no_more() -> None:
    """Opting in again ends the opt-out."""
    story = Story(catalog())
    assert (
        told(story, event("preference.opted_out", -2, kind="all"), event("preference.opted_in", -1, kind="all"), POST)
        == "sent"
    )


WITHDRAWN, GIVEN = "consent.withdrawn", "consent.given"
NEEDED = Policy(consent_required=("all",))


@pytest.mark.parametrize(
    ("policy", "before", "reason"),
    [
        (NEEDED, (), "no_consent"),
        (NEEDED, ((GIVEN, "all"),), "sent"),
        (NEEDED, ((GIVEN, "play"),), "sent"),
        (NEEDED, ((GIVEN, "another"),), "no_consent"),
        (NEEDED, ((GIVEN, "all"), (WITHDRAWN, "play")), "no_consent"),
        (NEEDED, ((WITHDRAWN, "all"), (GIVEN, "play")), "sent"),
        (Policy(consent_required=("play",)), (), "no_consent"),
        (Policy(consent_required=("another",)), (), "sent"),
        (Policy(), ((WITHDRAWN, "all"),), "no_consent"),
        (Policy(), ((WITHDRAWN, "play"), (GIVEN, "play")), "sent"),
        (Policy(), ((WITHDRAWN, "play"), (GIVEN, "all")), "sent"),
        (NEEDED, (("preference.opted_out", "all"), (GIVEN, "all")), "opted_out"),
        (NEEDED, (("preference.snoozed", "all"), (GIVEN, "all")), "snoozed"),
        (NEEDED, ((WITHDRAWN, "all"), ("preference.opted_in", "all")), "no_consent"),
    ],
)
def test_consent_and_opt_outs_are_two_things(policy: Policy, before: tuple[tuple[str, str], ...], reason: str) -> None:
    """The last word on a kind counts, else the last on everything; neither lifts what the other holds."""
    wishes = [event(name, number - 9, kind=kind) for number, (name, kind) in enumerate(before)]
    assert told(Story(catalog(policy=policy)), *wishes, POST) == reason


@pytest.mark.parametrize(
    ("required", "before", "reason"),
    [
        (("all",), (), "sent"),
        (("crisis",), (), "no_consent"),
        (("crisis",), ((GIVEN, "crisis"),), "sent"),
        ((), ((WITHDRAWN, "all"),), "sent"),
        ((), ((WITHDRAWN, "crisis"),), "no_consent"),
    ],
)
def test_the_safety_lane_heeds_what_was_said_of_its_own_kind(
    required: tuple[str, ...], before: tuple[tuple[str, str], ...], reason: str
) -> None:
    """As with opt-outs: a word about everything is not about help in distress."""
    policy = Policy(distress_support=True, safety_owner="owner", consent_required=required)
    wishes = [event(name, -1, kind=kind) for name, kind in before]
    assert told(Story(catalog(playbook(lane="safety", kind="crisis"), policy=policy)), *wishes, POST) == reason


def test_every_reason_of_the_closed_list_arises_and_has_a_story() -> None:
    """Here or beside it: the arbiter's in tests/processors, those of delivery in tests/sinks."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("processors", "sinks")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "decisions.py"  # the list itself
    )
    arising = {Reason[name] for name in re.findall(r"\bReason\.([A-Z_]+)", code)}
    arising |= {Reason(name) for name in re.findall(r'Ending\("(recalled)"', code)}  # as the kind of an outcome
    assert set(Reason) - arising == set()
    stories = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("processors", "sinks")
        for path in (ROOT / "tests" / folder).rglob("*.py")
    )
    assert {str(one) for one in Reason if f'"{one}"' not in stories and f"Reason.{one.name}" not in stories} == set()


def test_a_kill_switch_of_an_operator_stops_a_community_for_its_time() -> None:
    """As a silence, but under its own name."""
    silence = Silence(until=NOON + HOUR, author="op", community="town", kind="kill_switch")
    story = Story(catalog(silences=(silence,)))
    assert told(story, POST) == "kill_switch"
    assert told(story, event("post.created", 61, text="later")) == "sent"


def test_a_silence_holds_until_its_time() -> None:
    """Within its time a silence stops the playbook, afterwards not."""
    story = Story(catalog(silences=(Silence(until=NOON + HOUR, author="op", playbook="play"),)))
    assert told(story, POST) == "silenced"
    assert told(story, event("post.created", 61, text="later")) == "sent"


def test_an_expired_or_unverified_resource_is_not_sent() -> None:
    """Expiry and verification of the resource are looked at when it would go."""
    expired = resource(expires=NOON - 1)
    helpline = resource(kind="helpline", verified=False, locales={"en": Localised("x", "y")})
    assert told(Story(catalog(resources=(expired,))), POST) == "resource_expired"
    assert told(Story(catalog(resources=(helpline,))), POST) == "helpline_unverified"


def test_cooldowns_of_playbook_resource_and_theme() -> None:
    """After a send each cool-down has its own reason."""
    free = {"budget_day": 9, "budget_week": 9, "budget_week_new": 9}
    second = event("post.created", 5, text="again")
    assert told(Story(catalog(playbook(cooldown=DAY), policy=Policy(**free))), POST, second) == "cooldown_playbook"
    assert told(Story(catalog(policy=Policy(**free))), POST, second) == "cooldown_resource"
    assert told(Story(catalog(policy=Policy(**free, cooldown_resource=0.0))), POST, second) == "cooldown_theme"


def test_dismissals_shrink_the_budget_at_once() -> None:
    """A dismissal takes one from the week's budget."""
    policy = Policy(budget_day=9, budget_week=2, budget_week_new=2, cooldown_resource=0.0, cooldown_theme=0.0)
    story = Story(catalog(policy=policy)).tell(POST)
    dismissed = event("outcome.dismissed", 1, command=story.commands[0].id)
    assert told(story, dismissed, event("post.created", 2, text="again")) == "budget_shrunk"


def test_once_per_member_is_delivered_once() -> None:
    """A second trigger of a once-per-member playbook finds it delivered."""
    story = Story(catalog(playbook(once_per="member")))
    assert told(story, POST, event("post.created", 3 * DAY / 60, text="again")) == "already_delivered"


def test_of_two_proactive_at_one_moment_the_lower_is_outranked() -> None:
    """The better one goes, the other is outranked by name."""
    two = (playbook("low", priority="low"), playbook("high", priority="high"))
    story = Story(catalog(*two)).tell(POST)
    assert [(one.playbook, str(one.reason)) for one in story.decisions] == [("high", "sent"), ("low", "outranked")]


def test_an_exit_while_waiting_drops_the_candidate() -> None:
    """What the playbook names as its exit ends the wait."""
    story = Story(catalog(playbook(trigger="channel.joined", wait=600.0, unless=("post.created",))))
    assert told(story, event("channel.joined"), event("post.created", 5, text="hello")) == "exit_met"
    assert story.wait(60).commands == []


def test_a_condition_that_is_gone_when_the_wait_ends() -> None:
    """Conditions are asked again when the wait is over."""
    story = Story(catalog(playbook(trigger="channel.joined", wait=600.0, conditions={"member.posts": 0})))
    story.tell(event("channel.joined"), event("post.created", 5, text="hello")).wait(30)
    assert story.reasons == ["wait", "condition_gone"]


def test_what_waited_too_long_is_stale() -> None:
    """A hold over night that outlives the playbook's expiry is not sent late."""
    story = Story(catalog(playbook(expires=3600.0), policy=Policy(quiet_from=11, quiet_to=10)))
    story.tell(POST).wait(24 * 60)
    assert story.reasons == ["quiet_hours_hold", "quiet_hours_stale"]


def test_an_event_that_comes_late_is_history() -> None:
    """What happened longer ago than the playbook allows brings nothing any more."""
    assert told(Story(catalog(playbook(expires=HOUR))), event("post.created", -90, text="earlier")) == "event_stale"


def test_quiet_hours_hold_then_decide_again() -> None:
    """A hold ends at the hour of the policy, and the stages are asked again."""
    story = Story(catalog(policy=Policy(quiet_from=11, quiet_to=14))).tell(POST)
    assert story.decisions[0].until == NOON + 2 * HOUR
    story.wait(3 * 60)
    assert story.reasons == ["quiet_hours_hold", "sent"]
    assert 0 <= story.commands[0].not_before - NOON - 2 * HOUR <= 2 * 60


def test_a_member_who_leaves_ends_what_waits() -> None:
    """Nothing goes to the departed."""
    story = Story(catalog(playbook(wait=600.0))).tell(POST, event("community.left", 1))
    assert story.reasons == ["wait", "audience_excluded"]


def test_after_distress_nothing_cheerful() -> None:
    """The safety offer goes, the cheerful playbook is inhibited."""
    policy = Policy(distress_support=True, safety_owner="owner", cooldown_resource=0.0)
    offer = playbook("offer", "signal.distress", lane="safety", cheerful=False, conditions={"signal.tier": {"gte": 2}})
    story = Story(catalog(offer, playbook("cheer"), policy=policy))
    story.tell(event("post.created", 0, text="I feel completely hopeless tonight."))
    assert {one.playbook: str(one.reason) for one in story.decisions} == {"": "sent", "cheer": "inhibited"}
    assert [one.playbook for one in story.commands] == ["offer"]


def test_a_waiting_answer_is_dropped_when_the_question_is_answered() -> None:
    """An answer in the thread solves what waited for it."""
    story = Story(catalog(playbook(trigger="signal.asked", wait=3600.0)))
    story.tell(
        event(
            "post.created",
            0,
            thread="t",
            text="How do I mount the frobnicator?",
        )
    )
    story.tell(event("post.replied", 5, "bob", thread="t", text="With the frob option."))
    assert story.reasons == ["wait", "already_solved"]


def test_the_same_occasion_twice_waits_once() -> None:
    """A second trigger of what waits is a duplicate, and the first one goes."""
    story = Story(catalog(playbook(once_per="member", wait=600.0)))
    story.tell(POST, event("post.created", 3, text="again")).wait(30)
    assert story.reasons == ["wait", "duplicate", "sent"]


def test_what_may_not_be_written_or_concluded_on_a_platform() -> None:
    """Discord: nobody is written to who did not ask or consent, and distress is not concluded from its data."""
    discord = Policy(platform="discord", distress_support=True, safety_owner="owner")
    private = playbook(channels=("direct_message",))
    assert told(Story(catalog(private, policy=discord)), POST) == "platform_forbids"
    assert told(Story(catalog(playbook(channels=("direct_message", "in_app")), policy=discord)), POST) == "sent"
    assert told(Story(catalog(private, policy=discord)), event("consent.given", -1, kind="all"), POST) == "sent"
    assert told(Story(catalog(playbook(channels=("direct_message",), lane="answer"), policy=discord)), POST) == "sent"


def test_what_waits_is_looked_at_again_when_the_platform_is_named() -> None:
    """A catalog that says where the community lives takes effect on what was concluded before."""
    offer = playbook("offer", "signal.distress", lane="safety", cheerful=False, wait=600.0)
    switched_on = {"distress_support": True, "safety_owner": "owner"}
    catalogs = [catalog(offer, policy=Policy(**switched_on, platform=name)) for name in ("", "discord")]
    partition = MemberPartition(0, {}, None, {one.hash: one for one in catalogs}.__getitem__)
    partition.activate(catalogs[0].hash)
    partition.tick(NOON - 1)
    partition.apply(event("post.created", 0, text="I feel completely hopeless tonight."))
    partition.activate(catalogs[1].hash)
    partition.tick(NOON + HOUR)
    assert [str(one.reason) for one in partition.take_outputs().decisions] == ["wait", "platform_forbids"]


def test_somebody_who_may_be_somebody_else_gets_nothing_personal() -> None:
    """Proactive messages wait until it is sure who reads them; an answer goes where the same account reads."""
    unsure = event("profile.changed", -1, identity="unsure")
    sure = event("profile.changed", 2, identity="sure")
    assert told(Story(catalog()), unsure, POST) == "identity_unsure"
    assert told(Story(catalog()), unsure, sure, event("post.created", 3, text="again")) == "sent"
    answer = {"lane": "answer"}
    assert told(Story(catalog(playbook(channels=("email",), **answer))), unsure, POST) == "identity_unsure"
    assert told(Story(catalog(playbook(channels=("email", "in_app"), **answer))), unsure, POST) == "sent"


@pytest.mark.parametrize("title", ["@everyone", "see https://example.org", "a\u202eb", "[x](y)", "www.example.org"])
def test_a_text_that_a_name_made_unsafe_is_not_sent(title: str) -> None:
    """Names and titles come from anybody; what is plain in them goes."""
    named = playbook(trigger="event.registered", because="you registered for {event.name}")
    assert told(Story(catalog(named)), event("event.registered", 0, name=title)) == "unsafe_text"
    assert told(Story(catalog(named)), event("event.registered", 0, name="The meeting (3 pm)")) == "sent"


def test_chance_decides_per_occasion_and_its_probability_is_kept() -> None:
    """About half of the occasions go, and every decision that reached the coin says with which probability."""
    policy = Policy(cooldown_resource=0.0, cooldown_theme=0.0, budget_day=20, budget_week=20, budget_week_new=20)
    story = Story(catalog(playbook(randomised=0.5, holdout=0.0), policy=policy))
    for number in range(16):
        story.tell(event("post.created", number, "ann", f"p{number}", text="Good morning"))
    assert set(story.reasons) == {"sent", "randomised_out"}
    assert 3 <= len(story.commands) <= 13
    assert {one.probability for one in story.decisions} == {0.5}
    assert {one.probability for one in story.commands} == {0.5}


def test_what_led_to_nothing_three_times_rests() -> None:
    """Habituation; one that was opened in between begins the count anew."""
    policy = Policy(cooldown_resource=0.0, cooldown_theme=0.0)

    def told_weekly(opened: int) -> list[str]:
        story = Story(catalog(policy=policy))
        for week in range(4):
            minute = week * 8 * 24 * 60
            story.tell(event("post.created", minute, "ann", f"p{week}", text="Good morning"))
            if week == opened:
                story.tell(event("outcome.clicked", minute + 1, command=story.commands[-1].id))
        return story.reasons

    assert told_weekly(opened=-1) == ["sent", "sent", "sent", "resting"]
    assert told_weekly(opened=1) == ["sent", "sent", "sent", "sent"]


def test_a_playbook_whose_messages_are_unwelcome_sends_less() -> None:
    """When more than its guard were dismissed, half of the occasions are left out; who is not steered goes on."""
    story = Story(catalog())
    for number in range(60):
        story.tell(event("post.created", number, f"m{number}", text="Good morning"))
        if story.reasons[-1] == "sent":
            sent = story.commands[-1].id
            story.tell(event("outcome.dismissed", number, f"m{number}", command=sent))
    assert story.reasons[:19] == ["sent"] * 19
    assert 5 <= story.reasons.count("volume_controlled") <= 35
