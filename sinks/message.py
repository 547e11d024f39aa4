"""What a message holds, whatever the channel: words in the member's language, its link, the answers it offers."""

from collections.abc import Mapping
from typing import NamedTuple

from processors import commands
from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.escaping import line, plain, url

TITLE_MAX, TEXT_MAX, BECAUSE_MAX = 150, 2000, 300
# The answers that a message shows, in this order; the rest is on the page of preferences.
SHOWN = ("helpful", "not_helpful", "wrong_moment", "snooze_7d", "stop_kind")


class Words(NamedTuple):
    """The fixed words of a message in one language. In German they address nobody: a community says du or Sie (its policy's `address`)."""

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
        "Öffnen", "Warum das kommt", "Automatisch gesendet.", "Auswählen, was kommt", "Diese Nachrichten abbestellen",
        "Einiges auf einmal", "Teil einer Reihe",
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
    because: str = ""


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

    @property
    def footer(self) -> str:
        """Why it comes, and that nobody wrote it by hand."""
        return f"{self.words.why}: {self.because} · {self.words.automatic}" if self.because else self.words.automatic


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
        # The redirect counts the click, and leads to a page what has no link of its own; where others read along nothing is signed.
        link = links.get("open") or url(command.link) or self._actions.guide(command.resource, command.locale)
        return Message(
            line(command.title, TITLE_MAX),
            plain(command.text, TEXT_MAX),
            line(command.because, BECAUSE_MAX),
            link,
            answers,
            words,
            links.get("preferences", ""),
            links.get("stop_all", ""),
            tuple(self._item(command, one) for one in command.items),
            ":" in command.playbook,  # a step of a sequence
        )

    def _item(self, command: Command, part: commands.Item) -> Item:
        link = self._actions.item(command, part) or url(part.link)
        return Item(line(part.title, TITLE_MAX), plain(part.text, TEXT_MAX), link, line(part.because, BECAUSE_MAX))
