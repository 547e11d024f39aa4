"""All shipped playbooks, every kind of event, answers, repetitions, other catalogs and policies meanwhile: each send keeps what is promised.

`tests/support/lives.py` tells the lives, `tests/support/promises.py` holds the promises, without the code under test.
"""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.vocabulary import COMMUNITY
from tests.support.lives import BEGINNINGS, BUNDLES, GAPS, KINDS, MEMBERS, POLICIES, AnyLife
from tests.support.promises import HEAVY, Got, Promises
from tests.support.stories import event

Steps = list[tuple[str, int, int]]
STEP = st.tuples(st.sampled_from(KINDS), st.integers(0, 65_535), st.sampled_from(GAPS))
LIFE = st.lists(STEP, min_size=30, max_size=90)
RULES = st.tuples(st.integers(0, len(BUNDLES) - 1), st.integers(0, len(POLICIES) - 1), st.sampled_from(BEGINNINGS))


@given(RULES, LIFE)
@settings(max_examples=60, deadline=None)
def test_no_life_breaks_a_promise(rules: tuple[int, int, int], steps: Steps) -> None:
    """Budgets of each lane and of the team's place, wishes, consents, night and chosen hours, silences, audience, once only."""
    AnyLife(rules[0], rules[1]).live(rules[2], steps)


@given(RULES, LIFE)
@settings(max_examples=15, deadline=None)
def test_no_life_blocks_help(rules: tuple[int, int, int], steps: Steps) -> None:
    """Who then writes sincere words of distress gets the offer, unless they left, are a child or no person, or said no to this kind."""
    life = AnyLife(rules[0], rules[1]).live(rules[2], steps)
    for number, key in enumerate(f"town/{one}" for one in MEMBERS):
        member = life.promises.of(key)
        refused = {"crisis", "crisis.support-offer", "safety"} & member.out or not all(
            member.consents.get(kind, True) for kind in ("crisis", "crisis.support-offer", "safety")
        )
        if refused or member.left or member.role == "bot" or member.birth_year >= 2010:
            continue
        before = len(life.promises.commands)
        words = event("post.created", life.minute + 1 + number, key.partition("/")[2], f"words{number}", text=HEAVY)
        life.promises.hear(words, life.loop.time)
        life.loop.feed(words)
        given_then = [one for one in life.promises.commands[before:] if one.member == key]
        assert "crisis.support-offer" in {one.playbook for one in given_then}, life.promises.decisions[-3:]


@given(RULES, LIFE)
@settings(max_examples=10, deadline=None)
def test_each_replay_of_it_is_the_same(rules: tuple[int, int, int], steps: Steps) -> None:
    """Decisions with ids, values and probabilities, commands, recalls."""
    one, other = (AnyLife(rules[0], rules[1]).live(rules[2], steps).promises for _ in range(2))
    assert (one.decisions, one.commands, one.recalls) == (other.decisions, other.commands, other.recalls)


def test_these_lives_reach_what_they_are_to_search() -> None:
    """A search that never sends finds nothing: of forty drawn lives nearly all send, and most reasons and all kinds of events occur."""
    reached, sending = Counter[str](), 0
    for seed in range(40):
        draw = Random(seed)
        steps = [(draw.choice(KINDS), draw.randrange(65_536), draw.choice(GAPS)) for _ in range(60)]
        life = AnyLife(seed % 2, seed % len(POLICIES)).live(draw.choice(BEGINNINGS), steps)
        reached += life.promises.counts
        sending += bool(life.promises.commands)
    assert sending >= 36
    assert set(COMMUNITY) <= set(reached)
    lanes = ("sent.proactive", "sent.answer", "sent.request", "sent.safety", "sent.staff", "recall")
    assert min(reached[one] for one in lanes) >= 10
    holding = (
        "budget_day", "budget_week", "budget_shrunk", "quiet_hours_hold", "chosen_time_hold", "suggestion_waits", "wait", "snoozed",
        "opted_out", "no_consent", "audience_excluded", "identity_unsure", "inhibited", "cooldown_resource", "cooldown_playbook",
        "merged_into_digest", "event_stale", "exit_met", "already_delivered", "shadow", "canary_excluded", "outranked", "silenced",
    )  # fmt: skip
    assert not [one for one in holding if not reached[one]]


def test_a_broken_promise_is_noticed() -> None:
    """The promises can fail: the commands of a life are held against a member who wanted none of them."""
    draw = Random(1)
    life = AnyLife().live(0, [(draw.choice(KINDS), draw.randrange(65_536), 60) for _ in range(60)])
    command = next(one for one in life.promises.commands if one.lane == "proactive")
    for broken in ("out", "left", "role", "chosen", "sends", "hurt"):
        promises = Promises(life.promises.catalog)
        member, night = promises.of(command.member), (command.not_before // 3600 + 2) % 24
        wanted = {
            "out": {"all"},
            "left": True,
            "role": "bot",
            "chosen": ("hours", int(night), int(night + 1) % 24),
            "hurt": command.not_before - 60.0,
        }
        setattr(
            member,
            broken,
            wanted.get(broken, [Got(command.not_before - 60.0, "proactive", "other", "other", "other")] * 9),
        )
        with pytest.raises(AssertionError):
            promises.commanded(command)
    Promises(life.promises.catalog).commanded(command)
