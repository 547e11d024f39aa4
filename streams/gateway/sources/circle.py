"""Circle: what a workflow's webhook or a Zap about Circle posts.

Circle publishes no schema of these, so names of events are taken liberally, fields as its Admin API names them; for
anything else there is a mapping file.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from processors.vocabulary import Data, Item, Profile, Reaction, Removed, Reply, Text
from streams.gateway.payloads import Delivery, Ignored, Outcome
from streams.gateway.reading import fields, first, identifier, items, plain, profile, text, words

EVENT_NAMES = ("event", "event_type", "event_name", "trigger", "type", "action")
THINGS = ("tag", "member_tag", "access_group", "course", "lesson", "section", "event")
PEOPLE = ("member", "community_member", "user", "author")
# Where the record itself may stand, by kind.
WITHIN = {
    "post.created": ("post",), "post.edited": ("comment", "post"), "post.deleted": ("comment", "post"), "post.replied": ("comment", "reply"),
}  # fmt: skip
NODES_MAX = 2000  # of a TipTap document
# Patterns of an event's name in lower case with underscores, the first that fits; verbs in any of their usual forms.
KINDS: tuple[tuple[str, str], ...] = (
    (r"(un|dis)(like|pin|subscribe)", ""),
    (r"space.*member.*(remov|delet|left)|member.*(remov|left).*space|space_left|left_(the_)?space", "channel.left"),
    (r"space.*member|member.*space|join\w*_(a_|the_)?space|space_join", "channel.joined"),
    (r"tag.*remov|remov\w*_tag|untag", "group.left"),
    (r"tag.*(add|assign|creat)|(add|assign)\w*_(member_)?tag|tagged|access_group.*add|added_to_access_group", "group.joined"),
    (r"profile.*complet|complet\w*_profile", "profile.completed"),
    (r"(profile|member).*(updat|chang)", "profile.changed"),
    (r"member.*(remov|delet|left|ban|deactivat)|leave|left", "community.left"),
    (r"member.*(join|creat|add|new|accept|activat)|new_\w*member|joined?_(the_)?community|sign\w*_up", "community.joined"),
    (r"(rsvp|attendee).*(cancel|remov|delet)", ""),
    (r"rsvp|event.*(registr|regist|signup)|attendee.*(creat|add)", "event.registered"),
    (r"event.*attend", "event.attended"),
    (r"(course|lesson|section|onboarding).*complet|complet\w*_(course|lesson|section)", "task.completed"),
    (r"(course|lesson).*(start|enrol|creat)|enrol\w*_(in_)?course|start\w*_(course|lesson)", "task.begun"),
    (r"(like|reaction)", "reaction.added"),
    (r"(comment|repl).*(delet|remov)|post.*(delet|remov)", "post.deleted"),
    (r"(comment|repl).*(updat|edit)|post.*(updat|edit)", "post.edited"),
    (r"comment|repl(y|ied)", "post.replied"),
    (r"post", "post.created"),
)  # fmt: skip


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield what one post of a workflow or Zap says."""
    body = delivery.body
    payload = next(
        (fields(body[name]) for name in ("data", "payload", "record", "body") if isinstance(body.get(name), dict)), body
    )
    name = next((found for key in EVENT_NAMES if (found := text(body.get(key)))), None)
    kind = _kind(name) if name else _shape(payload)
    if isinstance(body.get("records"), list):
        yield Ignored("a page of the Admin API, no event")
    elif not kind:
        yield Ignored(f"event {name or 'without a name'}: not known of Circle; a mapping file can say what it means")
    else:
        yield from _event(delivery.inner(payload), kind, name or "", _record(kind, {**body, **payload}))


def _record(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of the post or comment that a payload is about, where they stand in an object of their own."""
    inner: dict[str, Any] = next(
        (payload[name] for name in WITHIN.get(kind, ()) if isinstance(payload.get(name), dict)), {}
    )
    return {**payload, **inner}


def _kind(name: str) -> str:
    plain_name = re.sub(r"[^a-z0-9]+", "_", name.lower())
    return next((kind for pattern, kind in KINDS if re.search(pattern, plain_name)), "")


def _shape(payload: dict[str, Any]) -> str:
    """Tell from its fields what a payload without a name is: a comment, a post or a member."""
    if "id" not in payload or not (payload.get("created_at") or payload.get("published_at")):
        return ""
    if "parent_comment_id" in payload or isinstance(payload.get("post"), dict) or "post_id" in payload:
        return "post.replied"
    if ("space_id" in payload or "space" in payload) and ("body" in payload or "comments_count" in payload):
        return "post.created"
    return "community.joined" if "email" in payload and ("profile_url" in payload or "first_name" in payload) else ""


def _event(delivery: Delivery, kind: str, name: str, payload: dict[str, Any]) -> Iterable[Outcome]:
    """Yield the event; ids of the record tell it from others, its time of change tells one edit from the next."""
    about_member = kind.startswith(("community.", "profile."))
    member = delivery.key(_member(payload, about_member=about_member))
    edited = kind in ("post.edited", "profile.changed")
    time = first(payload, "updated_at", "created_at") if edited else first(payload, "published_at", "created_at")
    record = identifier(first(payload, "id", "uuid"))
    about: tuple[str | None, ...] = (
        (name, record, text(time)) if record and (not edited or time) else (delivery.fingerprint(),)
    )
    if kind == "community.joined" or (record and kind in ("post.created", "post.replied")):
        about = ("once", None if about_member else record)  # by a workflow, a Zap and polling it is one event
    yield delivery.event(kind, member, time, DATA.get(kind, _other)(payload, kind), *about)


def _member(payload: dict[str, Any], *, about_member: bool) -> str | None:
    """Return the member's id: of whoever acted, or of the record itself where it is a member's."""
    person = next((fields(payload[name]) for name in PEOPLE if isinstance(payload.get(name), dict)), {})
    named = first(payload, "community_member_id", "member_id", "user_id") or first(
        person, "community_member_id", "id", "user_id"
    )
    return identifier(named if named is not None or not about_member else payload.get("id"))


def _place(payload: dict[str, Any]) -> dict[str, Any]:
    post = fields(payload.get("post"))
    space = fields(payload.get("space")) or fields(post.get("space"))
    named = first(payload, "space_slug", "space_name") or first(space, "slug", "name", "id") or payload.get("space_id")
    return {"channel": text(named), "thread": identifier(payload.get("post_id") or post.get("id"))}


def _said(payload: dict[str, Any], kind: str) -> Data:
    body = payload.get("body")
    said = plain(
        first(fields(body), "plain_text", "body", "html")
        if isinstance(body, dict)
        else first(payload, "body_plain_text", "body", "content")
    ) or words(_tiptap(payload.get("tiptap_body")))
    number, place = identifier(payload.get("id")), _place(payload)
    if kind == "post.replied":
        return Reply(**place, text=said, post=f"comment_{number}" if number else None)
    return Text(
        **{**place, "thread": place["thread"] or number},
        text=said,
        post=number,
        title=text(first(payload, "name", "title")),
    )


def _tiptap(document: Any) -> str:
    """Return the words of a TipTap document, a line for each of its blocks."""
    lines: list[str] = []
    waiting = [fields(fields(document).get("body")) or fields(document)]
    for _ in range(NODES_MAX):
        if not waiting:
            break
        node = waiting.pop()
        content = [fields(one) for one in items(node.get("content"))]
        said = "".join((text(one.get("text")) and str(one["text"])) or "" for one in content)
        lines += [said] if said else []
        waiting += [one for one in reversed(content) if items(one.get("content"))]
    return "\n".join(lines)


def _reacted(payload: dict[str, Any], _kind_of: str) -> Data:
    return Reaction(**_place(payload), post=identifier(first(payload, "post_id", "comment_id")), reaction="like")


def _item(payload: dict[str, Any], _kind_of: str) -> Data:
    thing = next((fields(payload[name]) for name in THINGS if isinstance(payload.get(name), dict)), {})
    titles, numbers = ((f"{thing}_{part}" for thing in THINGS) for part in ("name", "id"))
    title = text(first(thing, "name", "title") or first(payload, *titles, "name", "title"))
    return Item(name=text(first(thing, "id") or first(payload, *numbers)) or title or "", title=title)


def _other(payload: dict[str, Any], kind: str) -> Data:
    if kind == "post.deleted":
        return Removed(**_place(payload), post=identifier(payload.get("id")))
    return Data(channel=_place(payload)["channel"]) if kind.startswith("channel.") else Data()


DATA: dict[str, Callable[[dict[str, Any], str], Data]] = {
    "post.created": _said,
    "post.edited": _said,
    "post.replied": _said,
    "reaction.added": _reacted,
    **dict.fromkeys(
        ("group.joined", "group.left", "task.begun", "task.completed", "event.registered", "event.attended"), _item
    ),
    "profile.changed": lambda payload, _kind_of: profile(payload) or Profile(),
}
