"""Names under which products report what a person did, as analytics platforms pass them on, and what they mean here.

The names are those of Google Analytics (recommended and collected events), of Segment's and Mixpanel's own examples, and
their usual variants; all in lower case with underscores.
"""

import re
from typing import Any

from processors.vocabulary import Click, Data, Item, Reaction, Search
from streams.gateway.reading import first, text, whole

# What Lotse itself tells analytics platforms; taken in again it would be an echo.
OURS = re.compile(r"(resource|lotse|decision|outcome|command)_")
PRESENCE = frozenset({
    "page_view", "pageview", "page_viewed", "screen_view", "screen_viewed", "session_start", "session_started", "user_engagement",
    "first_visit", "first_open", "login", "logged_in", "user_logged_in", "signed_in", "sign_in", "user_signed_in", "scroll", "application_opened",
    "app_opened", "app_open", "mp_page_view", "web_page_view",
})  # fmt: skip
KINDS: dict[str, str] = {
    **dict.fromkeys(
        ("sign_up", "signup", "signed_up", "user_signed_up", "user_registered", "registered", "account_created", "registration_completed"), "community.joined"
    ),
    **dict.fromkeys(("account_deleted", "user_deleted", "account_closed"), "community.left"),
    **dict.fromkeys(("search", "searched", "search_performed", "view_search_results", "products_searched", "content_searched"), "search.performed"),
    **dict.fromkeys(("click", "link_clicked", "select_content", "clicked_link", "banner_clicked"), "link.clicked"),
    **dict.fromkeys(("tutorial_begin", "task_started", "task_begun", "onboarding_started", "course_started", "checklist_started"), "task.begun"),
    **dict.fromkeys(
        ("tutorial_complete", "task_completed", "onboarding_completed", "course_completed", "checklist_completed", "lesson_completed"), "task.completed"
    ),
    **dict.fromkeys(("level_up", "unlock_achievement", "achievement_unlocked", "milestone_reached"), "milestone.reached"),
    **dict.fromkeys(("join_group", "group_joined", "joined_group"), "group.joined"),
    **dict.fromkeys(("leave_group", "group_left", "left_group"), "group.left"),
    **dict.fromkeys(("article_viewed", "post_viewed", "article_read", "post_read", "view_item", "content_viewed", "article_completed"), "post.read"),
    **dict.fromkeys(("event_registered", "webinar_registered", "rsvp", "event_rsvp"), "event.registered"),
    **dict.fromkeys(("event_attended", "webinar_attended"), "event.attended"),
    **dict.fromkeys(("like", "liked", "post_liked", "reaction_added"), "reaction.added"),
    **dict.fromkeys(("draft_started", "post_started"), "draft.started"),
    **dict.fromkeys(("draft_abandoned", "post_abandoned"), "draft.abandoned"),
    **dict.fromkeys(("profile_completed", "completed_profile"), "profile.completed"),
}  # fmt: skip
NAMED = (
    "name", "task", "feature", "group_id", "achievement_id", "level", "content_id", "event_name", "course", "course_name", "item_id", "id", "title",
)  # fmt: skip
_WORD = re.compile(r"[^a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def plain_name(name: str) -> str:
    """Return an event's name in lower case with underscores: `User Registered` and `userRegistered` alike."""
    return _WORD.sub("_", _HUMP.sub("_", name).lower()).strip("_")


def product_event(name: str, properties: dict[str, Any]) -> tuple[str, Data] | None:
    """Return type and data of a product's event, None for an echo of our own. A name we do not know is a feature used."""
    plain = plain_name(name)
    if OURS.match(plain):
        return None
    if plain in PRESENCE:
        return "presence.seen", Data()
    kind = KINDS.get(plain, "feature.used")
    return kind, _data(kind, name, properties)


def _data(kind: str, name: str, properties: dict[str, Any]) -> Data:
    title = text(first(properties, "title", "page_title"))
    if kind in ("community.joined", "community.left", "post.read", "profile.completed"):
        return Data()
    if kind == "search.performed":
        query = text(first(properties, "query", "search_term", "term", "q"), 500) or ""
        return Search(query=query, results=whole(first(properties, "results", "results_count", "result_count")))
    if kind == "link.clicked":
        return Click(
            url=text(first(properties, "url", "link_url", "href"), 2000), resource=text(properties.get("content_id"))
        )
    if kind == "reaction.added":
        return Reaction(
            post=text(first(properties, "post_id", "content_id", "item_id")),
            reaction=text(properties.get("reaction")) or "like",
        )
    if kind == "feature.used":
        return Item(name=text(first(properties, "feature")) or text(name) or "", title=title)
    return Item(name=text(first(properties, *NAMED)) or text(name) or "", title=title)
