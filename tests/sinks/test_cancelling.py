"""Whoever forgets that it was cancelled is cancelled again, and its end is waited for."""

import asyncio

import pytest

from sinks import cancelling


async def goes_on(cancellations: int) -> int:
    """Forget that many cancellations, and end with the next; return how many there were."""
    for number in range(cancellations):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
        return number
    await asyncio.Event().wait()
    return cancellations


def test_who_forgets_is_cancelled_again_until_all_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether at once, the third time, or long ago."""
    monkeypatch.setattr(cancelling, "AGAIN_S", 0.0)

    async def ended() -> list[bool]:
        tasks = [asyncio.create_task(one) for one in (goes_on(0), goes_on(2), asyncio.sleep(0))]
        await asyncio.sleep(0)
        await cancelling.end(tasks)
        await cancelling.end([])
        return [task.done() for task in tasks]

    assert asyncio.run(ended()) == [True] * 3
