"""What a member can do about a command, and the event that each press is."""

import msgspec

from processors.commands import ACTIONS, Command, Item
from processors.events import Event
from processors.ids import digest
from processors.vocabulary import OutcomeData

DAY = 86400.0
LIFE = 90 * DAY  # a link in an old message must still stop what it says; mail rules ask for 30 days
MANAGE = ("preferences", "survey", "guide")  # doors to pages, no events by themselves
SHOWN = ("seen", "dismissed")  # told by an in-app inbox
KNOWN = (*ACTIONS, *MANAGE, *SHOWN)
_SNOOZES = {"snooze_7d": 7 * DAY, "snooze_30d": 30 * DAY}
_STOPS = ("stop_kind", "stop_all")


class Action(msgspec.Struct, frozen=True, array_like=True):
    """One action (of `KNOWN`) offered to one member about one command, until `expires` (epoch s, 0 = for ever).

    `kind` is the kind of message that "stop this kind" ends: the playbook's lifecycle.
    """

    action: str
    member: str
    command: str = ""
    playbook: str = ""
    kind: str = ""
    resource: str = ""
    locale: str = ""
    expires: int = 0

    @property
    def community(self) -> str:
        """The community's name: the member's key up to the first slash."""
        return self.member.partition("/")[0]

    @property
    def is_press(self) -> bool:
        """Tell whether a press of it is an event; the others only lead to a page."""
        return self.action in ACTIONS or self.action in SHOWN


def offered(command: Command, action: str) -> Action:
    """Return an action about a command; it depends on the command alone, so that each delivery offers the same."""
    expires = int(command.not_before + LIFE)
    kind = command.kind or command.playbook
    return Action(action, command.member, command.id, command.playbook, kind, command.resource, command.locale, expires)


def offered_item(command: Command, item: Item) -> Action:
    """Return the action that opens a further part of a digest; a press counts for the whole message."""
    return msgspec.structs.replace(offered(command, "open"), resource=item.resource)


def pressed(action: Action, now: float, via: str, reason: str = "") -> Event:
    """Return the event of a press at `now` (epoch s); `via` is the channel or page, `reason` a word of a closed list.

    Its id depends on command and action only: a second press is the same event. A pause covers everything, counted from the
    press; "stop this kind" the kind, and "stop all" everything but the safety lane, which has a kind of its own.
    Raises `ValueError` for what is no press.
    """
    if not action.is_press:
        raise ValueError(f"{action.action} is no press")
    name, kind, until = action.action, "", None
    if name in _SNOOZES:
        name, kind, until = "snoozed", "all", now + _SNOOZES[name]
    elif name in _STOPS:
        name, kind = "opted_out", "all" if name == "stop_all" else action.kind or action.playbook or "all"
    elif name == "open":
        name = "clicked"
    data = OutcomeData(
        command=action.command, playbook=action.playbook, via=via, until=until, kind=kind, reason=reason or None,
        resource=action.resource if name == "helpful" else "",
    )  # fmt: skip
    return Event(
        digest("action", action.member, action.command, action.action), f"outcome.{name}", action.member, now, data
    )
