"""Discourse webhooks: `{"<type>": {...}}` with the event's name in X-Discourse-Event, or told from the body without it.

Ids are made of the forum's own ids and versions, not of the delivery's number, so that a post met twice, by webhook and by
polling, is one event. Fields after discourse/discourse (serializers of web hooks) and its published API description.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from processors.vocabulary import Answer, Data, Flag, Item, Reaction, Removed, Reply, Text, Thread
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, needed
from streams.gateway.reading import fields, first, identifier, names, plain, profile, text, truth, whole, words

REGULAR_POST = 1  # the others are moderators' actions, small actions and whispers
# Reviewable#status; what is approved or deleted was acted upon.
PENDING, APPROVED, DELETED = 0, 1, 4
FLAGGED = ("ReviewableFlaggedPost", "ReviewableChatMessage", "ReviewablePost")
_QUOTE = re.compile(r"\[quote(?:=[^\]\n]{0,200})?\](.*?)\[/quote\]", re.DOTALL | re.IGNORECASE)
OWN = "the platform's own account, not a member"


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield what one delivery says."""
    kind = next((name for name in HANDLERS if isinstance(delivery.body.get(name), dict)), None)
    said = delivery.header("x-discourse-event-type")
    if kind is None and said in HANDLERS and delivery.body.keys() == {said}:
        raise PayloadError(f"{said}: expected an object")
    if "ping" in delivery.body:
        yield Ignored("a ping: the webhook works")
    elif kind is None:
        yield Ignored(f"type {said or ', '.join(sorted(delivery.body))[:80] or 'unknown'}: not read from Discourse")
    else:
        event = delivery.header("x-discourse-event") or ""
        yield from HANDLERS[kind](delivery, fields(delivery.body[kind]), event.lower())


def _post(delivery: Delivery, post: dict[str, Any], event: str) -> Iterable[Outcome]:
    number, author = needed(post, "id", "post"), _member(delivery, post.get("user_id"))
    if reason := _unread(post, author):
        yield Ignored(reason)
        return
    happened = event.removeprefix("post_") or _post_state(post)
    place = {"channel": _category(post), "thread": identifier(post.get("topic_id"))}
    if happened == "destroyed":
        time = first(post, "deleted_at", "updated_at", "created_at")
        yield delivery.event("post.deleted", author, time, Removed(**place, post=number), "post", number, text(time))
        return
    if happened not in ("created", "edited"):
        yield Ignored(f"post_{happened}: changes nothing that was counted")
        return
    opening = whole(post.get("post_number")) in (None, 1)
    title = text(post.get("topic_title")) if opening else None
    said: dict[str, Any] = {**place, "post": number, "text": _words(post), "title": title}
    if happened == "edited":
        version = text(first(post, "version", "updated_at"))
        time = first(post, "updated_at", "created_at")
        yield delivery.event("post.edited", author, time, Text(**said), "post", number, version)
    elif opening:
        yield delivery.event("post.created", author, post.get("created_at"), Text(**said), "post", number)
    else:
        to = _member(delivery, fields(post.get("reply_to_user")).get("id"))
        yield delivery.event("post.replied", author, post.get("created_at"), Reply(**said, to=to), "post", number)


def _post_state(post: dict[str, Any]) -> str:
    """Tell without a header what happened to a post."""
    if post.get("deleted_at"):
        return "destroyed"
    return "edited" if (whole(post.get("version")) or 1) > 1 else "created"


def _unread(post: dict[str, Any], author: str | None) -> str | None:
    """Return why a post is not read."""
    if author is None:
        return OWN
    if post.get("topic_archetype") == "private_message":
        return "a private message is not read"
    if whole(post.get("post_type")) not in (None, REGULAR_POST):
        return "a notice or whisper, not a member's words"
    return "hidden by the forum" if truth(post.get("hidden")) else None


def _topic(delivery: Delivery, topic: dict[str, Any], event: str) -> Iterable[Outcome]:
    number = needed(topic, "id", "topic")
    author = _member(delivery, first(topic, "user_id") or fields(topic.get("created_by")).get("id"))
    if author is None or topic.get("archetype") == "private_message":
        yield Ignored(OWN if author is None else "a private message is not read")
        return
    place = {"channel": _category(topic), "thread": number, "title": text(topic.get("title"))}
    status = _topic_status(topic, event.removeprefix("topic_"))
    if status is None:
        yield delivery.event("thread.opened", author, topic.get("created_at"), Thread(**place), "topic", number)
        return
    # When it changed is said of deletions, pins and edits only; the other changes have no time of their own.
    known = {"deleted": "deleted_at", "pinned": "pinned_at", "edited": "updated_at"}
    time = topic.get(known.get(status, ""))
    mark = text(time) or delivery.header("x-discourse-event-id") or delivery.fingerprint()
    yield delivery.event("thread.changed", author, time, Thread(**place, status=status), "topic", number, status, mark)


def _topic_status(topic: dict[str, Any], event: str) -> str | None:
    """Return what became of a topic, None for a new one."""
    if not event:
        event = (
            "destroyed" if topic.get("deleted_at") else "closed_status_updated" if topic.get("closed") else "created"
        )
    if event.endswith("_status_updated"):
        flag = event.removesuffix("_status_updated")
        opposite = {"closed": "open", "autoclosed": "open", "visible": "hidden"}.get(flag, f"not {flag}")
        return opposite if topic.get("closed" if flag == "autoclosed" else flag) is False else flag
    return {"created": None, "destroyed": "deleted", "edited": "edited", "revised": "edited"}.get(event, event)


def _user(delivery: Delivery, user: dict[str, Any], event: str) -> Iterable[Outcome]:
    number = needed(user, "id", "user")
    member = _member(delivery, number)
    if member is None:
        yield Ignored(OWN)
        return
    happened = event.removeprefix("user_") or _user_state(user)
    known = profile(user, fields(user.get("user_option")), _interests(user))
    if happened == "created":
        yield delivery.event("community.joined", member, user.get("created_at"), Data(), "user", number)
        if known:
            yield delivery.event("profile.changed", member, user.get("created_at"), known, "user", number, "created")
    elif happened == "updated" and known:
        yield delivery.event("profile.changed", member, user.get("updated_at"), known, "user", _occasion(delivery))
    elif happened in ("destroyed", "anonymized"):
        yield delivery.event("community.left", member, None, Data(), "user", number)
    elif happened in ("logged_in", "logged_out", "confirmed_email"):
        seen = user.get("last_seen_at") if happened != "confirmed_email" else None
        yield delivery.event("presence.seen", member, seen, Data(), "user", happened, _occasion(delivery))
    elif happened == "updated":
        yield Ignored("user_updated: nothing that a profile holds")
    else:
        yield Ignored(f"user_{happened}: says nothing of what the member did")


def _user_state(user: dict[str, Any]) -> str:
    """Tell without a header what happened to a user: new where nobody has seen them yet, else changed."""
    return "updated" if user.get("last_seen_at") or whole(user.get("post_count")) else "created"


def _interests(user: dict[str, Any]) -> dict[str, Any]:
    tags = [tag for name in ("watched_tags", "tracked_tags") for tag in names(user.get(name))]
    return {"interests": tags} if tags else {}


def _promoted(delivery: Delivery, user: dict[str, Any], _event: str) -> Iterable[Outcome]:
    member, level = _member(delivery, needed(user, "id", "user_promoted")), needed(user, "trust_level", "user_promoted")
    reached = Item(name=f"trust_level_{level}", title=f"Trust level {level}")
    yield delivery.event("milestone.reached", member, user.get("last_seen_at"), reached, "trust_level", level)


def _badge(delivery: Delivery, badge: dict[str, Any], event: str) -> Iterable[Outcome]:
    if event == "user_badge_revoked":
        yield Ignored("user_badge_revoked: a badge taken back is no milestone")
        return
    member, number = _member(delivery, needed(badge, "user_id", "user_badge")), needed(badge, "badge_id", "user_badge")
    title = text(fields(badge.get("badge")).get("name"))
    time = first(badge, "granted_at", "created_at")
    about = ("badge", number, identifier(badge.get("id")))
    yield delivery.event("milestone.reached", member, time, Item(name=f"badge_{number}", title=title), *about)


def _group(delivery: Delivery, membership: dict[str, Any], event: str) -> Iterable[Outcome]:
    member, group = (
        _member(delivery, needed(membership, "user_id", "group_user")),
        needed(membership, "group_id", "group_user"),
    )
    gone = event == "user_removed_from_group"
    time = None if gone else first(membership, "created_at", "updated_at")
    about = ("group", group, identifier(membership.get("id")), text(membership.get("created_at")))
    yield delivery.event("group.left" if gone else "group.joined", member, time, Item(name=f"group_{group}"), *about)


def _like(delivery: Delivery, like: dict[str, Any], event: str) -> Iterable[Outcome]:
    post = fields(like.get("post"))
    number, member = (
        needed(post, "id", "like.post"),
        _member(delivery, needed(fields(like.get("user")), "id", "like.user")),
    )
    if reason := _unread(post, member):
        yield Ignored(reason)
        return
    # The payload has the post's times only; the like is as old as the delivery.
    data = Reaction(channel=_category(post), thread=identifier(post.get("topic_id")), post=number, reaction="like")
    gone = event == "post_unliked"
    yield delivery.event("reaction.removed" if gone else "reaction.added", member, None, data, "like", number)


def _solved(delivery: Delivery, post: dict[str, Any], event: str) -> Iterable[Outcome]:
    number, author = needed(post, "id", "solved"), _member(delivery, post.get("user_id"))
    if reason := _unread(post, author):
        yield Ignored(reason)
        return
    # Who accepted it is not said: the event is told of the answer's author.
    data = Answer(channel=_category(post), thread=identifier(post.get("topic_id")), by=author)
    kind = "answer.unaccepted" if event == "unaccepted_solution" else "answer.accepted"
    yield delivery.event(kind, author, None, data, "solved", number, _occasion(delivery))


def _reviewable(delivery: Delivery, item: dict[str, Any], event: str) -> Iterable[Outcome]:
    number, kind, status = needed(item, "id", "reviewable"), text(item.get("type")), whole(item.get("status"))
    if kind not in FLAGGED:
        yield Ignored(f"reviewable {kind}: no flagged words")
        return
    author = _member(delivery, item.get("target_created_by_id"))
    post = identifier(first(item, "post_id", "target_id"))
    where = {"channel": identifier(item.get("category_id")), "thread": identifier(item.get("topic_id"))}
    data = Flag(**where, post=post, author=author, text=_words(item))
    if status == PENDING and event in ("", "reviewable_created"):
        flagger = _member(delivery, item.get("created_by_id")) or author
        yield delivery.event("content.flagged", flagger, item.get("created_at"), data, "reviewable", number)
    elif status in (APPROVED, DELETED):
        time = item.get("updated_at")
        yield delivery.event("content.moderated", author, time, data, "reviewable", number, str(status))
    else:
        yield Ignored(f"{event or 'reviewable'}: nothing was decided against the post")


def _chat(delivery: Delivery, chat: dict[str, Any], event: str) -> Iterable[Outcome]:
    message = fields(chat.get("message")) or chat
    channel = fields(chat.get("channel")) or fields(message.get("chat_channel")) or fields(delivery.body.get("channel"))
    number = needed(message, "id", "chat_message")
    author = _member(delivery, first(fields(message.get("user")), "id") or message.get("user_id"))
    if author is None or channel.get("chatable_type") == "DirectMessage":
        yield Ignored(OWN if author is None else "a direct message is not read")
        return
    thread, answered = identifier(message.get("thread_id")), fields(message.get("in_reply_to"))
    place = {"channel": text(first(channel, "slug", "title", "id") or message.get("chat_channel_id")),
             "thread": f"chat_{thread}" if thread else None, "post": f"chat_{number}"}  # fmt: skip
    said = words(message.get("message")) or plain(message.get("cooked"))
    happened = event.rpartition("_")[2] or ("trashed" if message.get("deleted_at") else "created")
    if happened in ("trashed", "deleted"):
        yield delivery.event("post.deleted", author, message.get("deleted_at"), Removed(**place), "chat", number)
    elif happened == "edited":
        data, about = Text(**place, text=said), ("chat", number, text(message.get("updated_at")) or _occasion(delivery))
        yield delivery.event("post.edited", author, message.get("updated_at"), data, *about)
    elif happened == "created" and answered:
        to = _member(delivery, fields(answered.get("user")).get("id"))
        yield delivery.event(
            "post.replied", author, message.get("created_at"), Reply(**place, text=said, to=to), "chat", number
        )
    elif happened == "created":
        yield delivery.event(
            "post.created", author, message.get("created_at"), Text(**place, text=said), "chat", number
        )
    else:
        yield Ignored(f"{event}: changes nothing that was counted")


def _vote(delivery: Delivery, vote: dict[str, Any], event: str) -> Iterable[Outcome]:
    topic, voter = identifier(vote.get("topic_id")), _member(delivery, first(vote, "voter_id", "user_id"))
    gone = "unvote" in event
    data = Reaction(thread=topic, reaction="vote")
    yield delivery.event(
        "reaction.removed" if gone else "reaction.added", voter, None, data, "vote", topic, _occasion(delivery)
    )


def _member(delivery: Delivery, user: Any) -> str | None:
    """Return a member's key; the forum's own accounts have numbers below one."""
    number = whole(user)
    return None if number is None or number < 1 else delivery.key(str(number))


def _category(source: dict[str, Any]) -> str | None:
    return text(first(source, "category_slug", "category_id"))


def _occasion(delivery: Delivery) -> str:
    """Return what tells this delivery from another of the same kind about the same thing."""
    return delivery.header("x-discourse-event-id") or delivery.fingerprint()


def _words(post: dict[str, Any]) -> str:
    """Return an author's words; quotations become lines that begin with >, which no detector takes for their own."""
    raw = words(post.get("raw"))
    if not raw:
        return plain(post.get("cooked"))
    return words(_QUOTE.sub(lambda found: "\n" + re.sub(r"^", "> ", found[1].strip(), flags=re.MULTILINE) + "\n", raw))


HANDLERS: dict[str, Callable[[Delivery, dict[str, Any], str], Iterable[Outcome]]] = {
    "post": _post,
    "topic": _topic,
    "user": _user,
    "user_promoted": _promoted,
    "user_badge": _badge,
    "group_user": _group,
    "like": _like,
    "solved": _solved,
    "reviewable": _reviewable,
    "chat_message": _chat,
    "chat": _chat,
    "topic_voting": _vote,
    "voting": _vote,
    "topic_vote": _vote,
}
