"""What an owner makes of the group's word."""

import asyncio
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.runtime.membership import Verdict
from streams.runtime.observer import SilentObserver
from streams.runtime.ownership import Ownership
from streams.runtime.partition import Tools
from streams.runtime.reader import LogReader
from streams.runtime.settings import EngineSettings
from streams.runtime.stores import MemoryStore

SOURCE = TopicPartition("source", 0)


class Lane:
    """Where one claim went."""

    put = 1

    def __init__(self, offset: int) -> None:
        self.last_offset = offset


class Writer:
    """Acknowledges claims at once, as the only ones in their changelog."""

    def __init__(self) -> None:
        self._offsets = count()

    def put(self, *_: object) -> Lane:
        return Lane(next(self._offsets))

    async def acknowledged(self, _lanes: object) -> None:
        """All is."""


class Group:
    """Answers commits as a test says."""

    def __init__(self, *verdicts: Verdict) -> None:
        self._verdicts = list(verdicts)

    async def commit(self, _offsets: object) -> Verdict:
        return self._verdicts.pop(0)


class Checkpointer:
    """Holds what is opened, and has nothing to cut."""

    def __init__(self) -> None:
        self.runs: dict[TopicPartition, Any] = {}
        self.committed: dict[TopicPartition, int] = {}

    async def checkpoint(self) -> None:
        """Nothing to cut."""


def an_owner(*verdicts: Verdict) -> tuple[Ownership, Checkpointer]:
    settings = EngineSettings(bootstrap="nowhere:1", application="app", worker="w1")
    writer, group, checkpointer = Writer(), Group(*verdicts), Checkpointer()
    stage = SimpleNamespace(name="members", source=SOURCE.topic, open=lambda *_: SimpleNamespace())
    known: Any = SimpleNamespace(stages={SOURCE.topic: stage}, writer=writer, group=group, checkpointer=checkpointer)
    silent: Any = SimpleNamespace(reached=lambda _point: None)
    tools = Tools(settings, known.writer, LogReader(settings), SilentObserver(), asyncio.Event())
    owner = Ownership(
        known.stages, {"members": "changelog"}, lambda *_: MemoryStore(), tools, known.group, known.checkpointer, silent, silent,
    )  # fmt: skip
    return owner, checkpointer


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.REBALANCING])
@pytest.mark.parametrize("given_up", [False, True])
def test_what_the_group_refuses_is_not_opened_and_remembered_until_it_speaks_again(
    verdict: Verdict, *, given_up: bool
) -> None:
    """A revocation or the next assignment is its word; without any, the watchdog ends a worker that holds nothing."""

    async def story() -> None:
        owner, checkpointer = an_owner(verdict, Verdict.ACCEPTED)
        await owner.take_over([SOURCE])
        assert checkpointer.runs == {}
        assert owner.refused_at is not None
        if given_up:
            await owner.give_up(5)
        else:
            await owner.take_over([SOURCE])
            assert list(checkpointer.runs) == [SOURCE]
            await checkpointer.runs[SOURCE].stop()
        assert owner.refused_at is None

    asyncio.run(story())
