"""Buttons with signed tokens, pressed on a platform: read with the deployment's keys, and only for whom they were offered."""

from collections.abc import Iterable, Mapping

from processors.actions import pressed
from processors.events import Event
from sinks.action_tokens import ActionTokens, TokenError
from streams.gateway.payloads import Ignored, Press
from streams.gateway.reading import time_of


def event_of(press: Press, tokens: ActionTokens, members: Mapping[str, str], now: float) -> Event | Ignored:
    """Return the event of a press. `members` says which member a platform's id is, where somebody has proved it.

    A token that somebody else presses, who saw the message of another, counts for nothing.
    """
    try:
        action = tokens.read(press.token, now)
    except TokenError as error:
        return Ignored(f"button: {error}")
    if press.presser is None or action.member not in (press.presser, members.get(press.presser)):
        return Ignored("button: pressed by somebody else")
    if not action.is_press:
        return Ignored(f"button {action.action}: leads to a page")
    return pressed(action, time_of(press.time) or now, press.via)


def pressers(presses: Iterable[Press]) -> list[str]:
    """Return the keys of who pressed."""
    return [press.presser for press in presses if press.presser is not None]
