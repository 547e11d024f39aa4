"""What a message holds, whatever the channel: words in the member's language, its link, the answers it offers."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from processors.commands import Command
from sinks.escaping import line, plain, url

TITLE_MAX, TEXT_MAX, BECAUSE_MAX = 150, 2000, 300
# The answers that a message shows, in this order; the rest is on the page of preferences.
SHOWN = ("helpful", "not_helpful", "wrong_moment", "snooze_7d", "snooze", "stop_kind", "stop")
PUBLIC = frozenset({"thread", "pinned", "staff"})  # others than the member read along, and might press


class Words(NamedTuple):
    """The fixed words of a message in one language."""

    open: str
    why: str
    automatic: str
    preferences: str
    unsubscribe: str
    digest: str
    step: str
    answers: Mapping[str, str]


WORDS = {
    "en": Words(
        "Open", "Why you get this", "Sent automatically.", "Choose what you get", "Stop these messages",
        "A few things for you", "Step {step} of {steps}",
        {"helpful": "Helpful", "not_helpful": "Not helpful", "wrong_moment": "Wrong moment", "snooze": "Pause", "stop": "Stop these",
         "snooze_7d": "Pause 7 days", "snooze_30d": "Pause 30 days", "stop_kind": "Stop these", "stop_all": "Stop all"},
    ),
    "de": Words(
        "Öffnen", "Warum das zu Ihnen kommt", "Automatisch gesendet.", "Auswählen, was kommt", "Diese Nachrichten abbestellen",
        "Einiges für Sie", "Schritt {step} von {steps}",
        {"helpful": "Hilfreich", "not_helpful": "Nicht hilfreich", "wrong_moment": "Falscher Moment", "snooze": "Pause",
         "stop": "Nicht mehr davon", "snooze_7d": "7 Tage Pause", "snooze_30d": "30 Tage Pause", "stop_kind": "Nicht mehr davon",
         "stop_all": "Gar nichts mehr"},
    ),
}  # fmt: skip


class Tokens(Protocol):
    """Who signs the actions of a command."""

    def of(self, command: Command) -> Mapping[str, str]:
        """Return the token of each action that is offered, by action; none where others than the member read along."""


class Unsigned:
    """No signing key: an answer goes by the command's id, good only where the platform itself says who pressed."""

    def of(self, command: Command) -> Mapping[str, str]:
        """Return the command's id for each of its actions."""
        return {} if command.channel in PUBLIC else dict.fromkeys(command.actions, command.id)


class Answer(NamedTuple):
    """One answer that a message offers: its action, what the button says, its token, the page behind it ("" = none)."""

    action: str
    label: str
    token: str
    page: str = ""


class Message(NamedTuple):
    """A command ready to be laid out: plain text throughout, to be escaped for the platform; addresses are safe as they are."""

    title: str
    text: str
    because: str
    link: str
    answers: tuple[Answer, ...]
    words: Words
    preferences: str = ""
    unsubscribe: str = ""


class Composer:
    """Makes messages. `pages` is the public address of the member's pages, "" where there are none."""

    def __init__(self, tokens: Tokens, pages: str = "") -> None:
        self._tokens, self._pages = tokens, pages.rstrip("/")
        self._signed = not isinstance(tokens, Unsigned)

    def message(self, command: Command) -> Message:
        """Return the message of a command."""
        words = WORDS.get(command.locale.partition("-")[0].lower(), WORDS["en"])
        tokens = self._tokens.of(command)
        answers = tuple(
            Answer(action, words.answers[action], tokens[action], self._page("a", tokens[action]))
            for action in SHOWN
            if action in tokens
        )
        link = url(command.link)
        if link and "open" in tokens:  # the redirect counts the click
            link = self._page("r", tokens["open"]) or link
        preferences = self._page("a", tokens["preferences"]) if "preferences" in tokens else ""
        stop = next((tokens[name] for name in ("stop_all", "stop_kind", "stop") if name in tokens), "")
        return Message(
            line(command.title, TITLE_MAX),
            plain(command.text, TEXT_MAX),
            line(command.because, BECAUSE_MAX),
            link,
            answers,
            words,
            preferences,
            self._page("a", stop),
        )

    def _page(self, door: str, token: str) -> str:
        return f"{self._pages}/{door}/{token}" if self._pages and self._signed and token else ""
