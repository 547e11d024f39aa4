"""The evaluation tasks, by name; loaded when one is asked for."""

from streams.evaluation.task import Task
from streams.evaluation.tasks import conflict, question

_ALL: tuple[Task, ...] = (conflict, question)
TASKS: dict[str, Task] = {task.NAME: task for task in _ALL}
