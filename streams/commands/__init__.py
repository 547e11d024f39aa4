"""The subcommands of `lotse`, one module a topic."""

import typer

from streams.commands import content, deliver, doctor, evaluate, history, inspect, operate, state
from streams.errors import EXIT_CODES

EPILOG = "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items()) + "."

app = typer.Typer(
    name="lotse",
    help="Brings members of online communities the right resource at the right moment, and is careful about not sending.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
history.register(app)
content.register(app)
operate.register(app)
inspect.register(app)
deliver.register(app)
doctor.register(app)
state.register(app)
evaluate.register(app)
