"""The store that the tests stand on."""

import pytest
import redis

from tests.support.redis import running_redis

pytestmark = pytest.mark.integration


def test_a_store_evicts_nothing_and_forgets_at_a_restart() -> None:
    """As the delivery record needs it, and as tests of its loss do."""
    with running_redis() as store:
        client = redis.Redis.from_url(store.url)
        client.set("word", "kept")
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        store.kill()
        store.start()
        assert client.get("word") is None
        client.close()
