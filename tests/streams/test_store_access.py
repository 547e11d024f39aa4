"""Redis with TLS and a user: who has the right words gets in; what is wrong is one clear sentence."""

from pathlib import Path

import pytest
import redis

from streams.errors import UserError
from streams.settings import Settings
from streams.store_access import options, said
from tests.support.certificates import authority, identity
from tests.support.secured import STORE_SECRET, USER, secured_redis


def test_plain_text_stays_on_this_machine() -> None:
    """Unless somebody allows it."""
    with pytest.raises(UserError, match=r"LOTSE_REDIS: redis\.town is another machine.*rediss://"):
        options("redis://redis.town:6379/0", Settings())
    assert options("redis://redis.town:6379/0", Settings(allow_plaintext=True)) == {}
    assert options("redis://localhost:6379/0", Settings()) == {}
    assert options("rediss://redis.town:6380/0", Settings(redis_user="a", redis_password="b", redis_ca="/ca")) == {
        "username": "a", "password": "b", "ssl_ca_certs": "/ca",
    }  # fmt: skip


def fault(url: str, settings: Settings) -> str:
    """Return what is said of a store, "" where it answers."""
    try:
        with redis.Redis.from_url(url, **options(url, settings), retry=None, socket_timeout=5) as client:
            client.ping()
    except redis.RedisError as error:
        return said(error)
    return ""


@pytest.mark.integration
def test_each_fault_is_one_sentence(tmp_path: Path) -> None:
    """Password, certificate of nobody trusted or out of date, plain text to TLS."""
    signer, other = authority(tmp_path), authority(tmp_path, "other")
    right = Settings(redis_user=USER, redis_password=STORE_SECRET, redis_ca=str(signer.certificate))
    with secured_redis(tmp_path, identity(tmp_path, signer), signer) as url:
        assert fault(url, right) == ""
        wrong = Settings(redis_user=USER, redis_password="wrong", redis_ca=str(signer.certificate))
        assert "refuses this user and password" in fault(url, wrong)
        stranger = Settings(redis_user=USER, redis_password=STORE_SECRET, redis_ca=str(other.certificate))
        assert "LOTSE_REDIS_CA names the file" in fault(url, stranger)
        assert "is it a port for TLS" in fault(url.replace("rediss", "redis"), right)
    with secured_redis(tmp_path, identity(tmp_path, signer, "old", expired=True), signer) as url:
        assert "has expired" in fault(url, right)
    assert "no store answers" in fault("redis://127.0.0.1:1/0", right)
