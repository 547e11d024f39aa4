"""Tasks that are to end are cancelled until they have."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_S = 1.0  # between two cancellations


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait for their end; again and again, since a client of Redis that writes just then forgets it (wait_for of Python 3.11)."""
    late = set(tasks)
    while late:
        for task in late:
            task.cancel()
        _, late = await asyncio.wait(late, timeout=AGAIN_S)
