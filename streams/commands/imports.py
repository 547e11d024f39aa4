"""`lotse import`: history from the exports of platforms."""

from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated

import orjson
import typer

from streams.commands.options import JsonOption
from streams.errors import UserError
from streams.gateway.mapping_file import read_mapping
from streams.history.lines import STANDARD_INPUT
from streams.imports import FORMATS, MAPPED
from streams.imports.log import Written, write_history
from streams.imports.run import Counts, Import, run
from streams.settings import load_settings
from streams.telemetry.progress import progress

REASONS_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_files)


def import_files(
    source: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")],
    files: Annotated[list[Path], typer.Argument(help="Exports: files, folders or zips; - is standard input.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the history goes: JSON lines for lotse replay and backtest.")
    ] = None,
    to_log: Annotated[
        bool, typer.Option("--to-log", help="Write its last four weeks into the member log too, marked as a replay.")
    ] = False,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="A mapping file (YAML) for csv and jsonl.")] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="Where what cannot be read goes; else OUT.rejects.jsonl.")
    ] = None,
    community: Annotated[str, typer.Option(help="Name of the community; else LOTSE_COMMUNITY.")] = "",
    json: JsonOption = False,
) -> None:
    """Import history. What was cut short goes on when the same is run again. Exit 0 also where parts were rejected, 2 where all was."""
    settings = load_settings().settings
    town = community or settings.community
    if source not in FORMATS:
        raise UserError(f"no format {source}; there are {', '.join(FORMATS)}")
    if mapping is not None and source not in MAPPED:
        raise UserError(f"--mapping: only for {', '.join(MAPPED)}")
    if files.count(Path("-")) > 1:
        raise UserError("-: standard input is read but once; name it once")
    if out is None and not to_log:
        raise UserError("where to? expected --out FILE, --to-log, or both")
    if "/" in town or town.startswith("@"):
        raise UserError(f"--community {town}: expected a name without / that does not begin with @")
    rules = read_mapping(mapping) if mapping else None
    with TemporaryDirectory(prefix="lotse-import-") as folder:
        target = out or Path(folder) / "history.jsonl"
        left = rejects or (target.with_name(target.name + ".rejects.jsonl") if out else Path("import.rejects.jsonl"))
        given = [_from_input(Path(folder)) if str(one) == "-" else one for one in files]
        work = Import(format=source, files=given, out=target, rejects=left, community=town, mapping=rules)
        with progress("importing", quiet=json) as report:
            counts, resumed = run(work, lambda done: report(done, done))
        written = None
        if to_log and counts.written:
            with progress("writing", quiet=json) as report:
                written = write_history(settings, target, town, lambda done: report(done, counts.written))
    _tell(work, counts, written, out, resumed=resumed, json=json)
    if counts.read == counts.rejected and not resumed:
        named = ", ".join(map(str, files))
        raise UserError(
            f"{named}: nothing in it could be read as {source}; is it of that format? lotse import --help names all"
        )


def _from_input(folder: Path) -> Path:
    """Keep what comes by standard input in a file, for an export is read from the front more than once."""
    kept = folder / "standard-input"
    with Path(STANDARD_INPUT).open("rb") as source, kept.open("wb") as file:
        copyfileobj(source, file)
    return kept


def _tell(
    work: Import, counts: Counts, written: Written | None, out: Path | None, *, resumed: bool, json: bool
) -> None:
    if json:
        told = {
            "format": work.format, "read": counts.read, "written": counts.written, "skipped": counts.skipped, "rejected": counts.rejected,
            "why": counts.why, "out": str(out) if out else None, "rejects": str(work.rejects) if counts.rejected else None,
            "resumed": resumed, "log": written._asdict() if written else None,
        }  # fmt: skip
        typer.echo(orjson.dumps(told).decode())
        return
    typer.echo(f"{counts.read} read: {counts.written} written, {counts.skipped} skipped, {counts.rejected} rejected")
    for reason, times in sorted(counts.why.items(), key=lambda one: -one[1])[:REASONS_SHOWN]:
        typer.echo(f"  {times} {reason}")
    if counts.rejected:
        typer.echo(f"what was rejected, and why: {work.rejects}")
    if written is not None:
        typer.echo(f"{written.written} events into the member log, {written.too_old} too old for it")
