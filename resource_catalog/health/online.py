"""Asks other places whether a link still leads somewhere: only on request, so many at a time, each for so long, never more than so many."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import aiohttp

from resource_catalog.health.findings import Finding, found
from resource_catalog.health.links import Link

LINKS_MAX = 200  # asked in one run
AT_ONCE = 8
TIMEOUT_S = 10.0  # for each
REDIRECTS_MAX = 5
DEAD = frozenset({404, 410})
WANT_A_GET = frozenset({400, 403, 405, 501})  # said by servers that know no HEAD
AGENT = "lotse-catalog-health"


class Asked(NamedTuple):
    """How many links were asked and left out, and what came of it."""

    asked: int
    left_out: int
    findings: list[Finding]


def ask(links: Sequence[Link]) -> Asked:
    """Ask for each link; dead ones are errors, those that nothing can be said of are notes."""
    findings = asyncio.run(_ask_all(links[:LINKS_MAX]))
    return Asked(len(links[:LINKS_MAX]), len(links[LINKS_MAX:]), [one for one in findings if one])


async def _ask_all(links: Sequence[Link]) -> list[Finding | None]:
    places = asyncio.Semaphore(AT_ONCE)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": AGENT}) as session:

        async def one(link: Link) -> Finding | None:
            async with places:
                return await _finding(session, link)

        return list(await asyncio.gather(*map(one, links)))


async def _finding(session: aiohttp.ClientSession, link: Link) -> Finding | None:
    try:
        status = await _status(session, link.target)
    except (aiohttp.ClientConnectorDNSError, aiohttp.InvalidURL):
        gone = (f"{link.target}: there is no such place", f"{link.target}: Diesen Ort gibt es nicht")
        return found("error", "dead-link", link.resource, gone, link.path)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        mute = (
            f"{link.target}: could not be asked ({type(error).__name__}); look yourself",
            f"{link.target}: ließ sich nicht fragen ({type(error).__name__}); sehen Sie selbst nach",
        )
        return found("note", "dead-link", link.resource, mute, link.path)
    if status in DEAD:
        said = (f"{link.target}: gone (status {status})", f"{link.target}: nicht mehr da (Status {status})")
        return found("error", "dead-link", link.resource, said, link.path)
    if status >= 400:
        said = (
            f"{link.target}: answers with status {status}; look yourself",
            f"{link.target}: antwortet mit Status {status}; sehen Sie selbst nach",
        )
        return found("note", "dead-link", link.resource, said, link.path)
    return None


async def _status(session: aiohttp.ClientSession, url: str) -> int:
    """Return the status; a server that does not know HEAD is asked with GET, whose body is not read."""
    async with session.head(url, allow_redirects=True, max_redirects=REDIRECTS_MAX) as answer:
        if answer.status not in WANT_A_GET:
            return answer.status
    async with session.get(url, allow_redirects=True, max_redirects=REDIRECTS_MAX) as answer:
        return answer.status
