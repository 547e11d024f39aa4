"""A receiver of webhooks on loopback that answers from a script."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from multidict import CIMultiDict


class Hook:
    """Answers one (status, headers) after the other, the last one for ever; `received` keeps (headers, body)."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        self._answers = list(answers) or [(200, {})]
        self.received: list[tuple[CIMultiDict[str], str]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Keep what came and give the next answer; status 0 cuts the connection, -1 never answers."""
        self.received.append((request.headers.copy(), await request.text()))
        status, headers = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if status == -1:
            await asyncio.Event().wait()
        if status == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status or 200, headers=headers)


@asynccontextmanager
async def running_hook(*answers: tuple[int, dict[str, str]]) -> AsyncIterator[Hook]:
    """Serve a hook on a free port."""
    hook = Hook(*answers)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", hook.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hook.url = f"http://localhost:{runner.addresses[0][1]}/hook"
        yield hook
    finally:
        await runner.cleanup()
