"""ActivityStreams 2.0: activities with an actor, as W3C's vocabulary names them.

Actors are known by their `id`; who has only a name by `~<name>`, so that nobody can take another's id by calling themselves so.
What is addressed to some, and not to the public, is private.
"""

from collections.abc import Callable, Iterable
from typing import Any

from processors.vocabulary import Data, Flag, Item, Reaction, Removed, Reply, Text
from streams.gateway.payloads import Delivery, Ignored, Outcome
from streams.gateway.reading import fields, first, identifier, one_or_many, plain, text

PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
GROUPS = frozenset({"Group", "Organization", "Service", "Application"})
# Activities that are not read, and are no posts either.
OTHERS = frozenset(
    {"Arrive", "Travel", "Move", "Offer", "Invite", "Reject", "TentativeAccept", "TentativeReject", "Ignore", "Block"}
)
NO_POSTS = frozenset(
    {"Person", "Group", "Organization", "Place", "Relationship", "Collection", "OrderedCollection", "Profile"}
)


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield what one activity says of each of its actors."""
    activity = delivery.body
    kind = _kind(activity)
    if kind not in READERS:
        yield Ignored(f"type {kind or 'unknown'}: no activity that is read")
        return
    actors = one_or_many(first(activity, "actor", "attributedTo"))
    if not actors:
        yield Ignored(f"{kind}: names no actor")
    for actor in actors:
        yield READERS[kind](delivery, activity, delivery.key(_id(actor)))


def _post(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    thing, at = _thing(activity), _published(activity)
    if _private(activity) or _private(fields(thing)):
        return Ignored("not addressed to the public")
    if _kind(thing) in NO_POSTS:
        return Ignored(f"Create of a {_kind(thing)}: no words")
    said = _said(thing)
    if answered := _id(fields(thing).get("inReplyTo")):
        return delivery.event(
            "post.replied", member, at, Reply(**{**said, "thread": said["thread"] or answered}), _about(activity)
        )
    return delivery.event("post.created", member, at, Text(**said), _about(activity))


def _question(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    """Return a question: the activity is its own object."""
    if _private(activity):
        return Ignored("not addressed to the public")
    return delivery.event("question.asked", member, _published(activity), Text(**_said(activity)), _about(activity))


def _edit(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    thing = _thing(activity)
    if _kind(thing) in NO_POSTS or _private(activity) or _private(fields(thing)):
        return Ignored("Update of something that is no public post")
    return delivery.event("post.edited", member, _published(activity), Text(**_said(thing)), _about(activity))


def _delete(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    thing = _thing(activity)
    if _kind(thing) in NO_POSTS:
        return Ignored(f"Delete of a {_kind(thing)}: no post")
    return delivery.event("post.deleted", member, _published(activity), Removed(post=_id(thing)), _about(activity))


def _reaction(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    thing = _thing(activity)
    if _kind(thing) in READERS.keys() | OTHERS - {"Question"}:
        return Ignored(f"{_kind(activity)} of an activity: no post")
    data = Reaction(post=_id(thing), reaction=(_kind(activity) or "").lower())
    return delivery.event("reaction.added", member, _published(activity), data, _about(activity))


def _undo(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    undone = fields(_thing(activity))
    kind, at = _kind(undone), _published(activity)
    if kind in ("Like", "Dislike", "Announce"):
        data = Reaction(post=_id(_thing(undone)), reaction=kind.lower())
        return delivery.event("reaction.removed", member, at, data, _about(activity))
    if kind in ("Join", "Follow"):
        return delivery.event("channel.left", member, at, Data(channel=_place(_thing(undone))), _about(activity))
    return Ignored(f"Undo of {kind or 'something unknown'}: not read")


def _read(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    return delivery.event(
        "post.read", member, _published(activity), Data(thread=_id(_thing(activity))), _about(activity)
    )


def _entered(kind: str) -> Callable[[Delivery, dict[str, Any], str | None], Outcome]:
    """Return the reader of a group entered or left; a place or a person is none."""

    def read(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
        thing = _thing(activity)
        if isinstance(thing, dict) and _kind(thing) not in GROUPS:
            return Ignored(f"{_kind(activity)} of a {_kind(thing) or 'thing without a type'}: no group")
        if _kind(activity) == "Follow" and not isinstance(thing, dict):
            return Ignored("Follow of something that may be a person")
        return delivery.event(kind, member, _published(activity), Data(channel=_place(thing)), _about(activity))

    return read


def _taken_in(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    """Return what an Accept, Add or Remove says: of the person who is let into a group or put out of it, not of who did it."""
    thing, gone = _thing(activity), _kind(activity) == "Remove"
    group = fields(first(activity, "origin" if gone else "target"))
    if _kind(thing) == "Person" and _kind(group) in GROUPS:
        data = Data(channel=_place(group))
        kind = "channel.left" if gone else "channel.joined"
        return delivery.event(kind, delivery.key(_id(thing)), _published(activity), data, _about(activity))
    invited = _thing(fields(thing)) if _kind(thing) == "Invite" else thing
    if _kind(activity) == "Accept" and _kind(invited) == "Event":
        known = fields(invited)
        data_of_event = Item(name=_id(invited) or "", title=text(known.get("name")))
        return delivery.event("event.registered", member, _published(activity), data_of_event, _about(activity))
    return Ignored(f"{_kind(activity)}: nobody enters or leaves a group")


def _flag(delivery: Delivery, activity: dict[str, Any], member: str | None) -> Outcome:
    thing = _thing(activity)
    author = delivery.key(_id(first(fields(thing), "attributedTo", "actor")))
    data = Flag(
        post=_id(thing) if not _nameless(thing) else None, author=author, text=plain(fields(thing).get("content"))
    )
    return delivery.event("content.flagged", member, _published(activity), data, _about(activity))


def _said(thing: Any) -> dict[str, Any]:
    known = fields(thing)
    asked = known.get("name") if _kind(known) == "Question" else None
    return {
        "post": None if _nameless(thing) else _id(thing),
        "text": plain(first(known, "content", "summary")) or plain(asked),
        "title": text(known.get("name")),
        "thread": _id(first(known, "context", "conversation")),
        "channel": _place(first(known, "audience")),
    }


def _thing(activity: Any) -> Any:
    """Return an activity's object; of several the first."""
    return next(iter(one_or_many(fields(activity).get("object"))), None)


def _kind(thing: Any) -> str | None:
    kinds = one_or_many(first(fields(thing), "type", "@type"))
    return text(kinds[0] if kinds else None)


def _id(thing: Any) -> str | None:
    """Return an object's id: its IRI, or `~` and its name where it has none."""
    thing = thing[0] if isinstance(thing, list) and thing else thing
    if isinstance(thing, str):
        return identifier(thing)
    known = fields(thing)
    found, name = identifier(first(known, "id", "@id", "href")), text(known.get("name"))
    return found or (f"~{name}" if name else None)


def _nameless(thing: Any) -> bool:
    return isinstance(thing, dict) and first(thing, "id", "@id", "href") is None


def _place(thing: Any) -> str | None:
    """Return the name of a group, or its id."""
    thing = thing[0] if isinstance(thing, list) and thing else thing
    return text(fields(thing).get("name")) or _id(thing)


def _private(thing: dict[str, Any]) -> bool:
    addressed = [one for name in ("to", "cc", "bto", "bcc") for one in one_or_many(thing.get(name))]
    return bool(addressed) and not any(_id(one) in PUBLIC for one in addressed)


def _published(activity: dict[str, Any]) -> Any:
    return first(activity, "published", "updated", "startTime") or fields(_thing(activity)).get("published")


def _about(activity: dict[str, Any]) -> str | None:
    return identifier(first(activity, "id", "@id"))


READERS: dict[str | None, Callable[[Delivery, dict[str, Any], str | None], Outcome]] = {
    "Create": _post,
    "Question": _question,
    "Update": _edit,
    "Delete": _delete,
    "Like": _reaction,
    "Dislike": _reaction,
    "Announce": _reaction,
    "Undo": _undo,
    "View": _read,
    "Read": _read,
    "Listen": _read,
    "Join": _entered("channel.joined"),
    "Follow": _entered("channel.joined"),
    "Leave": _entered("channel.left"),
    "Accept": _taken_in,
    "Add": _taken_in,
    "Remove": _taken_in,
    "Flag": _flag,
}
