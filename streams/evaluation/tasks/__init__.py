"""The evaluation tasks, by name; loaded when one is asked for."""

from streams.evaluation.task import Task
from streams.evaluation.tasks import question, unanswered

_ALL: tuple[Task, ...] = (question, unanswered)
TASKS: dict[str, Task] = {task.NAME: task for task in _ALL}
