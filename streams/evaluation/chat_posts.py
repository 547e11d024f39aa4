"""Lines of a chat log as the community stage gets them."""

from processors.text.question import QuestionKind, question_kind
from processors.threads import ThreadPost
from streams.evaluation.reading import Line

COMMUNITY = "chat"


def thread_post(line: Line) -> ThreadPost:
    """Return the line as words in a channel without threads; lines marked `question: true` are questions whatever they say."""
    asked = line.row.get("question") is True or question_kind(line.text) is QuestionKind.OWN_NEED
    return ThreadPost(line.id, "post", f"{COMMUNITY}/{line.author}", line.channel, "", line.text, line.ts, asked)


def watermark(time: float) -> ThreadPost:
    """Return the record by which the member stage says that everything before `time` was handed over."""
    return ThreadPost(f"w/{time:.3f}", "watermark", time=time)


def _targets(line: Line) -> list[str]:
    """Return the ids that a line answers; one may stand without a list."""
    targets = line.row.get("replies_to")
    if isinstance(targets, str):
        return [targets]
    return [str(target) for target in targets] if isinstance(targets, list) else []


def never_answered(log: list[Line]) -> dict[str, bool]:
    """Return, for each line marked `question: true`, whether no line by somebody else has it in `replies_to`."""
    authors = {line.id: line.author for line in log}
    answered = {target for line in log for target in _targets(line) if authors.get(target) != line.author}
    return {line.id: line.id not in answered for line in log if line.row.get("question") is True}
