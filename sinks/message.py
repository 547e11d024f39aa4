"""What a message holds, whatever the channel: words in the member's language, its link, the answers it offers."""

from collections.abc import Mapping
from typing import NamedTuple

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.escaping import line, plain, url

TITLE_MAX, TEXT_MAX, BECAUSE_MAX = 150, 2000, 300
# The answers that a message shows, in this order; the rest is on the page of preferences.
SHOWN = ("helpful", "not_helpful", "wrong_moment", "snooze_7d", "stop_kind")


class Words(NamedTuple):
    """The fixed words of a message in one language."""

    open: str
    why: str
    automatic: str
    preferences: str
    unsubscribe: str
    digest: str
    series: str
    answers: Mapping[str, str]


WORDS = {
    "en": Words(
        "Open", "Why you get this", "Sent automatically.", "Choose what you get", "Stop these messages",
        "A few things for you", "Part of a series",
        {"helpful": "Helpful", "not_helpful": "Not helpful", "wrong_moment": "Wrong moment", "snooze_7d": "Pause 7 days",
         "stop_kind": "Stop these"},
    ),
    "de": Words(
        "Öffnen", "Warum das zu Ihnen kommt", "Automatisch gesendet.", "Auswählen, was kommt", "Diese Nachrichten abbestellen",
        "Einiges für Sie", "Teil einer Reihe",
        {"helpful": "Hilfreich", "not_helpful": "Nicht hilfreich", "wrong_moment": "Falscher Moment", "snooze_7d": "7 Tage Pause",
         "stop_kind": "Nicht mehr davon"},
    ),
}  # fmt: skip


class Answer(NamedTuple):
    """One answer that a message offers: its action, what the button says, its token, the page behind it ("" = none)."""

    action: str
    label: str
    token: str
    page: str = ""


class Item(NamedTuple):
    """A further part of a digest."""

    title: str
    text: str
    link: str


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
    items: tuple[Item, ...] = ()
    in_series: bool = False


class Composer:
    """Makes messages with the signed actions of their commands."""

    def __init__(self, actions: ActionLinks) -> None:
        self._actions = actions

    def message(self, command: Command) -> Message:
        """Return the message of a command."""
        words = WORDS.get(command.locale.partition("-")[0].lower(), WORDS["en"])
        tokens, links = self._actions.tokens(command), self._actions.of(command)
        answers = tuple(
            Answer(action, words.answers[action], tokens[action], links.get(action, ""))
            for action in SHOWN
            if action in tokens
        )
        link = url(command.link)
        return Message(
            line(command.title, TITLE_MAX),
            plain(command.text, TEXT_MAX),
            line(command.because, BECAUSE_MAX),
            links.get("open", link),  # the redirect counts the click; what has no link of its own has a page
            answers,
            words,
            links.get("preferences", ""),
            links.get("stop_all", ""),
            tuple(
                Item(line(one.title, TITLE_MAX), plain(one.text, TEXT_MAX), url(one.link))
                for one in getattr(command, "items", ())
            ),
            ":" in command.playbook,  # a step of a sequence
        )
