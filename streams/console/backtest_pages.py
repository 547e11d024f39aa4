"""Backtests of a playbook from the console: begun, watched, cancelled, read; run by a process of their own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.decisions import Reason
from processors.playbooks.resources import Bundle, Playbook
from resource_catalog.approval import digest_of
from resource_catalog.playbook_file import PlaybookFile
from streams.backtest.apart import Job
from streams.backtest.report import Report
from streams.console import pictures
from streams.console.accounts import Account, Right
from streams.console.desk import Desk, back, desk_of, language_of, moment, page, said, taken
from streams.console.doors import Fields, posted, shown
from streams.console.trials import About, Trial
from streams.errors import UserError
from streams.explanation.story import sentence

DAYS = (7, 28, 90)
LOG, FILE = "log", "file"
DAY_S = 86400.0
COLUMNS_MAX = 120  # days, or spans of days, in the picture


def _backtests(request: Request) -> Response:
    desk, name = desk_of(request), request.path_params["name"]
    file = desk.folder.file(name)
    if file is None:
        return said(request, "not_here", 404)
    trials = desk.trials.of(name)
    rows = [
        {"time": moment(one.about.since), "on": one.about.on, "author": one.about.author, "state": one.state, "sends": one.report.sends if one.report else ""}
        for one in trials
    ]  # fmt: skip
    return taken(request, rows, f"backtests-{name}") or page(
        request, "backtests", name=name, trials=trials, days=DAYS, history=desk.settings.console_history, key=tried_key(file),
    )  # fmt: skip


def _begin(request: Request, account: Account, fields: Fields) -> Response:
    desk, name = desk_of(request), request.path_params["name"]
    file = desk.folder.file(name)
    if file is None:
        raise UserError(f"the catalog has no playbook {name}")
    trial = begin(desk, account, file, fields.get("on", LOG), fields.get("days", ""))
    return back(request, f"/playbooks/{name}/backtest/{trial.id}")


def begin(desk: Desk, account: Account, file: PlaybookFile, on: str, days: str, bundle: Bundle | None = None) -> Trial:
    """Begin a backtest of a playbook as it stands in its file, or in another bundle. Raises `UserError`."""
    if on not in (LOG, FILE) or (on == FILE and not desk.settings.console_history):
        raise UserError("on: expected the log, or the history that LOTSE_CONSOLE_HISTORY names")
    span = int(days) if days in map(str, DAYS) else 28
    job = Job(
        bundle or desk.folder.loaded().bundle, sorted(one.id for one in file.playbooks), desk.settings.bootstrap, desk.settings.control_key, span,
        desk.settings.console_history if on == FILE else "", desk.settings.community,
    )  # fmt: skip
    told = f"{span} days" if on == LOG else Path(desk.settings.console_history).name
    trial = desk.trials.start(job, About(file.id, tried_key(file), told, account.name, desk.clock()))
    desk.accounts.note(account.name, "playbook.backtest", file.id, told)
    return trial


def _cancel(request: Request, account: Account, _fields: Fields) -> Response:
    desk, name, trial = desk_of(request), request.path_params["name"], request.path_params["trial"]
    if desk.trials.cancel(trial):
        desk.accounts.note(account.name, "playbook.backtest_cancelled", name)
    return back(request, f"/playbooks/{name}/backtest/{trial}")


def _backtest(request: Request) -> Response:
    desk, name = desk_of(request), request.path_params["name"]
    trial = desk.trials.find(request.path_params["trial"])
    if trial is None or trial.about.playbook != name:
        return said(request, "not_here", 404)
    report = trial.report
    if report is not None:
        rows = [{"playbook": one, **msgspec.to_builtins(its)} for one, its in report.playbooks.items()]
        answer = taken(request, rows, f"backtest-{name}")
        if answer:
            return answer
    file = desk.folder.file(name)
    facts: dict[str, Any] = pictured(report, language_of(request)) if report else {}
    return page(
        request, "backtest", name=name, trial=trial, report=report, still=bool(file and tried_key(file) == trial.about.digest), **facts
    )  # fmt: skip


def pictured(report: Report, language: str) -> dict[str, Any]:
    """Return what of a report is shown as pictures."""
    by_day = _by_day(report)
    reasons = sorted(report.reasons.items(), key=lambda one: (-one[1], one[0]))
    return {
        "columns": pictures.columns(by_day), "first": by_day[0][0] if by_day else "", "last": by_day[-1][0] if by_day else "",
        "busiest": max((count for _, count in by_day), default=0),
        "reasons": [(sentence(Reason(reason), language), count) for reason, count in reasons],
        "weeks": [(str(count), weeks) for count, weeks in sorted(report.member_weeks.items())],
        "samples": [(moment(one.time), one) for one in report.samples],
        "reached": max((one.members for one in report.playbooks.values()), default=0),
        "begins": moment(report.begins)[:10], "ends": moment(report.ends)[:10],
    }  # fmt: skip


def _by_day(report: Report) -> Sequence[tuple[str, int]]:
    """Return (day, sends) over the whole time, days without any too; of a long time several days are one."""
    first, last = int(report.begins // DAY_S), int(report.ends // DAY_S)
    step = -(-(last - first + 1) // COLUMNS_MAX)
    counts = [0] * ((last - first) // step + 1)
    for name, sends in report.days.items():
        at = int(datetime.fromisoformat(name).replace(tzinfo=UTC).timestamp() // DAY_S)
        counts[min(max(0, at - first) // step, len(counts) - 1)] += (
            sends  # a day of silence is folded after the last event
        )
    return [(moment((first + number * step) * DAY_S)[:10], count) for number, count in enumerate(counts)]


def tried_key(file: PlaybookFile) -> str:
    """Return what stands for the content of a playbook, however far it may go: a backtest tries it as if it were live."""

    def bare(one: Playbook) -> Playbook:
        return msgspec.structs.replace(one, maturity="shadow", canary=0.0)

    return digest_of(tuple(bare(one) for one in file.playbooks))


ROUTES = (
    Route("/playbooks/{name}/backtest", shown(_backtests, Right.WRITE), methods=["GET"]),
    Route("/playbooks/{name}/backtest", posted(_begin, Right.WRITE), methods=["POST"]),
    Route("/playbooks/{name}/backtest/{trial}", shown(_backtest), methods=["GET"]),
    Route("/playbooks/{name}/backtest/{trial}/cancel", posted(_cancel, Right.WRITE), methods=["POST"]),
)
