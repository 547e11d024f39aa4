"""`lotse state`: what the log says about one member, folded again from the log itself."""

from typing import Annotated

import msgspec
import typer

from processors.member import NEVER, MemberState
from streams.agents.member import MemberStagePartition
from streams.agents.records import partition_of
from streams.catalog_feed import CatalogFeed
from streams.codec import Codec
from streams.errors import NO, UserError
from streams.log_reader import bounds, read_partition
from streams.settings import load_settings
from streams.topics import ACTIVITY
from streams.verify import Silent


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(state)


def state(member: Annotated[str, typer.Argument(help="<community>/<member>")]) -> None:
    """Print a member's state as JSON: times in epoch seconds, gaps in hours; ids seen are left out."""
    settings = load_settings().settings
    limits = bounds(settings.bootstrap, ACTIVITY, settings.app)
    number = partition_of(member.encode(), len(limits))
    feed = CatalogFeed(settings.bootstrap).load()
    stage = MemberStagePartition(number, len(limits), {}, None, feed, Codec(settings.control()), Silent())
    for record in read_partition(settings.bootstrap, ACTIVITY, number, limits[number][1]):
        stage.fold([record])
        stage.take_outputs()
    found = stage.core.member(member)
    if found == MemberState():
        raise UserError(f"the log knows nothing of {member}; expected <community>/<member>", NO)
    fields = {name: getattr(found, name) for name in found.__struct_fields__}
    shown = {name: value for name, value in fields.items() if not isinstance(value, bytes) and value != NEVER}
    typer.echo(msgspec.json.encode(shown).decode())
