"""A playbook tried out: its scenarios, its message as a member would see it, and the same sent to oneself."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.commands import CHANNELS
from resource_catalog.scenarios import play
from streams.catalog.preview import Asked, Preview, preview_of
from streams.console.accounts import Account, Right
from streams.console.desk import Desk, desk_of, page, said
from streams.console.doors import Fields, posted, shown
from streams.delivery.own_message import Words, own_command, send
from streams.errors import UserError

CHARS_MAX = 200
PRIVATE = ("in_app", "direct_message", "email")


def _try(request: Request) -> Response:
    return _page(request, dict(request.query_params))


def _page(request: Request, given: Fields, status: int = 200, *, sent: str = "", fault: str = "") -> Response:
    desk, name = desk_of(request), request.path_params["name"]
    file = desk.folder.file(name)
    if file is None:
        return said(request, "not_here", 404)
    bundle = desk.folder.loaded().bundle
    steps = [one.id for one in file.playbooks]
    asked = _asked(given, steps, file.playbook.channels)
    preview: Preview | None = None
    problem = ""
    try:
        preview = preview_of(bundle, asked)
    except UserError as error:
        problem = str(error)
    account: Account = request.scope["account"]
    return page(
        request, "try_playbook", status, name=name, steps=steps, asked=asked, preview=preview, problem=problem, channels=CHANNELS,
        locales=_locales(desk), played=play(file, bundle), address=desk.own_addresses.of(account.name), private=PRIVATE,
        nobody_delivers=not desk.settings.channels, sent=sent, fault=fault,
    )  # fmt: skip


def _send(request: Request, account: Account, fields: Fields) -> Response:
    """Send the message to the person who asks, over the channel that they chose."""
    desk, name = desk_of(request), request.path_params["name"]
    try:
        command = _send_to(desk, account, name, fields)
    except UserError as error:
        return _page(request, fields, 400, fault=str(error))
    return _page(request, fields, sent=command)


def _send_to(desk: Desk, account: Account, name: str, fields: Fields) -> str:
    file, address = desk.folder.file(name), desk.own_addresses.of(account.name)
    if file is None:
        raise UserError(f"the catalog has no playbook {name}")
    if address is None or not address.confirmed:
        raise UserError("give your address first, and confirm it")
    asked = _asked(fields, [one.id for one in file.playbooks], file.playbook.channels)
    if asked.channel not in PRIVATE:
        raise UserError(f"channel: {asked.channel} is seen by others; to yourself go {', '.join(PRIVATE)}")
    if desk.sends_by_account.wait(account.name):
        raise UserError("ten messages to yourself were enough for now; try again in a few minutes")
    found = preview_of(desk.folder.loaded().bundle, asked)
    words = Words(found.locale, found.title, found.text, found.because, found.link, found.resource)
    command = own_command(address.member, asked.channel, words, desk.clock())
    send(desk.settings, command)
    desk.accounts.note(account.name, "message.to_oneself", f"{found.playbook} {asked.channel}")
    return command.id


def _me(request: Request) -> Response:
    return _my_page(request)


def _my_page(request: Request, status: int = 200, *, fault: str = "", asked: str = "") -> Response:
    desk = desk_of(request)
    address = desk.own_addresses.of(request.scope["account"].name)
    return page(
        request, "me", status, address=address, fault=fault, asked=asked, channels=PRIVATE, nobody_delivers=not desk.settings.channels
    )  # fmt: skip


def _my_address(request: Request, account: Account, fields: Fields) -> Response:
    """Take an address, and send a code there; or forget it."""
    desk, member, channel = desk_of(request), fields.get("member", "").strip(), fields.get("channel", "")
    if fields.get("do") == "forget":
        desk.own_addresses.forget(account.name)
        desk.accounts.note(account.name, "own_address.forgotten")
        return _my_page(request)
    community, _, rest = member.partition("/")
    if not community or not rest or len(member) > CHARS_MAX or channel not in PRIVATE:
        return _my_page(request, 400, fault="address_expected", asked=member)
    if desk.codes_by_account.wait(account.name):
        return _my_page(request, 429, fault="address_wait", asked=member)
    code = desk.own_addresses.begin(account.name, member)
    words = Words(
        "en", "Lotse console", f"Your code is {code}.", f"{account.name} wants to send previews of messages here"
    )
    send(desk.settings, own_command(member, channel, words, desk.clock()))
    desk.accounts.note(account.name, "own_address.asked", desk.store.ref(member))
    return _my_page(request)


def _my_code(request: Request, account: Account, fields: Fields) -> Response:
    desk = desk_of(request)
    if not desk.own_addresses.confirm(account.name, fields.get("code", "")):
        return _my_page(request, 400, fault="code_wrong")
    desk.accounts.note(account.name, "own_address.confirmed")
    return _my_page(request)


def _asked(given: Fields, steps: list[str], channels: tuple[str, ...]) -> Asked:
    """Return what is to be shown, as an address or a form says it; what it does not say is the playbook's first."""

    def one(name: str) -> str:
        return str(given.get(name, "")).strip()[:CHARS_MAX]

    step, channel = one("step"), one("channel")
    interests = tuple(part.strip() for part in one("interests").split(",") if part.strip())
    facts: dict[str, str] = {}
    return Asked(
        step if step in steps else steps[0], channel if channel in CHANNELS else channels[0], one("locale") or "en", one("role"), one("region"),
        interests, facts, one("community") or "*",
    )  # fmt: skip


def _locales(desk: Desk) -> list[str]:
    """Return the languages of the catalog's texts."""
    found: set[Any] = {locale for one in desk.folder.loaded().bundle.resources for locale in one.locales}
    return sorted(found)


ROUTES = (
    Route("/playbooks/{name}/try", shown(_try), methods=["GET"]),
    Route("/playbooks/{name}/try", posted(_send, Right.WRITE), methods=["POST"]),
    Route("/me", shown(_me), methods=["GET"]),
    Route("/me", posted(_my_address, Right.READ), methods=["POST"]),
    Route("/me/code", posted(_my_code, Right.READ), methods=["POST"]),
)
