"""The evaluation tasks, by name; loaded when one is asked for."""

from streams.evaluation.task import Task
from streams.evaluation.tasks import distress, distress_chat, distress_user, question

_ALL: tuple[Task, ...] = (distress, distress_chat, distress_user, question)
TASKS: dict[str, Task] = {task.NAME: task for task in _ALL}
