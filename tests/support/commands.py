"""A command to send about in tests, and its recall."""

from typing import Any

from processors.commands import Command, Recall, recall_id


def command(number: int = 1, **changes: Any) -> Command:
    """A command `c<number>` that is due and does not expire, with changes."""
    fields: dict[str, Any] = {
        "id": f"c{number}", "target": "town/ann", "member": "town/ann", "community": "town", "channel": "in_app",
        "playbook": "first-steps", "lane": "proactive", "resource": "guide", "resource_version": "1", "locale": "en",
        "title": "A guide", "text": "It helps.", "because": "you asked", "priority": "normal", "not_before": 0.0, "expires": 1e12,
    }  # fmt: skip
    return Command(**(fields | changes))


def recall(of: Command, **changes: Any) -> Recall:
    """A recall of that command, with changes."""
    fields: dict[str, Any] = {
        "id": recall_id(of.id), "recalls": of.id, "target": of.target, "member": of.member, "community": of.community,
        "channel": of.channel, "playbook": of.playbook, "reason": "exit_met", "time": 0.0,
    }  # fmt: skip
    return Recall(**(fields | changes))
