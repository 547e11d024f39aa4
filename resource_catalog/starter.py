"""A community's own catalog, begun: a few resources, two playbooks in shadow, policy and tone, to be changed."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from resource_catalog.playbook_schema import files as schemas

TEMPLATE = Path(__file__).with_name("starter_files")
FIRST = "welcome.where-things-are"
REVIEW_DAYS = 182  # until somebody looks at the new pages again


class Start(NamedTuple):
    """What a community says of itself at the beginning."""

    community: str
    language: str = "en"
    tone: str = "plain"
    address: str = "informal"
    timezone: str = "UTC"


def starter_files(start: Start, today: date) -> dict[str, bytes]:
    """Return path (relative) and content of each file of a new catalog."""
    values = {
        "{community}": start.community,
        "{language}": start.language,
        "{tone}": start.tone,
        "{address}": start.address,
        "{timezone}": start.timezone,
        "{review_by}": (today + timedelta(days=REVIEW_DAYS)).isoformat(),
        "{first}": FIRST,
    }
    found = {}
    for path in sorted(path for path in TEMPLATE.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        for place, value in values.items():
            text = text.replace(place, value)
        found[path.relative_to(TEMPLATE).as_posix()] = text.encode()
    return found | {f".lotse/{name}": content for name, content in schemas().items()}
