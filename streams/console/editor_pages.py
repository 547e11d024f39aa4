"""Writing a playbook: a form and its YAML, each out of the other; what is wrong said where it is; a look at the difference before it is published."""

from contextlib import suppress
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.commands import CHANNELS
from resource_catalog.draft import Draft
from resource_catalog.playbook_text import field_at
from resource_catalog.scenarios import Played, play
from resource_catalog.trigger_fields import FORMS
from streams.catalog.preview import Asked, Preview, preview_of
from streams.console.accounts import Account, Right
from streams.console.backtest_pages import FILE, LOG, begin
from streams.console.desk import Desk, back, desk_of, page, said
from streams.console.doors import Fields, posted, shown
from streams.console.form_values import ON
from streams.console.playbook_form import BY_NAME, Form, read_form, with_form
from streams.console.playbook_rows import STEP, VARIANT, as_sequence
from streams.console.publishing import beside, change, difference, goes_further, is_for_two
from streams.errors import UserError

BODY_MAX = 400_000  # bytes: a playbook's text, percent-encoded, twice
REASON_MAX, DESCRIBE_MAX = 300, 200
VIEWS = ("form", "yaml")
DOES = ("form", "yaml", "sequence", "check", "scenarios", "backtest", "review", "publish")
ROWS = ("variants", "steps")  # what is wrong with a list is told above its rows
SEEN_MAX = 6  # messages of a draft, by step and language
# Names of inputs by the topmost field of the file in which a problem may lie.
INPUTS = {
    "when": "when_value", "if": "if", "because": "because_en", "offer": "resource", "limits": "once_per", "goal": "goal", "unless": "unless",
    "exit": "exit",
}  # fmt: skip


class Shown(NamedTuple):
    """What the editor shows of a draft. `fault` is why something was not done."""

    name: str
    text: str
    base: str
    view: str
    fault: str = ""
    reason: str = ""
    step: str = ""


def _edit(request: Request) -> Response:
    name = request.path_params["name"]
    known = desk_of(request).folder.text(name)
    if known is None:
        return said(request, "not_here", 404)
    view = request.query_params.get("as", "form")
    return _page(request, Shown(name, known.text, known.base, view if view in VIEWS else "form"))


def _new(request: Request) -> Response:
    desk = desk_of(request)
    return page(
        request, "new_playbook", closed=desk.folder.closed, where=str(desk.folder.directory), fault="", given={}
    )


def _begin(request: Request, account: Account, fields: Fields) -> Response:
    """Begin a playbook: nothing is written before it is published."""
    desk, name = desk_of(request), fields.get("id", "").strip()
    try:
        fresh = desk.folder.fresh(name, fields.get("describe", "").strip()[:DESCRIBE_MAX], account.name)
    except UserError as error:
        return page(
            request, "new_playbook", 400, closed=desk.folder.closed, where=str(desk.folder.directory), fault=str(error), given=fields
        )  # fmt: skip
    return _page(request, Shown(name, fresh.text, "", "form"))


def _edited(request: Request, account: Account, fields: Fields) -> Response:
    """Carry the draft on to what the button says."""
    name, view, wish = request.path_params["name"], fields.get("view", "yaml"), fields.get("do", "check")
    text, base, reason = (
        fields.get("text", "").replace("\r\n", "\n"),
        fields.get("base", ""),
        fields.get("reason", "").strip(),
    )
    now = Shown(name, text, base, view if view in VIEWS else "yaml", reason=reason[:REASON_MAX])
    if wish not in DOES:
        return said(request, "bad", 400)
    if view == "form":
        try:
            now = now._replace(text=with_form(text, fields))
        except ValueError as error:
            return _page(request, now._replace(fault=str(error)), 400)
    if wish in (*VIEWS, "sequence"):
        return _turned(request, now, wish)
    if wish == "publish":
        return _publish(request, account, now)
    if wish == "backtest":
        return _backtest(request, account, now)
    return _page(request, now._replace(step=wish))


def _turned(request: Request, now: Shown, wish: str) -> Response:
    """Show a draft as a form or as YAML, or make what it offers the first step of several over days."""
    if wish in VIEWS:
        return _page(request, now._replace(view=wish))
    try:
        return _page(request, now._replace(text=as_sequence(now.text), view="form"))
    except ValueError as error:
        return _page(request, now._replace(fault=str(error)), 400)


def _publish(request: Request, account: Account, now: Shown) -> Response:
    desk = desk_of(request)
    try:
        if not 1 <= len(now.reason) <= REASON_MAX:
            raise UserError(f"reason: say why, in 1 to {REASON_MAX} characters")
        done = change(desk, account, now.name, now.text, now.base, now.reason)
    except UserError as error:
        return _page(request, now._replace(fault=str(error), step="review"), 400)
    return back(request, "/approvals" if done == "proposed" else f"/playbooks/{now.name}")


def _backtest(request: Request, account: Account, now: Shown) -> Response:
    """Try a draft on what was recorded, before it is in any file."""
    desk = desk_of(request)
    draft = desk.folder.draft(now.name, now.text)
    if draft.errors or draft.file is None or draft.loaded is None:
        return _page(request, now._replace(step="check"), 400)
    on = FILE if desk.settings.console_history else LOG
    try:
        trial = begin(desk, account, draft.file, on, "", draft.loaded.bundle)
    except UserError as error:
        return _page(request, now._replace(fault=str(error)), 400)
    return back(request, f"/playbooks/{now.name}/backtest/{trial.id}")


def _check(request: Request, _account: Account, fields: Fields) -> Response:
    """Return what is wrong with a draft, as part of a page: the script asks while somebody writes."""
    name, text = request.path_params["name"], fields.get("text", "").replace("\r\n", "\n")
    draft = desk_of(request).folder.draft(name, text)
    return page(request, "problems", errors=draft.errors, warnings=draft.warnings, rows=text.splitlines())


def _words(request: Request) -> Response:
    """Return what the editor may offer, for its script."""
    return Response(msgspec.json.encode(desk_of(request).folder.words()), media_type="application/json")


def _page(request: Request, now: Shown, status: int = 200) -> Response:
    desk = desk_of(request)
    draft = desk.folder.draft(now.name, now.text)
    form = Form({}, set(), [], {})
    try:
        form = read_form(now.text)
    except ValueError:
        now = now._replace(view="yaml")  # what is no YAML is mended there
    looked = now.step in ("scenarios", "review")
    facts: dict[str, Any] = {"played": _played(draft) if looked else None, "seen": _seen(draft) if looked else []}
    if now.step == "review" and not draft.errors:
        facts |= _review(desk, now, draft)
        away = facts.pop("fault")
        now = now._replace(fault=now.fault or away)
    return page(
        request, "editor", status, now=now, form_values=form.values, closed_fields=form.closed, draft=draft, faults=_by_input(draft, now.text),
        rows=now.text.splitlines(), closed=desk.folder.closed, where=str(desk.folder.directory), words=desk.folder.words(), forms=tuple(FORMS),
        channels=CHANNELS, fields=BY_NAME, form_rows=form.rows, shapes=(STEP, VARIANT), kept=form.kept, on=ON, reason_max=REASON_MAX, **{"difference": None, "others": [], "two": False, "further": False, **facts},
    )  # fmt: skip


def _review(desk: Desk, now: Shown, draft: Draft) -> dict[str, Any]:
    """Return what is to be seen before a draft is published; without a broker not what would come in force beside."""
    known, before = desk.folder.text(now.name), desk.folder.file(now.name)
    assert draft.file is not None, "it has no errors"  # noqa: S101
    facts: dict[str, Any] = {
        "difference": difference(known.text if known else "", now.text), "two": is_for_two(before, draft.file),
        "further": goes_further(before, draft.file), "fault": "",
    }  # fmt: skip
    try:
        return {**facts, "others": beside(desk, draft, now.name)}
    except UserError as error:
        return {**facts, "fault": str(error)}


def _played(draft: Draft) -> list[Played] | None:
    return play(draft.file, draft.loaded.bundle) if draft.file and draft.loaded and not draft.errors else None


def _seen(draft: Draft) -> list[Preview]:
    """Return the messages of a draft as members would see them: of each step, in each language of what it offers."""
    if draft.file is None or draft.loaded is None or draft.errors:
        return []
    bundle = draft.loaded.bundle
    locales = {one.id: sorted(one.locales) for one in bundle.resources}
    found = []
    for spec in draft.file.playbooks:
        for locale in locales.get(spec.resource, ["en"]):
            with suppress(UserError):  # what matches a question has no message without one
                found.append(preview_of(bundle, Asked(spec.id, spec.channels[0], locale, "", "", (), {}, "*")))
    return found[:SEEN_MAX]


def _by_input(draft: Draft, text: str) -> dict[str, list[str]]:
    """Return what is wrong by the input of the form in which it lies; the rest is told above it."""
    found: dict[str, list[str]] = {}
    for one in draft.errors:
        top = field_at(text, one.line)
        word = one.message.partition(":")[0]
        name = word if word in BY_NAME or word in ROWS else INPUTS.get(top, top)
        found.setdefault("channels" if word == "channels" else name, []).append(one.message)
    return found


ROUTES = (
    Route("/playbook-words", shown(_words, Right.WRITE), methods=["GET"]),
    Route("/playbooks/new", shown(_new, Right.WRITE), methods=["GET"]),
    Route("/playbooks/new", posted(_begin, Right.WRITE), methods=["POST"]),
    Route("/playbooks/{name}/edit", shown(_edit, Right.WRITE), methods=["GET"]),
    Route("/playbooks/{name}/edit", posted(_edited, Right.WRITE, BODY_MAX), methods=["POST"]),
    Route("/playbooks/{name}/check", posted(_check, Right.WRITE, BODY_MAX), methods=["POST"]),
)
