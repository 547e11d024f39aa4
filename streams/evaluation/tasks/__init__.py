"""The evaluation tasks, by name; loaded when one is asked for."""

from streams.evaluation.task import Task
from streams.evaluation.tasks import (
    conflict,
    distress,
    distress_chat,
    distress_user,
    drop_off,
    duplicate_pairs,
    everything,
    onboarding,
    question,
    reask,
    resource_search,
    similar_questions,
    unanswered,
)

_ALL: tuple[Task, ...] = (
    conflict,
    distress,
    distress_chat,
    distress_user,
    drop_off,
    duplicate_pairs,
    everything,
    onboarding,
    question,
    reask,
    resource_search,
    similar_questions,
    unanswered,
)
TASKS: dict[str, Task] = {task.NAME: task for task in _ALL}
