"""Links: where each action of a message leads."""

from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from tests.support.commands import command

TOKENS = ActionTokens([b"a key of the tests"])
COMMAND = command()


def test_links_lead_to_the_pages() -> None:
    """One address for each action; none without pages; a guide's page needs no token."""
    links = ActionLinks(TOKENS, "https://help.example.org/")
    found = links.of(COMMAND)
    assert found["open"] == f"https://help.example.org/r/{TOKENS.offer(COMMAND, 'open')}"
    assert found["stop_all"] == f"https://help.example.org/a/{TOKENS.offer(COMMAND, 'stop_all')}"
    assert found["preferences"].startswith("https://help.example.org/preferences/")
    assert links.guide("a b", "de") == "https://help.example.org/guide/a%20b?lang=de"
    assert ActionLinks(TOKENS, "").of(COMMAND) == {}
    assert ActionLinks(TOKENS, "").guide("a") == ""
