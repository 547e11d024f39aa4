"""A member's story in words: a sentence for each reason, no word of distress, what would have had to differ."""

import ast
from typing import Any

import pytest

from processors.commands import CHANNELS
from processors.decisions import HOLDS, Decision, Reason, Verdict
from streams.explanation.story import OVER, SENTENCES, because, duration, headline, in_words, story, told
from tests.support.tree import ROOT


def decision(**changes: Any) -> Decision:
    """A drop by the week's budget, with changes."""
    fields: dict[str, Any] = {
        "id": "d1", "member": "town/ann", "time": 1e9, "verdict": Verdict.DROP, "reason": Reason.BUDGET_WEEK, "playbook": "first-steps",
        "resource": "guide", "channel": "in_app", "lane": "proactive", "needed": "budget_week > 2", "values": {"sent_week": 2},
    }  # fmt: skip
    return Decision(**(fields | changes))


def test_every_reason_has_a_sentence_of_its_own() -> None:
    """None of the closed list goes without, none says what another says."""
    assert set(SENTENCES) == set(Reason)
    assert len(set(SENTENCES.values())) == len(SENTENCES)
    assert [
        said for said in SENTENCES.values() if not (said[0].isupper() and said.endswith(".") and len(said) < 120)
    ] == []


def test_every_channel_has_words() -> None:
    """A new channel needs its words."""
    assert set(OVER) == set(CHANNELS)


def test_no_sentence_tells_of_a_need() -> None:
    """Who reads why something cheerful was left out does not learn why the moment was not for it."""
    words = ("distress", "crisis", "suicid", "sad", "hurt", "griev")
    assert [said for said in SENTENCES.values() if any(word in said.lower() for word in words)] == []


@pytest.mark.parametrize(
    ("changes", "head", "why"),
    [
        (
            {},
            "Did not send guide (first-steps).",
            "The member had got as much as is allowed in a week. It would have taken: budget_week above 2 in the policy.",
        ),
        (
            {"verdict": Verdict.SEND, "reason": Reason.SENT, "needed": ""},
            "Sent guide (first-steps) in the app.",
            "Nothing spoke against it.",
        ),
        (
            {"verdict": Verdict.HOLD, "reason": Reason.QUIET_HOURS_HOLD, "needed": "8:00 local time"},
            "Held back guide (first-steps), to be decided again.",
            "It was night where the member lives. It would have taken: 8:00 local time.",
        ),
        (
            {"reason": Reason.COOLDOWN_THEME, "needed": "172801 s later"},
            "Did not send guide (first-steps).",
            "The member got something about the same theme a short while before. It would have taken: 3 days later.",
        ),
    ],
)
def test_a_decision_in_words(changes: dict[str, Any], head: str, why: str) -> None:
    """What, why, and what it would have taken."""
    assert (headline(decision(**changes)), because(decision(**changes))) == (head, why)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (3601, "2 hours"), (86_400, "1 day"), (86_401, "2 days")],
)
def test_a_duration_is_never_too_short(seconds: int, said: str) -> None:
    """Rounded up: whoever waits so long has waited enough."""
    assert duration(seconds) == said
    assert in_words(f"{seconds} s later") == f"{said} later"


@pytest.mark.parametrize("reason", [Reason.SENT, Reason.OPTED_OUT, Reason.NOT_SWITCHED_ON])
def test_of_the_safety_lane_only_id_time_and_reason_are_told(reason: Reason) -> None:
    """Neither playbook nor resource nor channel, for people as for machines."""
    kept = decision(
        lane="safety", reason=reason, verdict=Verdict.SEND, playbook="crisis.offer", resource="crisis-support"
    )
    assert told(kept) == {"id": "d1", "time": 1e9, "reason": reason}
    said = headline(kept) + because(kept)
    assert not any(word in said for word in ("crisis", "offer", "guide", "in the app", "budget_week"))


def test_a_story_is_in_order_and_each_decision_once() -> None:
    """A repeat after a kill has the same id."""
    first, later = decision(id="a", time=1.0), decision(id="b", time=2.0)
    assert story([later, first, later]) == [first, later]


def test_holds_are_told_as_held() -> None:
    """Each hold of the closed list reads as something that comes again."""
    assert {headline(decision(verdict=Verdict.HOLD, reason=reason))[:9] for reason in HOLDS} == {"Held back"}


def test_what_lost_is_told_what_it_lost_to() -> None:
    """By name, with what both were worth; in German too."""
    lost = decision(
        reason=Reason.OUTRANKED, needed="better not wanted at the same moment", values={"value": 0.3, "lost_to": "better", "value_of_that": 0.6},
    )  # fmt: skip
    assert (
        because(lost) == "Something more useful was due at the same moment. It lost to better (worth 0.6 against 0.3)."
    )
    assert because(lost, "de").endswith("Es unterlag better (Wert 0.6 gegen 0.3).")


def test_the_budget_of_the_staff_is_told_like_any_other() -> None:
    """Whoever's messages used it up."""
    assert (
        in_words("staff_day > 20 in the community") == in_words("staff_day > 20") == "staff_day above 20 in the policy"
    )


def test_whatever_a_stage_needed_is_told_in_german() -> None:
    """Each that a stage of the arbiter may name, with numbers in the places of values."""
    needed = []
    ours = [*(ROOT / "processors" / "policy" / "stages").glob("*.py"), *(ROOT / "processors").glob("*.py")]
    for path in sorted(ours):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = {"Ruling": 1, "drop": 3}.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Call) and place is not None and len(node.args) > place:
                given = node.args[place]
                parts = given.values if isinstance(given, ast.JoinedStr) else [given]
                if isinstance(given, ast.Constant | ast.JoinedStr):  # a variable holds a policy's own word
                    needed.append("".join(str(one.value) if isinstance(one, ast.Constant) else "3" for one in parts))
    assert len(needed) > 30
    assert [one for one in needed if in_words(one, "de") == in_words(one, "en")] == []
    assert in_words("432000 s later", "de") == "5 Tage später"
