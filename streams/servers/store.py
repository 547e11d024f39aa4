"""A client of the store that makes questions wait for a connection, where more are asked at once than there are connections."""

from redis.asyncio import BlockingConnectionPool, Redis

from streams.servers import store_access

CONNECTIONS = 64  # of one process; beyond, a question waits for one


def connect(url: str, answer_s: float) -> Redis:
    """Return a client that waits at most `answer_s` seconds for a connection, and as long for an answer."""
    pool = BlockingConnectionPool.from_url(
        url,
        **store_access.options(url),
        max_connections=CONNECTIONS,
        timeout=answer_s,
        socket_timeout=answer_s,
        socket_connect_timeout=answer_s,
    )
    return Redis.from_pool(pool)
