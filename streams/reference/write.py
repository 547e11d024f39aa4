"""Writes all references anew: `python -m streams.reference.write`."""

from pathlib import Path

import orjson

from streams.reference import (
    asyncapi,
    asyncapi_page,
    command_line_page,
    commands_page,
    events_page,
    reasons_page,
    settings_page,
)

FOLDER = Path(__file__).parent


def references() -> dict[str, str]:
    """Return file name and content of each."""
    document = asyncapi.document()
    return {
        "settings.md": settings_page.page(),
        "events.md": events_page.page(),
        "commands.md": commands_page.page(),
        "reasons.md": reasons_page.page(),
        "command-line.md": command_line_page.page(),
        "asyncapi.json": orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n",
        "asyncapi.html": asyncapi_page.page(document) + "\n",
    }


if __name__ == "__main__":
    for name, content in references().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
