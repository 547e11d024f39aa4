"""Slack: the Events API, interactivity and slash commands, over HTTP or Socket Mode.

Messages are known by channel and `ts`, so that `message` and `app_mention` about the same words are one event; everything
else by `event_id`, which a retry repeats. Fields after Slack's Events API reference and AsyncAPI description.
"""

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any

import orjson

from processors.vocabulary import (
    HELP_REQUESTED,
    Data,
    Item,
    Preference,
    Reaction,
    Removed,
    Reply,
    Text,
)
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, Press, needed
from streams.gateway.reading import fields, first, identifier, items, profile, text, truth, words

WORDS = frozenset({None, "thread_broadcast", "file_share", "me_message"})  # subtypes that are a member's own words
PRIVATE = frozenset({"im", "mpim", "app_home"})
FRAMES = ("events_api", "interactive", "slash_commands")  # of Socket Mode; the rest is as over HTTP
# Buttons of ours: action_id `lotse:<action>`, as value a signed token, which alone says what a press means and for whom.
OURS = "lotse:"
WISHES = {"stop": "preference.opted_out", "start": "preference.opted_in", "snooze": "preference.snoozed"}
_MARKUP = re.compile(r"<([@#!]?)([^<>|]{1,2000})(?:\|([^<>]{0,2000}))?>")
# Events about the app or the workspace, not about what a member did.
ABOUT_THE_APP = frozenset({"tokens_revoked", "app_uninstalled", "app_rate_limited", "scope_granted", "scope_denied"})


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield what one request or Socket Mode frame says."""
    form = _form(delivery.body)
    if form.get("type") in FRAMES and isinstance(form.get("payload"), dict):
        form = form["payload"]
    kind = text(form.get("type"))
    if form.get("command") is not None and form.get("user_id") is not None:
        yield from _command(delivery.inner(form), form)
    elif kind == "event_callback" or (kind is None and isinstance(form.get("event"), dict)):
        yield from _callback(delivery.inner(form), form)
    elif kind == "url_verification":
        yield Ignored("url_verification: answer with the challenge")
    elif kind in ("hello", "disconnect"):
        yield Ignored(f"{kind}: about the connection")
    elif kind in INTERACTIONS:
        yield from INTERACTIONS[kind](delivery.inner(form), form)
    else:
        yield Ignored(f"type {kind or 'unknown'}: not read from Slack")


def challenge(body: dict[str, Any]) -> str | None:
    """Return what a url_verification request must be answered with, None for any other request."""
    return text(body.get("challenge"), 2000) if body.get("type") == "url_verification" else None


def _form(body: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON inside the `payload` field of an interactivity form, anything else as it is."""
    if not isinstance(body.get("payload"), str):
        return body
    try:
        return fields(orjson.loads(body["payload"]))
    except orjson.JSONDecodeError as error:
        raise PayloadError(f"payload: no JSON ({error})") from None


def _callback(delivery: Delivery, envelope: dict[str, Any]) -> Iterable[Outcome]:
    event = envelope.get("event")
    if not isinstance(event, dict):
        raise PayloadError("event: expected an object, as in every event_callback")
    kind = text(event.get("type"))
    bots = {
        text(one.get("user_id"))
        for one in map(fields, items(envelope.get("authorizations")))
        if truth(one.get("is_bot"))
    }
    if kind in ABOUT_THE_APP:
        yield Ignored(f"{kind}: about the app")
    elif kind not in EVENTS:
        yield Ignored(f"event {kind or 'without a type'}: not read from Slack")
    elif kind not in ("message", "app_mention") and text(event.get("user")) in bots - {None}:
        yield Ignored(f"{kind}: by the app itself")
    else:
        yield from EVENTS[kind](delivery, event)


def _message(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
    subtype = text(event.get("subtype"))
    if reason := _unread(event):
        yield Ignored(reason)
    elif subtype == "message_changed":
        yield from _edited(delivery, event)
    elif subtype == "message_deleted":
        gone = fields(event.get("previous_message"))
        number = _post(event, first(event, "deleted_ts") or gone.get("ts"))
        reason = _unread(gone)
        data = Removed(channel=_channel(event), thread=_thread(event, gone), post=number)
        member = delivery.key(identifier(gone.get("user")))
        yield (
            Ignored(reason) if reason else delivery.event("post.deleted", member, _time(delivery, event), data, number)
        )
    elif subtype in WORDS:
        yield _said(delivery, event)
    else:
        yield Ignored(f"message of subtype {subtype}: not a member's words")


def _unread(message: dict[str, Any]) -> str | None:
    """Return why a message is not read."""
    if message.get("bot_id") or message.get("subtype") == "bot_message" or message.get("user") == "USLACKBOT":
        return "written by a bot"
    return "a direct message is not read" if text(message.get("channel_type")) in PRIVATE else None


def _said(delivery: Delivery, event: dict[str, Any]) -> Outcome:
    number, member = _post(event, needed(event, "ts", "event")), delivery.key(identifier(event.get("user")))
    root = identifier(event.get("thread_ts"))
    said: dict[str, Any] = {
        "channel": _channel(event),
        "thread": _thread(event, event),
        "text": readable(event.get("text")),
        "post": number,
    }
    if root is None or root == identifier(event.get("ts")):
        return delivery.event("post.created", member, _time(delivery, event), Text(**said), number)
    to = delivery.key(identifier(event.get("parent_user_id")))
    return delivery.event("post.replied", member, _time(delivery, event), Reply(**said, to=to), number)


def _edited(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
    message, before = fields(event.get("message")), fields(event.get("previous_message"))
    if reason := _unread(message):
        yield Ignored(reason)
    elif message.get("text") == before.get("text") and before:
        yield Ignored("message_changed: a preview or reply count, the words are the same")
    else:
        number = _post(event, first(message, "ts") or before.get("ts"))
        at = first(fields(message.get("edited")), "ts") or first(event, "event_ts", "ts")
        said = {"channel": _channel(event), "thread": _thread(event, {**before, **message}), "post": number}
        member = delivery.key(identifier(first(message, "user") or before.get("user")))
        yield delivery.event(
            "post.edited", member, at, Text(**said, text=readable(message.get("text"))), number, text(at)
        )


def _joined(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
    user = fields(event.get("user")) or {"id": event.get("user")}
    member = delivery.key(identifier(user.get("id")))
    if truth(user.get("is_bot")) or truth(user.get("is_workflow_bot")):
        yield Ignored("team_join: a bot")
        return
    yield delivery.event("community.joined", member, _time(delivery, event), Data(), *_about(delivery))
    if member and (known := profile(_profile(user), fields(user.get("profile")))):
        yield delivery.event("profile.changed", member, _time(delivery, event), known, *_about(delivery))


def _user_changed(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
    user = fields(event.get("user"))
    member, time = delivery.key(identifier(user.get("id"))), first(event, "event_ts") or user.get("updated")
    known = profile(_profile(user), fields(user.get("profile")))
    if truth(user.get("is_bot")):
        yield Ignored("user_change: a bot")
    elif truth(user.get("deleted")):
        yield delivery.event("community.left", member, time, Data(), *_about(delivery))
    elif known is None:
        yield Ignored("user_change: nothing that a profile holds")
    else:
        yield delivery.event("profile.changed", member, time, known, *_about(delivery))


def _profile(user: dict[str, Any]) -> dict[str, Any]:
    return {"timezone": user.get("tz"), "locale": user.get("locale")}


def _in_channel(kind: str) -> Callable[[Delivery, dict[str, Any]], Iterable[Outcome]]:
    """Return the reader of a channel's comings and goings."""

    def read(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
        member = delivery.key(identifier(event.get("user")))
        yield delivery.event(kind, member, _time(delivery, event), Data(channel=_channel(event)), *_about(delivery))

    return read


def _in_group(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
    """Yield who came into a user group and who left it: `subteam_members_changed` lists both."""
    data, time = Item(name=needed(event, "subteam_id", "event")), first(event, "event_ts", "date_update")
    found = False
    for field, kind in (("added_users", "group.joined"), ("removed_users", "group.left")):
        for user in items(event.get(field)):
            found = True
            yield delivery.event(kind, delivery.key(identifier(user)), time, data, *_about(delivery), kind)
    if not found:
        yield Ignored("subteam_members_changed: nobody came or left")


def _reaction(kind: str) -> Callable[[Delivery, dict[str, Any]], Iterable[Outcome]]:
    """Return the reader of reactions given or taken back."""

    def read(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
        item = fields(event.get("item"))
        post = _post(item, item.get("ts")) or identifier(first(item, "file_comment", "file"))
        data = Reaction(channel=_channel(item), post=post, reaction=text(event.get("reaction")))
        yield delivery.event(
            kind, delivery.key(identifier(event.get("user"))), _time(delivery, event), data, *_about(delivery)
        )

    return read


def _seen(delivery: Delivery, event: dict[str, Any]) -> Iterable[Outcome]:
    """Yield that the member was here: they opened, pinned, starred or shared something."""
    creator = fields(event.get("channel")).get("creator")
    member = delivery.key(identifier(first(event, "user", "user_id") or creator))
    yield delivery.event(
        "presence.seen", member, _time(delivery, event), Data(channel=_channel(event)), *_about(delivery)
    )


def _interaction(delivery: Delivery, body: dict[str, Any]) -> Iterable[Outcome]:
    """Yield that the member used something of the app: a shortcut, a form."""
    member = delivery.key(identifier(fields(body.get("user")).get("id")))
    time, trigger = _pressed(delivery, body), identifier(body.get("trigger_id"))
    data = Data(channel=identifier(fields(body.get("channel")).get("id")))
    about = (text(body.get("type")), trigger) if trigger else ()
    yield delivery.event("presence.seen", member, time, data, *about)


def _buttons(delivery: Delivery, body: dict[str, Any]) -> Iterable[Outcome]:
    actions = [fields(one) for one in items(body.get("actions"))]
    ours = [one for one in actions if str(one.get("action_id")).startswith(OURS)]
    if not ours:
        yield from _interaction(delivery, {"action_ts": next((one.get("action_ts") for one in actions), None), **body})
    member = delivery.key(identifier(fields(body.get("user")).get("id")))
    for action in ours:
        token = action.get("value")
        if isinstance(token, str) and token:
            yield Press(token, member, first(action, "action_ts") or _pressed(delivery, body), "slack")
        else:  # a link: whoever follows it is counted by the page it leads to
            chosen = str(action["action_id"]).removeprefix(OURS)
            yield Ignored(f"button {chosen[:40]}: no signed token")


def _pressed(delivery: Delivery, body: dict[str, Any]) -> Any:
    return body.get("action_ts") or delivery.header("x-slack-request-timestamp")


def _command(delivery: Delivery, form: dict[str, Any]) -> Iterable[Outcome]:
    member, asked = delivery.key(identifier(form.get("user_id"))), words(form.get("text"))
    time, place = delivery.header("x-slack-request-timestamp"), identifier(form.get("channel_id"))
    about = identifier(form.get("trigger_id"))
    if asked.lower() in WISHES:
        yield delivery.event(WISHES[asked.lower()], member, time, Preference(channel=place), about)
    elif asked and asked.lower() != "help":
        yield delivery.event(HELP_REQUESTED, member, time, Text(channel=place, text=asked), about)
    else:
        yield delivery.event("presence.seen", member, time, Data(channel=place), about)


def _about(delivery: Delivery) -> tuple[str | None]:
    """Return what a delivery and its retries have in common, and nothing else has."""
    known = identifier(delivery.body.get("event_id"))
    inner = fields(delivery.body.get("event"))
    stamp = [
        text(value, 80) or ""
        for value in (inner.get("event_ts"), inner.get("channel"), fields(inner.get("item")).get("ts"))
    ]
    return ("/".join([known, *stamp]) if known else None,)


def _time(delivery: Delivery, event: dict[str, Any]) -> Any:
    return first(event, "event_ts", "ts") or delivery.body.get("event_time")


def _channel(source: dict[str, Any]) -> str | None:
    channel = source.get("channel")
    return identifier(channel.get("id") if isinstance(channel, dict) else first(source, "channel", "channel_id"))


def _post(source: dict[str, Any], ts: Any) -> str | None:
    """Return a message's id: `ts` is unique within its channel only."""
    number = identifier(ts)
    return f"{_channel(source) or ''}:{number}" if number else None


def _thread(source: dict[str, Any], message: dict[str, Any]) -> str | None:
    """Return the thread: that of the reply, or the one that a message opens by being there."""
    return _post(source, first(message, "thread_ts", "ts"))


def readable(raw: Any) -> str:
    """Return Slack's markup as words: mentions as @U1, channels as #name, links as their label or address."""
    said = words(raw)
    if "<" in said:
        said = _MARKUP.sub(lambda found: _plain(found[1], found[2], found[3]), said)
    return unescape(said) if "&" in said else said


def _plain(sign: str, target: str, label: str | None) -> str:
    if sign == "!":
        return f"@{label or target}"
    return f"{sign}{label or target}"


EVENTS: dict[str, Callable[[Delivery, dict[str, Any]], Iterable[Outcome]]] = {
    "message": _message,
    "app_mention": _message,
    "team_join": _joined,
    "user_change": _user_changed,
    "user_profile_changed": _user_changed,
    "member_joined_channel": _in_channel("channel.joined"),
    "member_left_channel": _in_channel("channel.left"),
    "subteam_members_changed": _in_group,
    "reaction_added": _reaction("reaction.added"),
    "reaction_removed": _reaction("reaction.removed"),
    **dict.fromkeys(
        (
            "app_home_opened",
            "pin_added",
            "pin_removed",
            "star_added",
            "star_removed",
            "file_created",
            "file_shared",
            "link_shared",
            "file_public",
            "channel_created",
        ),
        _seen,
    ),
}
INTERACTIONS: dict[str | None, Callable[[Delivery, dict[str, Any]], Iterable[Outcome]]] = {
    "block_actions": _buttons,
    "interactive_message": _interaction,
    "message_action": _interaction,
    "shortcut": _interaction,
    "view_submission": _interaction,
    "view_closed": _interaction,
    "block_suggestion": _interaction,
}
