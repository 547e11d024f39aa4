"""The evaluation tasks, by name; loaded when one is asked for."""

from streams.evaluation.task import Task
from streams.evaluation.tasks import duplicate_pairs, question, reask, similar_questions, unanswered

_ALL: tuple[Task, ...] = (question, reask, similar_questions, duplicate_pairs, unanswered)
TASKS: dict[str, Task] = {task.NAME: task for task in _ALL}
