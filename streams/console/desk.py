"""What the console's pages work with, who is asking, and how a page is written."""

import csv
import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from processors.playbooks.catalog import EMPTY, Catalog
from streams.console.accounts import Account, Accounts, Right, accounts_path, form_token
from streams.console.counting import Counting
from streams.console.folder import Folder
from streams.console.own_address import OwnAddresses
from streams.console.proposals import Proposals
from streams.console.reviews import Reviews, reviews_path
from streams.console.standing import Standing
from streams.console.store import Store
from streams.console.told_faults import told
from streams.console.trials import Trials
from streams.console.words import WORDS
from streams.errors import UserError
from streams.settings import Settings
from streams.web.files import static_version
from streams.web.guards import Allowance
from streams.web.languages import choose, wanted

if TYPE_CHECKING:
    from streams.console.oidc import Provider

COOKIE = "lotse_console"
LANGUAGE_MAX = 35  # characters (RFC 5646, section 4.4.1)
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
MENU = (
    ("/", "overview", Right.READ),
    ("/live", "live", Right.READ),
    ("/members", "members", Right.READ),
    ("/noisy", "noisy", Right.READ),
    ("/playbooks", "playbooks", Right.READ),
    ("/approvals", "approvals", Right.READ),
    ("/suggestions", "suggestions", Right.READ),
    ("/review", "review", Right.REVIEW),
    ("/catalog", "catalog", Right.READ),
    ("/measures", "measures", Right.READ),
    ("/system", "system", Right.READ),
    ("/people", "people", Right.MANAGE),
    ("/record", "record", Right.MANAGE),
)
_PAGES = Environment(
    loader=PackageLoader("streams", "console/templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)  # fmt: skip


def many(value: float, words: Mapping[str, str]) -> str:
    """Return a number as the language writes it: thousands apart, a point or a comma before tenths."""
    text = f"{value:,}"
    return text if words["point"] == "." else text.translate({ord(","): ".", ord("."): ","})


_PAGES.filters |= {"many": many, "told": told}


@dataclass
class Desk:
    """The console of a deployment. `reading` tells how many records are still to be read (None: unknown) and why none are read.

    `asking` tells the same of the queues of items that people are asked to look at: why one is not read, by queue.
    """

    settings: Settings
    store: Store
    accounts: Accounts
    catalog: Callable[[], Catalog | None] = lambda: None
    reading: Callable[[], tuple[int | None, str]] = lambda: (0, "")
    clock: Callable[[], float] = time.time
    version: str = field(default_factory=static_version)
    asking: Callable[[], Mapping[str, str]] = dict

    def __post_init__(self) -> None:
        self.reviews = Reviews(reviews_path(self.store.path), self._now)
        self.counting = Counting(self.settings, self._now)
        self.tries_by_client = Allowance(1 / 60, 10, self.clock)
        self.tries_by_name = Allowance(1 / 30, 20, self.clock)  # many addresses, one account
        files = self.settings.console_db
        self.folder = Folder(self.settings.catalog)
        self.proposals = Proposals(accounts_path(files), self.clock)
        self.own_addresses = OwnAddresses(accounts_path(files), self.clock)
        self.codes_by_account = Allowance(1 / 3600, 3, self.clock)
        self.sends_by_account = Allowance(1 / 60, 10, self.clock)
        self.provider = _provider(self.settings)
        self.standing = Standing(lambda: self.settings, self._now)
        self.trials = Trials(files.with_name(f"{files.stem}-backtests"), self.store.ref)

    def _now(self) -> float:
        return self.clock()  # looked up each time: tests set it

    @property
    def current(self) -> Catalog:
        """The catalog that was published last; an empty one before there is any."""
        return self.catalog() or EMPTY


def _provider(settings: Settings) -> "Provider | None":
    """Return where people sign in besides, None where there is no such place. Raises `UserError`."""
    if not settings.oidc_issuer:
        return None
    try:
        from streams.console.oidc import Provider  # noqa: PLC0415  (needs the extra oidc)
    except ModuleNotFoundError as error:
        raise UserError(
            f"LOTSE_OIDC_ISSUER needs the extra oidc ({error.name} is missing): pip install 'lotse[oidc]'"
        ) from None
    return Provider(settings)


def menu(account: Account) -> list[tuple[str, str]]:
    """Return (address, word) of the pages that somebody may read."""
    return [(address, word) for address, word, right in MENU if account.may(right)]


def desk_of(request: Request) -> Desk:
    """Return the console that a request is for."""
    desk: Desk = request.app.state.desk
    return desk


def account_of(request: Request) -> Account | None:
    """Return who asks, None where nobody is signed in."""
    token = request.cookies.get(COOKIE, "")
    return desk_of(request).accounts.session(token) if token else None


def language_of(request: Request) -> str:
    """Return the language a reader wants: what the address says, else what their browser asks for."""
    asked = request.query_params.get("lang", "")[:LANGUAGE_MAX]
    return choose([one for one in (asked, *wanted(request.headers.get("accept-language", ""))) if one])


def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Return a page; `facts` are what its template reads."""
    desk, language, account = desk_of(request), language_of(request), request.scope.get("account")
    behind, fault = desk.reading()
    html = _PAGES.get_template(f"{template}.html.j2").render(
        t=WORDS[language],
        language=language,
        version=desk.version,
        path=request.url.path,
        query=[(name, value) for name, value in request.query_params.multi_items() if name != "lang"],
        account=account,
        form=form_token(request.cookies.get(COOKIE, "")),
        behind=behind if behind is not None and behind > BEHIND_TOLD else 0,
        reading_fault=fault,
        moment=moment,
        menu=menu,
        to=lambda path: _with_language(request, path),
        without=lambda *names: _address(request, names),
        **facts,
    )
    return HTMLResponse(html, status, {"content-language": language, "vary": "accept-language, cookie"})


BEHIND_TOLD = 1_000  # records; fewer is the breath of a running system


def said(request: Request, name: str, status: int, detail: str = "") -> HTMLResponse:
    """Return a page that says one thing: `<name>_title` and `<name>` of the words, or `detail` instead."""
    return page(request, "message", status, name=name, detail=detail)


_FORMULA = frozenset("=+-@\t\r")  # with which a spreadsheet's formula begins


def asks_file(request: Request) -> bool:
    """Tell whether a page is asked for as a file."""
    return request.query_params.get("format", "") in ("csv", "json")


def taken(request: Request, rows: Sequence[Mapping[str, Any]], name: str) -> Response | None:
    """Return rows as a file where the address asks for one (`format=csv` or `json`), else None."""
    wish = request.query_params.get("format", "")
    if wish == "json":
        return Response(msgspec.json.encode(list(rows)), media_type="application/json")
    if wish != "csv":
        return None
    out = io.StringIO()
    if rows:
        names, writer = list(rows[0]), csv.writer(out)
        writer.writerow(names)
        writer.writerows([_cell(row[name]) for name in names] for row in rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA else value


def moment(when: float) -> str:
    """Return a time (epoch s) in UTC, to the second."""
    return datetime.fromtimestamp(int(when), UTC).isoformat(" ")[:19]


def number_in(request: Request, name: str, highest: float = 1e15) -> float:
    """Return a number of the address, 0 where there is none that makes sense."""
    try:
        value = float(request.query_params.get(name, "") or 0)
    except ValueError:
        return 0.0
    return value if 0 <= value <= highest else 0.0


def back(request: Request, path: str) -> RedirectResponse:
    """Return to a page after something was done, in the same language."""
    return RedirectResponse(_with_language(request, path), 303)


def _with_language(request: Request, path: str) -> str:
    asked = request.query_params.get("lang", "")
    return path + (f"{'&' if '?' in path else '?'}lang={choose([asked])}" if asked else "")


def _address(request: Request, without: Sequence[str]) -> str:
    """Return the address of this page without some of its fields, so that another can be added."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in without and value]
    return f"{request.url.path}?{urlencode(kept)}{'&' if kept else ''}"
