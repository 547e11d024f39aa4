"""What the gateway keeps in Redis: replays, keys, allowances, identities; a store that is away is one refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from streams.gateway.refusals import away
from streams.servers import store

ANSWER_S = 0.5  # for an answer of the store, or for a connection: a platform waits for three seconds


def connect(url: str) -> Redis:
    """Return a client that waits no longer than a platform would let it."""
    return store.connect(url, ANSWER_S)


@contextmanager
def store_needed() -> Iterator[None]:
    """Turn the store's silence into a refusal (503)."""
    try:
        yield
    except (RedisError, TimeoutError, OSError) as error:
        raise away("store_away", f"the store does not answer ({type(error).__name__})") from None
