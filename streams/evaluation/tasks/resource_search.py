"""Does the catalog's search find the resource that answers a question, and say "none" where there is none?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from processors.playbooks.catalog_search import CatalogSearch
from processors.playbooks.resources import Localised, Resource
from streams.evaluation.figures import ratio
from streams.evaluation.reading import catalog_of, items
from streams.evaluation.task import Figures, Options

NAME = "resource-search"
READS = "{question, answers: [...]}: ids of resources, or titles that become resources ([]: no answer), or {faq, paraphrase}"
KEYS: tuple[str, ...] = (
    "questions", "answerable", "precision", "recall", "wrong", "none_precision", "none_recall", "answered_without",
)  # fmt: skip


class _Asked(NamedTuple):
    question: str
    answers: frozenset[str]


def evaluate(files: Sequence[Path], options: Options) -> Figures:
    """Ask each question of a catalog that holds all answers; then those with answers again, without them.

    The second time, and for questions without answers, "none" is right. `precision` is over all resources given, both times;
    `wrong` counts those given while the right one was there, `answered_without` those given while it was not.
    """
    asked = items(files, _asked, "question and answers (or faq and paraphrase)")
    shipped = catalog_of(options.catalog).resources
    known = {one.id for one in shipped}
    titles = sorted({answer for one in asked for answer in one.answers} - known)
    search = CatalogSearch([*shipped, *(Resource(one, "how-to", "faq", {"en": Localised(one, "")}) for one in titles)])
    with_answer = [one for one in asked if one.answers]
    there = [(one, search.answer(one.question)) for one in with_answer]
    gone = [search.answer(one.question, one.answers) for one in with_answer]
    gone += [search.answer(one.question) for one in asked if not one.answers]
    right = sum(match is not None and match.resource in one.answers for one, match in there)
    given = sum(match is not None for _, match in there)
    answered, missed = sum(match is not None for match in gone), len(there) - given
    nones = len(gone) - answered
    return {
        "questions": len(asked),
        "answerable": len(there),
        "precision": ratio(right, given + answered),
        "recall": ratio(right, len(there)),
        "wrong": given - right,
        "none_precision": ratio(nones, nones + missed),
        "none_recall": ratio(nones, len(gone)),
        "answered_without": answered,
    }


def _asked(row: dict[str, Any]) -> _Asked | None:
    question, answers = row.get("question", row.get("paraphrase")), row.get("answers")
    if answers is None and isinstance(row.get("faq"), str):
        answers = [row["faq"]]
    if not isinstance(question, str) or not isinstance(answers, list):
        return None
    return _Asked(question, frozenset(map(str, answers)))
