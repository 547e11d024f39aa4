"""`lotse greetbot`: GreetBot's schedule as playbooks of ours, or as days on which ours keep quiet."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from ruamel.yaml import YAML

from resource_catalog.problems import Problem
from resource_catalog.yaml_text import parse_yaml, read_text
from streams.errors import UserError
from streams.history.lines import given

# What GreetBot offers (greet.bot/help, direct message scheduling), in days after the join.
TIMES = {"instant": 0, **{f"{days} day{'s' if days > 1 else ''}": days for days in range(1, 7)}}
TIMES |= {f"{weeks} week{'s' if weeks > 1 else ''}": weeks * 7 for weeks in range(1, 9)} | {"28 days": 28}
ID, SEGMENT = "greetbot.greeting", "greetbot-day"
SUMMARY_MAX, TITLE_MAX = 400, 120
REVIEW = timedelta(days=180)  # after which the owner looks at the texts again


class Greeting(NamedTuple):
    """One message of GreetBot's: days after the join, and its words."""

    day: int
    title: str
    text: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(greetbot)


def greetbot(
    schedule: Annotated[
        Path, typer.Argument(help="YAML: messages, each with after, title and text; - is standard input.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The catalog directory to write to.")],
    beside: Annotated[
        bool, typer.Option("--beside", help="GreetBot goes on: only note the days on which ours keep quiet.")
    ] = False,
    owner: Annotated[str, typer.Option("--owner", help="Who looks after the texts.")] = "community-team",
    language: Annotated[str, typer.Option("--language", help="Of the texts.")] = "en",
) -> None:
    """Turn GreetBot's schedule into a playbook and its resources, in shadow; or live beside it without doubling it."""
    greetings = read_schedule(Path(given(str(schedule))))
    files = _quiet_days(greetings) if beside else _playbook(greetings, owner, language)
    taken = [str(out / name) for name in files if (out / name).exists()]
    if taken:
        raise UserError(f"{', '.join(taken)}: there already; nothing was written")
    for name, text in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
        typer.echo(f"wrote {out / name}")
    if beside:
        typer.echo(
            f"add to the if of each playbook that must not speak on GreetBot's days:  member.segment: {{none: [{SEGMENT}]}}"
        )
    else:
        typer.echo(
            "try it (lotse playbooks test), set its maturity to live, and switch GreetBot's messages off on the same day"
        )


def read_schedule(path: Path) -> list[Greeting]:
    """Return a schedule's messages by day. Raises `UserError` that says what is wrong and where."""
    problems: list[Problem] = []
    text = read_text(path, problems)
    found = None if text is None else parse_yaml(path, text, problems)
    if problems:
        raise UserError("\n".join(map(str, problems)))
    messages = found.get("messages") if isinstance(found, dict) else None
    if not isinstance(messages, list) or not messages:
        raise UserError(f"{path}: expected messages: a list, each with after, title and text")
    greetings = [_greeting(path, number, one) for number, one in enumerate(messages, 1)]
    days = [one.day for one in greetings]
    if len(set(days)) < len(days):
        raise UserError(f"{path}: two messages at the same time; GreetBot sends one at a time")
    return sorted(greetings)


def _greeting(path: Path, number: int, one: Any) -> Greeting:
    where = f"{path}: message {number}"
    if not isinstance(one, dict) or set(one) - {"after", "title", "text"}:
        raise UserError(f"{where}: expected after, title and text")
    after, title, text = (str(one.get(name, "")).strip() for name in ("after", "title", "text"))
    if after not in TIMES:
        raise UserError(f"{where}: after: expected instant, 1 to 6 days, 1 to 8 weeks or 28 days, found {after!r}")
    if not 0 < len(title) <= TITLE_MAX:
        raise UserError(f"{where}: title: expected 1 to {TITLE_MAX} characters")
    if not 0 < len(text) <= SUMMARY_MAX:
        raise UserError(
            f"{where}: text: expected 1 to {SUMMARY_MAX} characters, found {len(text)}; shorten it, or link to the rest"
        )
    return Greeting(TIMES[after], title, text)


def _quiet_days(greetings: list[Greeting]) -> dict[str, str]:
    days = [one.day for one in greetings]
    segment = {
        "id": SEGMENT, "title": "Members to whom GreetBot speaks today",
        "if": {"any": [{"member.days": day} for day in days]},
    }  # fmt: skip
    return {f"segments/{SEGMENT}.yaml": _yaml(segment)}


def _playbook(greetings: list[Greeting], owner: str, language: str) -> dict[str, str]:
    files, steps, before = {}, [], 0
    for one in greetings:
        resource = f"greetbot-day-{one.day}"
        fields = {
            "title": one.title,
            "kind": "microguide",
            "theme": "onboarding",
            "summary": one.text,
            "owner": owner,
            "review_by": (datetime.now(UTC) + REVIEW).date(),
        }
        files[f"resources/greetbot/{resource}.{language}.md"] = f"---\n{_yaml(fields)}---\n"
        step: dict[str, Any] = {"id": f"day-{one.day}", "offer": {"resource": resource, "channels": ["direct_message"]}}
        if one.day > before:
            step["after"] = f"{one.day - before} days"
        steps.append(step)
        before = one.day
    whole = {
        "id": ID, "describe": "GreetBot's greetings, with our caps, quiet hours and opt-out", "lifecycle": "onboarding",
        "when": {"event": "community.joined"}, "steps": steps, "because": {"en": "you joined this community", "de": "du bist neu hier"},
        "goal": {"event": "post.created", "within": f"{max(1, before)} days"}, "exit": {"event": "community.left"},
        "limits": {"once_per": "member", "expires": "2 days", "priority": "low"}, "maturity": "shadow", "owner": owner,
    }  # fmt: skip
    return {f"playbooks/{ID}.yaml": _yaml(whole), **files}


def _yaml(value: Any) -> str:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.sort_base_mapping_type_on_output = False, False  # type: ignore[assignment]
    stream = StringIO()
    writer.dump(value, stream)
    return stream.getvalue()
