"""xAPI 1.0.3 statements, one, a list, or `{statements: [...]}`: what learners did.

Actors are known by their inverse functional identifier. An address is hashed as xAPI itself does (`mbox_sha1sum`), so that no
address becomes part of a key and both forms are one member.
"""

from collections.abc import Iterable
from hashlib import sha1
from typing import Any

from processors.vocabulary import COMMUNITY, Click, Data, Item, Reaction, Reply, Search, Text
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, each, shown
from streams.gateway.reading import fields, first, identifier, text, truth, words

# The last part of a verb's IRI, after the verbs of ADL, activitystrea.ms and the TLA profile.
VERBS: dict[str, str] = {
    **dict.fromkeys(("attended",), "event.attended"),
    **dict.fromkeys(("registered", "enrolled"), "event.registered"),
    **dict.fromkeys(("attempted", "initialized", "launched", "started", "resumed"), "task.begun"),
    **dict.fromkeys(("completed", "passed", "mastered", "satisfied"), "task.completed"),
    **dict.fromkeys(("experienced", "viewed", "read", "watched", "listened", "played", "consumed", "previewed"), "post.read"),
    **dict.fromkeys(("shared", "authored", "created", "published", "posted"), "post.created"),
    **dict.fromkeys(("commented", "replied", "responded"), "post.replied"),
    **dict.fromkeys(("asked",), "question.asked"),
    **dict.fromkeys(("liked", "favorited", "voted-up"), "reaction.added"),
    **dict.fromkeys(("joined",), "channel.joined"),
    **dict.fromkeys(("left",), "channel.left"),
    **dict.fromkeys(("searched",), "search.performed"),
    **dict.fromkeys(("selected", "clicked"), "link.clicked"),
    **dict.fromkeys(("earned", "achieved", "unlocked", "progressed-to"), "milestone.reached"),
    **dict.fromkeys(
        ("logged-in", "logged-out", "interacted", "answered", "progressed", "exited", "terminated", "suspended", "accessed", "used"), "presence.seen"
    ),
}  # fmt: skip
ACTORS = ("mbox", "mbox_sha1sum", "openid", "account")


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Return what one statement says of its actor, or of each member of the group that acts."""
    statements = delivery.body.get("statements")
    return _one(delivery) if not isinstance(statements, list) else each(delivery, statements, _one, "statements")


def _one(delivery: Delivery) -> Iterable[Outcome]:
    body = delivery.body
    if body.get("objectType") == "SubStatement":
        yield Ignored("a SubStatement: part of another statement")
    elif "verb" not in body:
        if "actor" in body and "object" in body:
            raise PayloadError("verb: expected an object with an id, found nothing")
        yield Ignored("no statement: it has no verb")
    else:
        yield from _statement(delivery, body)


def _statement(delivery: Delivery, body: dict[str, Any]) -> Iterable[Outcome]:
    verb = identifier(fields(body["verb"]).get("id"))
    for name, found in (
        ("verb.id", verb),
        ("actor", fields(body.get("actor"))),
        ("object", fields(body.get("object"))),
    ):
        if not found:
            raise PayloadError(
                f"{name}: expected as in every statement, found {shown(body.get(name.partition('.')[0]))}"
            )
    short = (verb or "").rstrip("/").rpartition("/")[2].rpartition("#")[2].lower()
    if short not in VERBS:
        yield Ignored(f"verb {short[:80]}: not read")
        return
    kind, time = VERBS[short], first(body, "timestamp", "stored")
    if kind == "task.begun" and truth(fields(body.get("result")).get("completion")):
        kind = "task.completed"  # an attempt that came to its end
    data = _data(kind, body, fields(body["object"]))
    actor = body["actor"]
    group = (
        actor.get("member") if actor.get("objectType") == "Group" and isinstance(actor.get("member"), list) else [actor]
    )
    for who in group:
        key = delivery.key(_actor(fields(who)))
        if key is None:
            raise PayloadError(f"actor: expected one of {', '.join(ACTORS)}")
        yield delivery.event(kind, key, time, data, identifier(body.get("id")))


def _actor(actor: dict[str, Any]) -> str | None:
    mbox, account = text(actor.get("mbox")), fields(actor.get("account"))
    if mbox:
        return sha1(f"mailto:{mbox.removeprefix('mailto:')}".encode(), usedforsecurity=False).hexdigest()
    hashed, openid = text(actor.get("mbox_sha1sum")), identifier(actor.get("openid"))
    home, name = text(account.get("homePage")), identifier(account.get("name"))
    return (hashed.lower() if hashed else None) or openid or (identifier(f"{name}@{home}") if home and name else None)


def _data(kind: str, statement: dict[str, Any], thing: dict[str, Any]) -> Data:
    """Return the data of an event about an activity: its id as name, its name as title, the learner's own words as text."""
    number, title = identifier(thing.get("id")), _in_a_language(fields(thing.get("definition")).get("name"))
    said = words(fields(statement.get("result")).get("response"))
    made: dict[type[Data], Data] = {
        Item: Item(name=number or title or "", title=title),
        Reply: Reply(thread=number, text=said),
        Text: Text(post=number, text=said, title=title),
        Reaction: Reaction(post=number, reaction="like"),
        Search: Search(query=said[:500] or title or ""),
        Click: Click(url=number),
        Data: Data(channel=title or number) if kind.startswith("channel.") else Data(thread=number),
    }
    return made[COMMUNITY[kind]]


def _in_a_language(names: Any) -> str | None:
    """Return English where there is some, else the first language in alphabetical order."""
    known = {str(tag): name for tag, value in fields(names).items() if (name := text(value))}
    return next((known[tag] for tag in sorted(known, key=lambda tag: (not tag.startswith("en"), tag))), None)
