"""Questions answered from the catalog: in the thread, over budgets of their own, at once on request, else with a reason."""

import pytest

from processors.decisions import Reason
from processors.events import Event
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Localised, Policy, Resource, Silence
from tests.support.stories import NOON, Story, catalog, event, playbook, resource

TEXTS = {
    "en": Localised("How do I change my password?", "In your profile."),
    "de": Localised("Wie ändere ich mein Passwort?", "In deinem Profil."),
}
PASSWORD = resource("password", locales=TEXTS)
INVOICE = resource("invoice", locales={"en": Localised("Where can I download an invoice?", "Under orders.")})
FALLBACK = resource("fallback", search="never")
ANSWER = {"matching": True, "resource": "", "lane": "answer", "channels": ("thread",)}


def answering(*playbooks: dict[str, object]) -> Catalog:
    """A catalog with two pages that answer something and one that never does."""
    return catalog(*(playbook(**{**ANSWER, **one}) for one in playbooks), resources=(PASSWORD, INVOICE, FALLBACK))


ASKED = {"name": "asked", "trigger": "signal.asked"}


def asks(text: str, minute: float = 0.0, kind: str = "question.asked") -> Story:
    """A member asks."""
    return Story(answering(ASKED)).tell(event(kind, minute, channel="help", thread="t1", text=text))


def test_the_matching_resource_is_sent_into_the_thread_of_the_question() -> None:
    """Command and decision name what was found, not what the playbook says."""
    story = asks("How can I change my password?")
    (command,) = story.commands
    assert (command.resource, command.target, command.text) == ("password", "town/#t1", "In your profile.")
    assert [one.resource for one in story.decisions] == ["password"]


def test_a_question_in_german_is_answered_in_german() -> None:
    """The language of the wording that was found, where the member has named none."""
    (command,) = asks("Wie ändere ich hier mein Passwort?").commands
    assert (command.locale, command.text) == ("de", "In deinem Profil.")


@pytest.mark.parametrize("maturity", ["live", "shadow", "suggest"])
def test_where_nothing_answers_nothing_fires(maturity: str) -> None:
    """A playbook without anything to offer is no candidate: no decision, in shadow neither; the question still counts for gaps."""
    story = Story(answering({**ASKED, "maturity": maturity, "wait": 600.0}))
    for hour, member in enumerate(("ann", "bob", "cem")):
        text = f"How {('do I', 'can we', 'does one')[hour]} mount the frobnicator partition under gentoo?"
        story.tell(event("question.asked", hour * 60.0, member, channel="help", thread=member, text=text))
    story.wait(240)
    assert (story.commands, story.decisions) == ([], [])
    assert [(one.kind, one.members) for one in story.loop.gaps.values()] == [("asked", 3)]


def test_what_nothing_answers_takes_no_place_from_what_waits() -> None:
    """Many questions without a page leave the queue of a member to what waits in it."""
    waiting = playbook("later", "post.read", wait=7200.0)
    asked = playbook(**{**ANSWER, **ASKED, "wait": 600.0})
    story = Story(catalog(waiting, asked, resources=(PASSWORD, resource("guide"))))
    story.tell(event("post.read"))
    for minute in range(1, 13):
        text = f"How do I mount partition {minute}?"
        story.tell(event("question.asked", minute, channel="help", thread=f"t{minute}", text=text))
    story.wait(180)
    assert [one.playbook for one in story.commands] == ["later"]


def test_another_question_is_answered_the_same_day_but_no_page_twice() -> None:
    """The theme does not rest between two answers; the resource does."""
    story = Story(answering(ASKED))
    for minute, text in enumerate(
        ("How can I change my password?", "Where do I download my invoice?", "How do I change the password?")
    ):
        story.tell(event("question.asked", minute * 20, channel="help", thread=f"t{minute}", text=text))
    assert [one.resource for one in story.commands] == ["password", "invoice"]
    assert [one.reason for one in story.decisions if one.reason is not Reason.SENT] == [Reason.COOLDOWN_RESOURCE]


def test_otherwise_stands_in_where_nothing_matches() -> None:
    """A playbook may name what it offers then; what matches goes before it."""
    again = {"name": "again", "trigger": "signal.asked_again", "resource": "fallback"}
    for text, offered in (
        ("How do I mount the frobnicator partition?", "fallback"),
        ("How can I change my password?", "password"),
    ):
        story = Story(answering(again))
        for minute in (0, 90):
            story.tell(event("question.asked", minute, channel="help", thread=f"t{minute}", text=text))
        assert [one.resource for one in story.commands] == [offered]


def test_what_waits_keeps_the_resource_that_was_found() -> None:
    """After the wait the same resource goes."""
    story = Story(answering({**ASKED, "wait": 600.0})).tell(
        event("question.asked", channel="help", thread="t1", text="How can I change my password?")
    )
    assert not story.commands
    story.wait(15)
    assert [one.resource for one in story.commands] == ["password"]


def test_a_request_is_answered_at_once_whatever_was_sent_before() -> None:
    """Outside all budgets and rests; honestly with nothing where there is nothing."""
    requested = {"name": "help", "trigger": "signal.help_requested", "resource": "fallback", "lane": "request",
                 "channels": ("direct_message",), "because": "found {signal.titles|no page}"}  # fmt: skip
    story = Story(answering(requested))
    for minute, words in enumerate(("password", "password", "submarine cables", "invoice", "password")):
        story.tell(event("help.requested", minute, text=words))
    assert [one.resource for one in story.commands] == ["password", "password", "fallback", "invoice", "password"]
    assert story.commands[0].because == "found How do I change my password?"
    assert story.commands[2].because == "found no page"


def test_what_has_expired_answers_nothing() -> None:
    """Neither a question nor a request; the one that is in force does."""
    old = resource("old", locales=TEXTS, expires=NOON - 1)
    current = resource("current", locales={"en": Localised("Where is my password changed?", "In your profile.")})
    requested = {"name": "help", "trigger": "signal.help_requested", "resource": "fallback", "lane": "request",
                 "channels": ("in_app",)}  # fmt: skip
    for resources, offered in (((old, FALLBACK), "fallback"), ((old, current, FALLBACK), "current")):
        story = Story(catalog(playbook(**{**ANSWER, **requested}), resources=resources))
        story.tell(event("help.requested", text="change password"))
        assert [one.resource for one in story.commands] == [offered]
    story = Story(catalog(playbook(**{**ANSWER, **ASKED}), resources=(old,)))
    story.tell(event("question.asked", channel="help", thread="t1", text="How do I change my password?"))
    assert story.reasons == []


def test_what_replaced_a_resource_is_offered_in_its_place() -> None:
    """However often it was replaced; a circle, or a replacement that is gone, leaves it retired."""
    retired = [resource(one, retired=True, replaced_by=other) for one, other in ("ab", "bc", "xy", "yx", "zz")]
    held = catalog(resources=(*retired, resource("c")))
    assert [held.current(one) for one in "abcxyz"] == ["c", "c", "c", "x", "y", "z"]
    story = Story(catalog(playbook(resource="a"), resources=(*retired, resource("c")))).tell(event("post.created"))
    assert [(one.resource, one.verdict) for one in story.decisions] == [("c", "send")]


DEEPER = {"name": "deeper", "trigger": "signal.helped", "channels": ("in_app",)}
FIRST = {"id": "first", "trigger": "question.asked", "resource": "invoice"}


def helped(kind: str, **fields: Resource) -> Story:
    """A member gets the page about invoices, and says something about it."""
    resources = (fields.get("invoice", INVOICE), PASSWORD, FALLBACK)
    plays = (playbook(FIRST["id"], FIRST["trigger"], resource=FIRST["resource"]), playbook(**{**ANSWER, **DEEPER}))
    story = Story(catalog(*plays, resources=resources)).tell(event("question.asked", text="An invoice?"))
    return story.tell(event(kind, 1, command=story.commands[0].id, playbook="first"))


def test_what_goes_deeper_is_offered_once_the_first_helped() -> None:
    """After "helpful" alone, in the language of the member, never twice; where nothing goes deeper, nothing is offered."""
    deeper = resource("invoice", locales=INVOICE.locales, deeper="password")
    story = helped("outcome.helpful", invoice=deeper)
    assert [(one.playbook, one.resource) for one in story.commands] == [("first", "invoice"), ("deeper", "password")]
    story.tell(event("outcome.helpful", 2, command=story.commands[0].id, playbook="first"))
    assert len(story.commands) == 2
    for told in (helped("outcome.clicked", invoice=deeper), helped("outcome.helpful")):
        assert [one.playbook for one in told.commands] == ["first"]


def test_a_helpful_answer_of_another_member_is_not_ours() -> None:
    """The id of a command that this member never got says nothing."""
    story = helped("outcome.clicked", invoice=resource("invoice", locales=INVOICE.locales, deeper="password"))
    story.tell(event("outcome.helpful", 3, command="of-somebody-else", playbook="first"))
    assert [one.playbook for one in story.commands] == ["first"]


REQUESTED = {"name": "help", "trigger": "signal.help_requested", "resource": "fallback", "lane": "request", "kind": "help",
             "channels": ("direct_message",)}  # fmt: skip
ANY_POST = {
    "name": "greeting",
    "trigger": "post.created",
    "resource": "invoice",
    "matching": False,
    "channels": ("in_app",),
}


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/help change password", ["password"]),
        ("/help  invoice ", ["invoice"]),
        ("/help", ["fallback"]),
        ("/helpful hints on passwords", ["invoice"]),
        ("Try /help change password", ["invoice"]),
    ],
)
def test_words_that_begin_with_help_are_given_to_the_bot(text: str, offered: list[str]) -> None:
    """They are no post: no playbook about posts, no question to people, nothing for the community stage."""
    story = Story(answering(REQUESTED, ANY_POST, ASKED)).tell(
        event("post.created", channel="help", thread="t1", text=text)
    )
    assert [one.resource for one in story.commands] == offered


def test_a_request_is_not_handed_to_people() -> None:
    """It waits for no answer, and says nothing of what many ask."""
    story = Story(answering(REQUESTED))
    for member in ("ann", "bob", "cyn"):
        words = "/help how do I mount the frobnicator partition?"
        story.tell(event("post.created", 0, member, channel="help", thread=f"t-{member}", text=words))
    assert [one.resource for one in story.wait(60 * 24 * 3).commands] == ["fallback"] * 3
    assert not story.loop.gaps
    assert "unanswered" not in story.loop.detections


NIGHT = 60 * 11  # minutes after noon: quiet hours


@pytest.mark.parametrize("minute", [0, NIGHT])
def test_a_request_waits_for_no_quiet_hours_and_uses_no_budget(minute: int) -> None:
    """Fifty in a row are answered, and what was planned for the member is not less for it."""
    story = Story(answering(REQUESTED, {**ANY_POST, "lane": "proactive"}))
    for number in range(50):
        story.tell(event("help.requested", minute + number / 10, text="password"))
    assert [one.resource for one in story.commands] == ["password"] * 50
    if not minute:
        story.tell(event("post.created", 6))
        assert story.commands[-1].resource == "invoice"


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (event("preference.snoozed", 0, kind="help", until=NOON + 86400), "snoozed"),
        (event("preference.opted_out", 0, kind="help"), "opted_out"),
        (event("preference.opted_out", 0, kind="all"), "sent"),  # "stop all" is about what comes unasked
    ],
)
def test_a_request_goes_by_what_the_member_wished(wish: Event, reason: str) -> None:
    """Who stopped this kind is not answered, and the decision says why; another kind, and all that comes unasked, stop nothing."""
    story = Story(answering(REQUESTED)).tell(wish, event("help.requested", 1, text="password"))
    assert story.reasons == [reason]
    other = event("preference.snoozed", 0, kind="onboarding", until=NOON + 86400)
    assert Story(answering(REQUESTED)).tell(other, event("help.requested", 1, text="password")).reasons == ["sent"]


@pytest.mark.parametrize(
    ("policy", "silences", "reason"),
    [
        (Policy(kill_switch=True), (), "kill_switch"),
        (Policy(), (Silence(NOON + 86400, "ann", playbook="help"),), "silenced"),
        (Policy(), (Silence(NOON + 86400, "ann", kind="kill_switch"),), "kill_switch"),
    ],
)
def test_operators_stop_it_too(policy: Policy, silences: tuple[Silence, ...], reason: str) -> None:
    """The kill switch and silences hold for requests."""
    held = catalog(
        playbook(**{**ANSWER, **REQUESTED}), resources=(PASSWORD, FALLBACK), policy=policy, silences=silences
    )
    assert Story(held).tell(event("help.requested", text="password")).reasons == [reason]
