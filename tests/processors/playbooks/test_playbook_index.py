"""An event meets only the playbooks that it may concern: by trigger, by fact, by word; a thousand others cost nothing."""

from processors.member.state import MemberState
from processors.playbooks.catalog import Catalog
from processors.playbooks.compiled_playbook import CompiledPlaybook
from processors.playbooks.playbook_index import GATES_MAX, PlaybookIndex
from processors.playbooks.resources import Playbook
from processors.signals import Signal
from tests.support.stories import Story, catalog, event, playbook


def met(
    *playbooks: Playbook,
    told: object = None,
    signal: Signal | None = None,
    trigger: str = "",
    state: MemberState | None = None,
) -> list[str]:
    """Return the ids that an event or a signal meets."""
    index = PlaybookIndex(CompiledPlaybook(one) for one in playbooks)
    found = index.triggered(trigger or told.type, told, signal, state or MemberState())  # type: ignore[arg-type, attr-defined]
    return [one.spec.id for one in found]


def test_playbooks_are_found_by_what_they_ask() -> None:
    """Of channel, name, journey, role, hits of a search: by one value or by any of some."""
    many = [playbook(f"p{number}", conditions={"event.channel": f"c{number}"}) for number in range(1000)]
    assert met(*many, told=event("post.created", channel="c7")) == ["p7"]
    assert met(
        playbook("a", conditions={"event.channel": {"any": ["x", "y"]}}), told=event("post.created", channel="y")
    ) == ["a"]
    assert met(playbook("a", conditions={"event.channel": {"not": "x"}}), told=event("post.created", channel="y")) == [
        "a"
    ]
    stuck = Signal("stuck", "onboarding", "e", 1.0, {"journey": "tour", "step": "two"})
    steps = [
        playbook(name, "signal.stuck", conditions={"signal.journey": "tour", "signal.step": name})
        for name in ("one", "two")
    ]
    assert met(*steps, trigger="signal.stuck", signal=stuck) == ["one", "two"]  # by the journey; the step is asked
    empty = playbook("empty", "search.performed", conditions={"event.results": 0})
    assert met(empty, told=event("search.performed", results=0)) == ["empty"]
    assert met(empty, told=event("search.performed", results=2)) == met(empty, told=event("search.performed")) == []
    roles = [playbook(name, conditions={"member.role": name}) for name in ("coach", "teacher")]
    assert met(*roles, told=event("post.created"), state=MemberState(role="coach")) == ["coach"]


def test_playbooks_are_found_by_words() -> None:
    """By stems, phrases in order, each playbook once, in whatever field the event has words."""
    invoice = playbook("invoice", "post.created", words=("invoice", "send a bill"))
    for text, found in (
        ("Two INVOICES, one invoice", ["invoice"]),
        ("please send a bill", ["invoice"]),
        ("a bill to send", []),
        ("> my invoice\nno quotes", []),
    ):
        assert met(invoice, told=event("post.created", text=text)) == found
    assert met(
        playbook("s", "search.performed", words=("Rechnung",)), told=event("search.performed", query="rechnungen")
    ) == ["s"]


def test_switched_off_is_never_met() -> None:
    """Nor is a step of a sequence that follows another."""
    assert met(playbook("a", maturity="off"), playbook("b", ""), told=event("post.created")) == []


def test_several_events_may_trigger() -> None:
    """Each of them."""
    one = Story(catalog(playbook("p", "post.created", also=("question.asked",), lane="request")))
    one.tell(event("question.asked", 0, text="x?"), event("post.created", 1, text="x"), event("post.read", 2))
    assert len(one.commands) == 2


def test_the_words_of_an_event_are_asked_whole() -> None:
    """From the event to the command."""
    one = Story(catalog(playbook("p", "search.performed", words=("refund",), lane="request")))
    one.tell(event("search.performed", 0, query="refunds"), event("search.performed", 1, query="fund"))
    assert [command.not_before for command in one.commands] == [event("post.read", 0).time]
    assert isinstance(one.catalog, Catalog)


def test_many_phrases_find_what_few_find() -> None:
    """Texts are passed over by a look for the stems of a few phrases; of many the first words are looked up: both find the same."""
    few = [playbook("p", words=("too many e-mails", "abmelden")), playbook("q", words=("many emails",))]
    others = [playbook(f"o{number}", words=(f"strange{number} word",)) for number in range(GATES_MAX)]
    for text in (
        "So TOO many e-mail!",
        "many emailing",
        "I like e-mails",
        "Wie kann ich mich hier abmelden",
        "too many",
    ):
        for told in (event("post.created", text=text), event("post.created", title=text, text="hello")):
            assert met(*few, told=told) == met(*few, *others, told=told)
    assert met(*few, told=event("post.created", text="too  many E-Mails’ emails")) == ["p"]
    assert met(*few, told=event("post.created", text="> too many e-mails\nindeed")) == []
