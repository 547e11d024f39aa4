"""Small catalogs written for a test, as health looks at them."""

from datetime import date
from pathlib import Path

from resource_catalog.health.content import Content
from resource_catalog.health.findings import Finding
from resource_catalog.health.usage import Usage
from resource_catalog.loader import load

DAY = date(2027, 1, 15)
GUIDE = "title: A guide\nkind: how-to\ntheme: topic\nsummary: It helps.\nowner: ann\nreview_by: 2027-06-01\n"
PLAYBOOK = "id: {name}\nwhen: {{event: post.created}}\noffer: {{resource: {resource}, channels: [{channels}]}}\nbecause: you posted\n"


def play(resource: str = "guide", channels: str = "in_app", more: str = "maturity: live\n") -> str:
    """A playbook that offers a resource; its id is `play.<resource>`."""
    return PLAYBOOK.format(name=f"play.{resource}", resource=resource, channels=channels) + more


def content(
    directory: Path, *playbooks: str, policy: str = "", usage: Usage | None = None, day: date = DAY, **resources: str
) -> Content:
    """A catalog of these resources (`guide_en` is resources/guide.en.md, the text its front matter) and playbooks."""
    for name, text in resources.items():
        stem, _, locale = name.rpartition("_")
        front, _, body = text.partition("---\n")
        _write(
            directory / "resources" / f"{stem.replace('_', '-')}.{locale}.md", f"---\n{front}---\n{body or 'Body'}\n"
        )
    for number, text in enumerate(playbooks):
        _write(directory / "playbooks" / f"{number}.yaml", text)
    if policy:
        _write(directory / "policies" / "policy.yaml", policy)
    _write(directory / "catalog.yaml", "starter: false\n")  # it stands alone
    return Content.of(load(directory), day, usage)


def told(findings: list[Finding]) -> list[str]:
    """Findings as `level check subject: message`."""
    return [f"{one.level} {one.check} {one.subject}: {one.message}" for one in findings]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
