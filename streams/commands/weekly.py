"""`lotse weekly`: three names with a reason each for a personal message by a person, and a line to begin with."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from processors.community_partition import CommunityPartition
from processors.loop import Loop
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import EMPTY, Catalog
from processors.playbooks.message import localised
from processors.playbooks.resources import Resource
from processors.playbooks.wording import worded
from processors.weekly import NAMES, Name, names
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.commands.content import ChosenCatalog, chosen
from streams.commands.history import compiled, read_all
from streams.commands.options import JsonOption
from streams.printing import printable
from streams.proof.snapshot import restore
from streams.servers.log_reader import partition_count
from streams.settings import load_settings
from streams.topics import ACTIVITY, THREADS

MOST = 20  # more names than a person writes to in a week are a mailing list
# The resource whose summary is the line to begin with, by reason; one of the same id in a catalog of one's own takes its place.
LINES = {
    "newcomer": "personal-newcomer",
    "unanswered": "personal-unanswered",
    "drop_off": "personal-not-here",
    "thanks": "personal-thanks",
}


class Suggested(msgspec.Struct, frozen=True):
    """A name as it is shown: the member, the reason as a word and as a sentence, its numbers, and a line in the member's language."""

    member: str
    why: str
    reason: str
    evidence: dict[str, float | int]
    locale: str
    line: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(weekly)


def weekly(
    history: Annotated[
        list[Path] | None,
        typer.Option("--history", help="Look at histories, folded without a broker, as of their last event."),
    ] = None,
    most: Annotated[int, typer.Option("--names", min=1, max=MOST, help="How many names a community.")] = NAMES,
    catalog: ChosenCatalog = None,
    community: Annotated[str, typer.Option(help="Name of the community of chat lines.")] = "history",
    json: JsonOption = False,
) -> None:
    """Name three members of each community to write to in person this week, with the reason and a line to begin with.

    A newcomer whose question waits, a regular who is silent for longer than usual, somebody to thank, a question that waits.
    Nothing is sent. Not named are bots, the team, minors, and whoever wished for quiet.
    """
    ruling = compiled(chosen(catalog))
    found = _of_history(history, ruling, community, most) if history else _of_deployment(most)
    told = {name: [_suggested(one, ruling) for one in ones] for name, ones in found.items()}
    if json:
        typer.echo(msgspec.json.encode({"communities": told}).decode())
        return
    for name, ones in told.items():
        if ones:
            Console().print(_table(name, ones))
        else:
            typer.echo(f"{printable(name)}: nobody to name this week")
    if not told:
        typer.echo("no members are known yet")


def sentence(name: Name) -> str:
    """Return why, with the numbers that speak for it."""
    known = name.evidence
    match name.why:
        case "newcomer":
            days = "a day" if known["days"] == 1 else f"{known['days']} days"
            return f"new for {days}, and a question has waited for {known['hours']} hours"
        case "unanswered":
            return f"a question has waited for {known['hours']} hours"
        case "drop_off":
            away, usual, share = known["silent_days"], known["usual_days"], known["chance"]
            return f"silent for {away} days, usually back within {usual}; {share:.0%} likely to stay away for 30 more"
        case "thanks":
            questions = "1 question" if known["answers"] == 1 else f"{known['answers']} questions"
            return f"answered {questions} of others this week; {known['accepted']} answers accepted so far"


def _of_history(files: list[Path], ruling: Catalog, community: str, most: int) -> dict[str, list[Name]]:
    loop = Loop(ruling, lambda _decision: None, lambda _command: None)
    events = read_all(files, community)
    for event in events:
        loop.feed(event)
    if events:
        loop.advance_to(events[-1].time)
    return loop.weekly(most)


def _of_deployment(most: int) -> dict[str, list[Name]]:
    """Return the names as of the last checkpoint of both stages."""
    settings = load_settings().settings
    bootstrap, app = settings.bootstrap, settings.app
    partitions = partition_count(bootstrap, ACTIVITY)
    members = []
    for number in range(partitions):
        part, states = restore(bootstrap, app, MemberStage.name, number)
        members.append(MemberPartition(number, states, part.shared, lambda _hash: EMPTY))
    communities = []
    for number in range(partition_count(bootstrap, THREADS)):
        part, states = restore(bootstrap, app, CommunityStage.name, number)
        communities.append(CommunityPartition(number, states, part.shared, partitions))
    return names(members, communities, most)


def _suggested(name: Name, catalog: Catalog) -> Suggested:
    policy = catalog.policy(name.member.partition("/")[0])
    locale, line = "", ""
    resource = catalog.resources.get(catalog.current(LINES[name.why]))
    if isinstance(resource, Resource) and not resource.retired:
        locale, text = localised(resource, name.locale, policy.locale)
        line = worded(text.tones, text.summary, policy.tone, policy.address, grave=False)
    return Suggested(name.member, name.why, sentence(name), name.evidence, locale, line)


def _table(community: str, found: list[Suggested]) -> Table:
    table = Table("write to", "because", "a line to begin with", title=f"This week in {escape(printable(community))}")
    for one in found:
        table.add_row(*(escape(printable(cell)) for cell in (one.member, one.reason, one.line)))
    return table
