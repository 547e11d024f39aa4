"""A report as one HTML file or as Markdown: no script, nothing loaded from elsewhere."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from processors.decisions import Reason
from streams.explanation.story import sentence
from streams.report import words
from streams.report.build import Report

_HTML = Environment(loader=PackageLoader("streams", "report"), autoescape=True, undefined=StrictUndefined)
_MARKDOWN = Environment(
    loader=PackageLoader("streams", "report"), autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,  # noqa: S701  (text, not HTML)
)  # fmt: skip


def html(report: Report) -> str:
    """Return the report as a page; names are escaped."""
    return _HTML.get_template("page.html.j2").render(report=report, words=words, day=words.day, why=_why)


def markdown(report: Report) -> str:
    """Return the report as Markdown, for a weekly message; what could be read as markup in a name is escaped."""
    return _MARKDOWN.get_template("page.md.j2").render(
        report=report, words=words, day=words.day, why=_why, plain=_plain
    )


def _why(reason: str) -> str:
    return sentence(Reason(reason))


def _plain(text: str) -> str:
    return "".join("\\" + letter if letter in "\\`*_[]<>|#" else letter for letter in text)
