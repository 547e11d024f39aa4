"""The skeleton of a resource for a content gap: what is known is filled in, what a person must write is marked."""

from typing import NamedTuple

import msgspec

from processors.community.content_gaps import Gap
from resource_catalog.resource_file import SUMMARY_MAX

ANSWERED_BY = {
    "": "by somebody",
    "somebody": "by somebody",
    "helper": "by a helper or moderator",
    "accepted": "accepted by who asked",
}


class Draft(NamedTuple):
    """What the skeleton of a kind of gap says: the resource's kind, its theme, title, summary and text to write, the counts in words."""

    kind: str
    theme: str
    title: str
    text: str
    counts: str


DRAFTS = {
    "asked": Draft("how-to", "faq", "the question, in the words people use", "the steps, or the answer in full.",
                   "asked {asks} times"),
    "explained": Draft("how-to", "faq", "what is explained, as a question", "the explanation in full.", "explained {asks} times"),
    "stuck": Draft("checklist", "onboarding", "the step {about}, and how it is done", "what is in the way at this step, and who helps.",
                   "{asks} times somebody got stuck at {about}"),
    "searched": Draft("microguide", "faq", "what they look for: {about}", "what they look for, or where it is.",
                      "searched for {asks} times, nothing clicked: {about}"),
    "lost": Draft("microguide", "lost", "finding your way: {about}", "what confuses people there, and the way out.",
                  "{asks} times somebody was lost at {about}"),
}  # fmt: skip


def skeleton(gap: Gap) -> str:
    """Return a Markdown resource with places to fill in; it loads as it is."""
    draft = DRAFTS[gap.kind]
    told = {"asks": gap.asks, "about": _comment_safe(gap.about)}
    source = gap.answer_thread or gap.answer
    return "\n".join(
        (
            "---",
            f"title: {_quoted('TODO ' + draft.title.format(**told))}",
            f"kind: {draft.kind}",
            f"theme: {draft.theme}",
            "summary: >-",
            f"  TODO the answer in a paragraph of at most {SUMMARY_MAX} characters; this is what is sent.",
            *(
                ("steps:", "  - TODO the first thing to do", "  - TODO the next one")
                if draft.kind == "checklist"
                else ()
            ),
            "answers:",
            "  - TODO the question as one member asked it",
            "  - TODO as another one asked it",
            "owner: TODO",
            *((f"source: {_quoted(source)}",) if source else ()),
            "search: never  # TODO remove this line when the page is finished: from then on it answers",
            "---",
            f"<!-- gap {gap.id}: {draft.counts.format(**told)}, by {gap.members} members in four weeks, {gap.week} times this week -->",
            f"TODO {draft.text}",
            "",
            *_evidence(gap),
        )
    )


def _evidence(gap: Gap) -> list[str]:
    """Return where to look, the best answer first."""
    lines = []
    if gap.resource:
        lines += [
            f"There is a page already, which was not found: {gap.resource}. Would its title or `answers` in their words do?",
            "",
        ]
    if gap.answer_thread or gap.answer:
        where = " in ".join(
            filter(None, (gap.answer and f"post {gap.answer}", gap.answer_thread and f"thread {gap.answer_thread}"))
        )
        lines += [f"Best answer so far ({ANSWERED_BY[gap.answered_by]}): {where}", ""]
    found = [f"- {one}" for one in gap.threads] or [f"- {one}" for one in gap.posts]
    return [*lines, "Collected from these threads:" if gap.threads else "Collected from these events:", *found, ""]


def _quoted(text: str) -> str:
    """Return text as a YAML value, whatever it holds: JSON is YAML."""
    return msgspec.json.encode(text).decode()


def _comment_safe(text: str) -> str:
    return text.replace("--", "- -").replace("{", "").replace("}", "")
