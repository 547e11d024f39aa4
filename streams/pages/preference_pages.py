"""The preference page: pauses, kinds of messages, the right time; each button is one event."""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.actions import DAY, Action
from processors.events import Event
from processors.ids import digest
from processors.vocabulary import ChosenTime, Data, Preference
from sinks.action_tokens import TokenError
from streams.pages.action_pages import AWAY, write
from streams.pages.site import Site, message, page, site_of, wishes
from streams.pages.words import WORDS, named
from streams.web.forms import read_form
from streams.web.languages import choose

TIMES = ("now", "next_visit", "daily", "weekly", "hours")
PAUSES = {"7": 7 * DAY, "30": 30 * DAY}
Wish = tuple[str, Data, str]  # type of the event, its data, and what the page says afterwards


def kinds(site: Site) -> list[str]:
    """Return the kinds of messages that there are: those of the playbooks in force, but for the staff's."""
    specs = [one.spec for one in site.current.playbooks.values()]
    return sorted({spec.kind for spec in specs if spec.kind and spec.maturity != "off" and spec.lane != "staff"})


async def preferences(request: Request) -> Response:
    """Show the choices; take one."""
    site = site_of(request)
    try:
        action = site.tokens.read(request.path_params["token"], site.now, "preferences")
    except TokenError:
        return message(request, wishes(request), "bad_link", 404)
    languages, said = wishes(request, action), ""
    if request.method == "POST":
        kind, data, said = wish(site, await read_form(request), choose(languages))
        if not await write(site, preferred(action, kind, data, site.now), kind.rpartition(".")[2]):
            return message(request, languages, "away", 503, AWAY)
    return page(request, "preferences", languages, 200, None, kinds=kinds(site), times=TIMES, said=said)


def wish(site: Site, form: dict[str, list[str]], language: str) -> Wish:
    """Return what a posted button wishes for. Raises `HTTPException` (400) for what no button of the page posts."""
    fields, t = {name: values[0] for name, values in form.items()}, WORDS[language]
    choice = CHOICES.get(fields.get("choice", ""))
    if choice is None:
        raise HTTPException(400)
    return choice(site, fields, t, language)


Choice = Callable[[Site, dict[str, str], dict[str, str], str], Wish]


def _pause(site: Site, fields: dict[str, str], t: dict[str, str], _language: str) -> Wish:
    days = fields.get("days", "")
    if days not in PAUSES:
        raise HTTPException(400)
    return "preference.snoozed", Preference(kind="all", until=site.now + PAUSES[days]), t[f"snooze_{days}d_done"]


def _kind(word: str, event: str) -> Choice:
    def choose_kind(site: Site, fields: dict[str, str], t: dict[str, str], language: str) -> Wish:
        kind = fields.get("kind", "")
        if kind not in kinds(site):
            raise HTTPException(400)
        return event, Preference(kind=kind), t[word].replace("{kind}", named(kind, language))

    return choose_kind


def _everything(word: str, event: str) -> Choice:
    return lambda _site, _fields, t, _language: (event, Preference(kind="all"), t[word])


def _time(_site: Site, fields: dict[str, str], t: dict[str, str], _language: str) -> Wish:
    when, hours = fields.get("when", ""), (fields.get("begins", "9"), fields.get("ends", "21"))
    if when not in TIMES or any(hour not in _HOURS for hour in hours):
        raise HTTPException(400)
    begins, ends = int(hours[0]), int(hours[1])
    chosen = ChosenTime(when=when, hour=begins, until_hour=ends)  # type: ignore[arg-type]  # one of TIMES
    return "preference.time_chosen", chosen, t["when_done"]


_HOURS = frozenset(str(hour) for hour in range(24))
CHOICES: dict[str, Choice] = {
    "pause": _pause,
    "stop": _kind("kind_stopped", "preference.opted_out"),
    "allow": _kind("kind_allowed", "preference.opted_in"),
    "stop_all": _everything("stop_all_done", "preference.opted_out"),
    "resume": _everything("resume_done", "preference.opted_in"),
    "time": _time,
}


def preferred(action: Action, kind: str, data: Data, now: float) -> Event:
    """Return the event of a wish; made again within the same second it is the same event."""
    said = repr(data)
    return Event(digest("preference", action.member, kind, said, str(int(now))), kind, action.member, now, data)


ROUTES = [Route("/preferences/{token}", preferences, methods=["GET", "POST"])]
