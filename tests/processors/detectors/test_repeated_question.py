"""Questions of one's own, wherever they stand: in the text or in the title above it."""

import pytest

from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Localised
from tests.support.stories import Story, catalog, event, playbook, resource

PASSWORD = resource("password", locales={"en": Localised("How do I change my password?", "In your profile.")})
BODY = "Since yesterday it is not taken any more. Mail and chat are affected alike, on two machines."


def asking() -> Catalog:
    """A catalog that sends something to whoever asks, and answers what it can."""
    sent = {"trigger": "signal.asked", "channels": ("thread",), "lane": "answer"}
    return catalog(playbook(name="asked", matching=True, resource="", **sent), resources=(PASSWORD,))


@pytest.mark.parametrize(
    ("kind", "title", "text", "asks"),
    [
        ("post.created", None, "How can I change my password?", True),
        ("post.created", None, BODY, False),
        ("post.created", "How can I change my password?", BODY, True),
        ("post.created", "Holiday pictures", BODY, False),
        ("post.replied", "How can I change my password?", BODY, False),
        ("post.replied", None, "And how can I change my password?", True),
    ],
)
def test_a_question_in_the_title_is_a_question(kind: str, title: str | None, text: str, *, asks: bool) -> None:
    """Forums put it there; above a reply it is somebody else's."""
    story = Story(asking()).tell(event(kind, channel="help", thread="t1", title=title, text=text))
    assert [one.resource for one in story.commands] == (["password"] if asks else [])


def test_the_same_question_by_title_is_asked_again() -> None:
    """The community stage compares titles too."""
    again = playbook(name="again", trigger="signal.asked_again", resource="password")
    story = Story(catalog(again, resources=(PASSWORD,)))
    for minute, text in ((0, "Thanks in advance."), (90, "Nothing in the manual.")):
        title = "How do I mount the frobnicator partition?"
        story.tell(event("post.created", minute, channel="help", thread=f"t{minute}", title=title, text=text))
    assert len(story.commands) == 1
