"""Redis with TLS and a user: who has the right words gets in; what is wrong is one clear sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
import redis

from streams.errors import UserError
from streams.servers.store_access import options, said
from streams.settings import Settings, child_environment
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
        return said(error, url)
    return ""


@pytest.mark.integration
def test_what_a_store_refuses_is_told_in_its_words(redis_url: str) -> None:
    """That it answers is not passed over; nor that a silence may be one of two who speak differently."""
    wrong = redis_url.rpartition("/")[0]
    assert fault(f"{wrong}/999", Settings()) == "the store refuses LOTSE_REDIS: DB index is out of range"
    secret = said(redis.TimeoutError("Timeout reading from socket"), "rediss://ann:" + "hunter2@cache.town:6380/0")
    assert secret.startswith("no store answers at cache.town:6380 (TimeoutError); is it a port for TLS")
    assert "hunter2" not in secret


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
        for command in ("gateway", "pages"):
            assert_says_it_once_and_ends(command, url, str(signer.certificate))
    with secured_redis(tmp_path, identity(tmp_path, signer, "old", expired=True), signer) as url:
        assert "has expired" in fault(url, right)
    assert "no store answers at 127.0.0.1:1 (" in fault("redis://127.0.0.1:1/0", right)


def assert_says_it_once_and_ends(command: str, url: str, ca: str) -> None:
    """A process that the store refuses ends with the one sentence, instead of serving what it cannot keep."""
    environment = child_environment(
        LOTSE_BOOTSTRAP="127.0.0.1:1", LOTSE_REDIS=url, LOTSE_REDIS_USER=USER, LOTSE_REDIS_PASSWORD="not the one", LOTSE_REDIS_CA=ca,
        LOTSE_CONTROL_KEY="a control key for tests", LOTSE_GATEWAY_SECRETS="slack=a-secret-of-ours", LOTSE_HEALTH_ADDRESS="127.0.0.1:0",
        LOTSE_GATEWAY_ADDRESS="127.0.0.1:0", LOTSE_PAGES_ADDRESS="127.0.0.1:0",
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", command], env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    printed = done.stdout + done.stderr
    assert done.returncode == 2, printed
    assert printed.count("the store refuses this user and password") == 1
    assert "Traceback" not in printed
    assert "not the one" not in printed
