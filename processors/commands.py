"""A command: the order to deliver one resource to one target over one channel; and its recall."""

from typing import Literal

import msgspec

from processors.ids import digest

ACTIONS = ("open", "helpful", "not_helpful", "wrong_moment", "snooze_7d", "snooze_30d", "stop_kind", "stop_all")
CHANNELS = ("in_app", "direct_message", "email", "thread", "pinned", "staff")


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A further part of a digest; as the command's own fields of these names."""

    playbook: str
    resource: str
    title: str
    text: str
    because: str
    link: str = ""


class Command(msgspec.Struct, frozen=True, omit_defaults=True):
    """One record of delivery.<channel>.v1.

    `id` is deterministic (see `command_id`). Times are epoch seconds. `text` is what is said, `because` the reason
    shown to the member. `actions` are the one-tap answers that a channel offers, each behind a token that delivery signs
    (sinks/action_tokens.py); `kind` is what "stop this kind" ends: the lifecycle of its playbook.
    `items` follow the best one in a digest. What is shown in the app or pinned is not shown after `shown_until` (0: no end).
    """

    id: str
    target: str
    member: str
    community: str
    channel: str
    playbook: str
    lane: str
    resource: str
    resource_version: str
    locale: str
    title: str
    text: str
    because: str
    priority: str
    not_before: float
    expires: float
    link: str = ""
    thread: str = ""
    actions: tuple[str, ...] = ACTIONS
    arm: str = "live"
    probability: float = 1.0
    replay: bool = False
    trace: str = ""
    theme: str = ""
    kind: str = ""
    items: tuple[Item, ...] = ()
    shown_until: float = 0.0


class Recall(msgspec.Struct, frozen=True):
    """A command is no longer wanted: a record on the same topic and under the same key as the command `recalls`.

    Not delivered yet, it is not delivered any more; delivered, it is taken back where `withdraw` is true (in-app, pinned
    and thread items vanish when they are no longer needed). `type` tells it from a command, which has none. `reason` is a
    word of `processors.decisions.Reason`; `time` is epoch seconds.
    """

    id: str
    recalls: str
    target: str
    member: str
    community: str
    channel: str
    playbook: str
    reason: str
    time: float
    withdraw: bool = False
    replay: bool = False
    type: Literal["recall"] = "recall"


def recall_id(command: str) -> str:
    """Return the id of the record that recalls a command: of one command there is only one."""
    return digest("recall", command)


def command_id(member: str, playbook: str, episode: str) -> str:
    """Return the id that any replay of the log makes again: member, playbook, and what the trigger was about."""
    return digest("command", member, playbook, episode)
