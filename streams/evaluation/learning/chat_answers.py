"""Weights of `processors.community.chat_answers`, from logs in which people marked who answers whom (irc-disentanglement, CC-BY-4.0).

`python -m streams.evaluation.learning.chat_answers FOLDER` reads FOLDER/irc-ubuntu/train.jsonl.gz.
"""

import sys
from pathlib import Path

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression

from processors.community import chat_answers
from processors.community.chat_answers import FEATURES, Weights
from processors.community.open_questions import OpenQuestions
from processors.community.state import OpenQuestion
from streams.evaluation.chat_posts import thread_post
from streams.evaluation.reading import Line, chat_logs

OUT = Path(chat_answers.__file__).parent / "text" / "weights" / "chat_answers.json"
LEAST = 0.5  # probability that some line was an answer, from which a question is answered: best F1 of "never answered" over the logs


def examples(log: list[Line]) -> list[tuple[tuple[int, ...], bool]]:
    """Return features and truth of each line while marked questions of the log are open; the truth closes them."""
    marked = {line.id for line in log if line.row.get("question") is True}
    found: list[tuple[tuple[int, ...], bool]] = []
    replies: frozenset[str] = frozenset()

    def judge(question: OpenQuestion, values: tuple[int, ...]) -> bool:
        answers = question.event in replies
        if question.event in marked:
            found.append((values, answers))
        return answers

    open_questions = OpenQuestions([], judge=judge)
    for number, line in enumerate(one for one in log if one.spoken):
        post, replies = thread_post(line), frozenset(line.row.get("replies_to") or ())
        open_questions.answered_by(post)
        if post.question:
            open_questions.add(post, number)
    return found


def main() -> None:
    """Learn, and write the weights."""
    logs = chat_logs([Path(sys.argv[1]) / "irc-ubuntu" / "train.jsonl.gz"])
    seen = [one for log in logs for one in examples(log)]
    model = LogisticRegression(max_iter=3000).fit(np.array([values for values, _ in seen]), [so for _, so in seen])
    thousandths = [round(float(weight) * 1000) for weight in model.coef_[0]]
    least = round(-float(np.log(1 - LEAST)) * 1000)
    weights = Weights("2", tuple(thousandths), round(float(model.intercept_[0]) * 1000), least)
    OUT.write_bytes(msgspec.json.format(msgspec.json.encode(weights)) + b"\n")
    for name, weight in zip(FEATURES, thousandths, strict=True):
        sys.stdout.write(f"{weight:6} {name}\n")


if __name__ == "__main__":
    main()
