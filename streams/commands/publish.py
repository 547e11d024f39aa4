"""`lotse catalog publish`: the catalog as it stands in files, to what runs."""

from typing import Annotated

import orjson
import typer

from streams.catalog.versions import publish_by
from streams.commands.content import ChosenCatalog, catalog_app, chosen
from streams.commands.history import loaded
from streams.commands.options import JsonOption
from streams.settings import load_settings


def register(_app: typer.Typer) -> None:
    """Nothing more: the command stands under `lotse catalog`, which is there by now."""


@catalog_app.command()
def publish(
    catalog: ChosenCatalog = None,
    author: Annotated[str, typer.Option("--author", help="Who publishes it; lotse catalog history shows it.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, in a few words.")] = "",
    json: JsonOption = False,
) -> None:
    """Publish the catalog whole; running workers obey it within seconds."""
    settings = load_settings().settings
    content_hash = publish_by(settings, loaded(chosen(catalog)).bundle, author, reason)
    typer.echo(orjson.dumps({"hash": content_hash}).decode() if json else f"published {content_hash}")
