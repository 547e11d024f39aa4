"""The evaluation tasks, by name; loaded when one is asked for."""

from streams.evaluation.task import Task
from streams.evaluation.tasks import drop_off, question

_ALL: tuple[Task, ...] = (drop_off, question)
TASKS: dict[str, Task] = {task.NAME: task for task in _ALL}
