"""Addresses of a message's actions on the member pages."""

from urllib.parse import quote

from processors.actions import offered_item
from processors.commands import Command, Item
from sinks.action_tokens import PUBLIC, ActionTokens

# A GET of any of these changes nothing; `/a/` also takes the one-click POST of RFC 8058.
PATHS = {"open": "r", "preferences": "preferences", "survey": "survey", "guide": "g"}
OTHERS = "a"


class ActionLinks:
    """Links under the public address of the member pages (`lotse pages`), such as https://help.example.org."""

    def __init__(self, tokens: ActionTokens, base: str) -> None:
        self._tokens, self._base = tokens, base.rstrip("/")

    def tokens(self, command: Command) -> dict[str, str]:
        """Return the tokens that a message offers, by action (see `ActionTokens.of`)."""
        return self._tokens.of(command)

    def of(self, command: Command) -> dict[str, str]:
        """Return the address of each action that a message offers; none where others read along, or without pages."""
        if not self._base:
            return {}
        return {name: self.at(name, token) for name, token in self.tokens(command).items()}

    def item(self, command: Command, item: Item) -> str:
        """Return the address that opens a further part of a digest: signed as the first one is; empty without pages."""
        if not self._base:
            return ""
        if command.channel in PUBLIC:
            return self.guide(item.resource, command.locale)
        return self.at("open", self._tokens.sign(offered_item(command, item)))

    def at(self, action: str, token: str) -> str:
        """Return the address of a token."""
        return f"{self._base}/{PATHS.get(action, OTHERS)}/{token}"

    def guide(self, resource: str, locale: str = "") -> str:
        """Return the public page of a resource; empty without pages."""
        language = f"?lang={quote(locale, safe='')}" if locale else ""
        return f"{self._base}/guide/{quote(resource, safe='')}{language}" if self._base else ""
