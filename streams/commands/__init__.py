"""The subcommands of `lotse`, one module a topic."""

import typer

from streams.commands import (
    addresses,
    authoring,
    backtest,
    calendar,
    capacity,
    catalog_health,
    check_events,
    console,
    content,
    control,
    deliver,
    doctor,
    evaluate,
    gaps,
    gateway,
    greetbot,
    history,
    identity,
    imports,
    inspect,
    journeys,
    maturity,
    measure,
    operate,
    pages,
    sources,
    state,
    suggestions,
    weekly,
)
from streams.errors import EXIT_CODES_TOLD

app = typer.Typer(
    name="lotse",
    help="Brings members of online communities the right resource at the right moment, and is careful about not sending.",
    epilog=EXIT_CODES_TOLD,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
history.register(app)
content.register(app)
operate.register(app)
inspect.register(app)
deliver.register(app)
control.register(app)
doctor.register(app)
state.register(app)
evaluate.register(app)
backtest.register(app)
sources.register(app)
measure.register(app)
capacity.register(app)
gaps.register(app)
gateway.register(app)
identity.register(app)
imports.register(app)
calendar.register(app)
pages.register(app)
catalog_health.register(app)
authoring.register(app)
journeys.register(app)
maturity.register(app)
suggestions.register(app)
weekly.register(app)
addresses.register(app)
greetbot.register(app)
console.register(app)
check_events.register(app)
