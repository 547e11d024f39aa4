"""What buttons and links of messages lead to: a redirect that counts, a question before anything is done, a survey."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from processors.actions import LIFE, Action, pressed
from processors.commands import ACTIONS
from processors.events import Event
from processors.ids import digest
from processors.vocabulary import Survey
from sinks.action_links import PATHS
from sinks.action_tokens import TokenError
from streams.pages.guide_pages import DIRECTORY, address, is_there
from streams.pages.journal import JournalAwayError
from streams.pages.site import Site, message, page, site_of, wishes
from streams.web.forms import read_body, read_form
from streams.web.languages import choose

VIA = "page"
ASKED = tuple(name for name in ACTIONS if name not in PATHS)
JUDGED = ("helpful", "not_helpful", "wrong_moment", "survey")  # of one message, so the page says of which
WORDS_MAX = 2000  # characters of a survey's words
AWAY = {"retry-after": "10"}


async def follow(request: Request) -> Response:
    """Count a click and lead on: to the resource's link in the catalog, or to its page. What the token holds is no address.

    A click that could not be counted leads on all the same; a browser that only fetches ahead is not counted.
    """
    site = site_of(request)
    try:
        action = site.tokens.read(request.path_params["token"], site.now, "open")
    except TokenError:
        return message(request, wishes(request), "bad_link", 404)
    fetched_ahead = "prefetch" in request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    if request.method == "GET" and not fetched_ahead:
        await write(site, pressed(action, site.now, VIA), "open")
    target = destination(site, action)
    if target is None:
        return message(request, wishes(request, action), "gone", 404)
    return RedirectResponse(target, 303)


def destination(site: Site, action: Action) -> str | None:
    """Return where an opened message leads: the link that the catalog names, else the guide; None where it is gone."""
    catalog = site.current
    resource = catalog.resources.get(action.resource)
    if resource is None or not is_there(resource, site.now):
        return None
    locale, text = catalog.localised(resource, action.locale)
    if text.link.startswith(("https://", "http://")) or text.link == DIRECTORY:
        return text.link
    if text.link.startswith("resource:"):
        other = catalog.resources.get(text.link.removeprefix("resource:"))
        resource = other if other and is_there(other, site.now) else resource
    if not resource.private:
        return f"{address(resource)}?lang={locale}"
    guide = Action("guide", action.member, resource=resource.id, locale=locale, expires=int(site.now + LIFE))
    return address(resource, site.tokens.sign(guide))


async def write(site: Site, event: Event, name: str) -> bool:
    """Write an event; return whether it was acknowledged."""
    try:
        await site.journal.write(event)
    except JournalAwayError:
        site.counted(name, "away")
        return False
    site.counted(name, "done")
    return True


async def ask(request: Request) -> Response:
    """Say what a link would do, with a button. Nothing changes, whoever looks: mail scanners open every link."""
    site = site_of(request)
    try:
        action = site.tokens.read(request.path_params["token"], site.now, *ASKED)
    except TokenError:
        return message(request, wishes(request), "bad_link", 404)
    languages = wishes(request, action)
    return page(request, "ask", languages, 200, None, action=action, about=_about(site, action, languages))


async def act(request: Request) -> Response:
    """Do what a link says. A mail program's one-click (RFC 8058) posts here too: whatever the body says, the token rules."""
    site = site_of(request)
    await read_body(request)
    try:
        action = site.tokens.read(request.path_params["token"], site.now, *ASKED)
    except TokenError:
        return message(request, wishes(request), "bad_link", 404)
    if not await write(site, pressed(action, site.now, VIA), action.action):
        return message(request, wishes(request, action), "away", 503, AWAY)
    return page(
        request, "done", wishes(request, action), 200, None, action=action, preferences=preferences_of(site, action)
    )


def preferences_of(site: Site, action: Action) -> str:
    """Return the path of this member's preference page."""
    door = Action("preferences", action.member, locale=action.locale, expires=int(site.now + LIFE))
    return f"/{PATHS['preferences']}/{site.tokens.sign(door)}"


async def survey(request: Request) -> Response:
    """Ask whether a message helped; take the answer."""
    site = site_of(request)
    try:
        action = site.tokens.read(request.path_params["token"], site.now, "survey")
    except TokenError:
        return message(request, wishes(request), "bad_link", 404)
    languages = wishes(request, action)
    asked = {"words_max": WORDS_MAX, "about": _about(site, action, languages)}
    if request.method != "POST":
        return page(request, "survey", languages, 200, None, missed=False, **asked)
    form = await read_form(request)
    score = form.get("score", [""])[0]
    if score not in ("1", "2", "3", "4", "5"):
        return page(request, "survey", languages, 422, None, missed=True, **asked)
    words = form.get("words", [""])[0].strip()[:WORDS_MAX]
    if not await write(site, answered(action, int(score), words, site.now), "survey"):
        return message(request, languages, "away", 503, AWAY)
    return page(request, "done", languages, 200, None, action=action, preferences=preferences_of(site, action))


def _about(site: Site, action: Action, languages: Sequence[str]) -> str:
    """Return the title of what a message brought, in the language of the page; "" where the catalog no longer has it, or it is of no account."""
    resource = site.current.resources.get(action.resource)
    if resource is None or action.action not in JUDGED:
        return ""
    return site.current.localised(resource, choose(languages))[1].title


def answered(action: Action, score: int, words: str, now: float) -> Event:
    """Return the event of a survey's answer: one for each command, however often it is given."""
    data = Survey(score=score, command=action.command, playbook=action.playbook, resource=action.resource, text=words)
    return Event(digest("survey", action.member, action.command), "survey.answered", action.member, now, data)


ROUTES = [
    Route("/r/{token}", follow, methods=["GET"]),
    Route("/a/{token}", ask, methods=["GET"]),
    Route("/a/{token}", act, methods=["POST"]),
    Route("/survey/{token}", survey, methods=["GET", "POST"]),
]
