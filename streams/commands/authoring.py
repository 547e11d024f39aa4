"""`lotse init` and `lotse playbooks preview`: a catalog of one's own, and a message as the member would see it."""

import shlex
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import orjson
import typer

from processors.playbooks.wording import ADDRESSES, TONES
from resource_catalog.starter import FIRST, Start, starter_files
from streams.catalog.preview import Asked, preview_of, shown
from streams.commands.content import ChosenCatalog, chosen, playbooks_app
from streams.commands.history import loaded as load_or_tell
from streams.commands.options import JsonOption
from streams.errors import UserError

LANGUAGES = ("en", "de")


def register(app: typer.Typer) -> None:
    """Add the commands; `preview` stands under `lotse playbooks`, which is there by now."""
    app.command()(init)


def init(
    directory: Annotated[Path, typer.Argument(help="A new or empty directory.")],
    community: Annotated[str, typer.Option("--community", help="What the community is called.")] = "",
    language: Annotated[str, typer.Option("--language", help=f"{' or '.join(LANGUAGES)}.")] = "en",
    tone: Annotated[str, typer.Option("--tone", help=f"{', '.join(TONES)}.")] = "plain",
    address: Annotated[str, typer.Option("--address", help="German: informal (du) or formal (Sie).")] = "informal",
    timezone: Annotated[
        str, typer.Option("--timezone", help="Where most members live, such as Europe/Berlin.")
    ] = "UTC",
) -> None:
    """Begin a catalog of your own, over the shipped starter content; two playbooks, both in shadow."""
    for option, value, choices in (
        ("--language", language, LANGUAGES), ("--tone", tone, TONES), ("--address", address, ADDRESSES),
        ("--timezone", timezone, tuple(sorted(available_timezones()))),
    ):  # fmt: skip
        _expect(option, value, choices)
    start = Start(community.strip() or directory.resolve().name, language, tone, address, timezone)
    try:
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise UserError(
                f"{directory}: expected a new or an empty directory, so that nothing of yours is overwritten"
            )
        for name, content in starter_files(start, datetime.now(UTC).date()).items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise UserError(f"{directory} cannot be written ({error.strerror})") from None
    where = shlex.quote(str(directory))
    typer.echo(
        f"{directory}: a catalog over the starter content, all in shadow; read its README.md\n"
        f"next: lotse catalog lint --catalog {where}\n"
        f"      lotse playbooks test {FIRST} --catalog {where}\n"
        f"      lotse playbooks preview {FIRST} --catalog {where} --channel in_app --locale {language}"
    )


@playbooks_app.command()
def preview(
    playbook: Annotated[str, typer.Argument(help="The playbook; of a sequence <id>:<step>, or <id> for the first.")],
    channel: Annotated[str, typer.Option("--channel", help="in_app, direct_message, email, thread, pinned or staff.")],
    locale: Annotated[str, typer.Option("--locale", help="The member's language, such as en or de-AT.")] = "en",
    role: Annotated[str, typer.Option("--role", help="The member's role, for variants.")] = "",
    region: Annotated[str, typer.Option("--region", help="The member's region, for variants.")] = "",
    interest: Annotated[
        list[str] | None, typer.Option("--interest", help="An interest of theirs, for variants.")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="A fact for a place in the text, such as signal.days=5.")
    ] = None,
    community: Annotated[str, typer.Option("--community", help="Whose policy rules; else that of *.")] = "*",
    catalog: ChosenCatalog = None,
    json: JsonOption = False,
) -> None:
    """Show the message of a playbook as a member would see it: words, reason, link, answers."""
    facts = dict(_fact(one) for one in fact or [])
    bundle = load_or_tell(chosen(catalog)).bundle
    asked = Asked(playbook, channel, locale, role, region, tuple(interest or ()), facts, community)
    found = preview_of(bundle, asked)
    typer.echo(orjson.dumps(found._asdict()).decode() if json else shown(found))


def _fact(text: str) -> tuple[str, str]:
    path, equals, value = text.partition("=")
    if not equals or "." not in path:
        raise UserError(f"--fact: expected <fact>=<value>, such as signal.days=5; found {text!r}")
    return path.strip(), value.strip()


def _expect(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        near = get_close_matches(value, choices, 1)
        hint = (
            f"; did you mean {near[0]}?"
            if near
            else (f"; expected one of {', '.join(choices)}" if len(choices) < 9 else "")
        )
        raise UserError(f"{option}: no such choice: {value!r}{hint}")
