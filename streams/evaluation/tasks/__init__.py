"""The evaluation tasks, by name; loaded when one is asked for."""

from streams.evaluation.task import Task
from streams.evaluation.tasks import conflict, drop_off, everything, onboarding, question

_ALL: tuple[Task, ...] = (conflict, drop_off, everything, onboarding, question)
TASKS: dict[str, Task] = {task.NAME: task for task in _ALL}
