"""The gateway killed at random under load, again and again: nothing that it acknowledged is missing from the log."""

import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from streams.codec import Codec
from streams.settings import Settings
from streams.topics import ACTIVITY
from tests.support.delivering import fetch
from tests.support.gateways import CONTROL_KEY, SECRET, gateway_settings, running_gateway
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.redis import running_redis
from tests.support.signing import signature

pytestmark = [pytest.mark.integration, pytest.mark.chaos]
KILLS = int(os.environ.get("CHAOS_KILLS", "6"))
SEED = int(os.environ.get("CHAOS_SEED", "11"))
SENDERS = 6
BATCH = 5


class Senders:
    """Senders that repeat what was not acknowledged, as platforms do, and note what was."""

    def __init__(self, settings: Settings) -> None:
        self._url, self._enough = f"http://{settings.gateway_address}", threading.Event()
        self.acknowledged: set[str] = set()
        self.refused: dict[int, int] = {}
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send no more, once what is under way is answered."""
        self._enough.set()
        for thread in self._threads:
            thread.join(60)

    def _send(self, sender: int) -> None:
        number = 0
        with httpx.Client(base_url=self._url, timeout=15) as client:
            while not self._enough.is_set():
                names = [f"{sender}-{number + one}" for one in range(BATCH if sender % 2 else 1)]
                number += len(names)
                while not self._enough.is_set() and not self._taken(client, sender, names):
                    time.sleep(0.1)

    def _taken(self, client: httpx.Client, sender: int, names: list[str]) -> bool:
        status = self._sent(client, sender, names)
        with self._lock:
            if status in (200, 202):
                self.acknowledged.update(names)
                return True
            self.refused[status] = self.refused.get(status, 0) + 1
            return False

    @staticmethod
    def _sent(client: httpx.Client, sender: int, names: list[str]) -> int:
        """Send as Slack does, signed anew each time, or as a script, one or many; return the status, 0 where nobody answers."""
        path, body, headers = _request(sender, names)
        try:
            return client.post(path, content=body, headers=headers).status_code
        except httpx.HTTPError:
            return 0


def _request(sender: int, names: list[str]) -> tuple[str, bytes, dict[str, str]]:
    kind = {"content-type": "application/json"}
    if sender % 3 == 0 and len(names) == 1:
        event: dict[str, Any] = {
            "type": "message",
            "channel": "C1",
            "user": f"U{sender}",
            "text": names[0],
            "ts": f"{1769860800 + int(names[0].partition(chr(45))[2])}.5",
        }
        body = orjson.dumps({"type": "event_callback", "event_id": names[0], "event": event})
        return "/in/slack", body, {**kind, **signature("slack", body, time.time())}
    events = [{"type": "post.created", "member": f"m{sender}", "id": name, "text": name} for name in names]
    return "/events", orjson.dumps(events), {**kind, "authorization": f"Bearer {SECRET}"}


def test_nothing_acknowledged_is_lost_over_kills(empty_kafka: Broker, tmp_path: Path) -> None:
    """SIGKILL at random moments; each life of the gateway takes on where the senders repeat; repeats have the same ids."""
    dice = random.Random(SEED)
    print(f"CHAOS_SEED={SEED} CHAOS_KILLS={KILLS}")
    with running_redis() as store:
        secrets = f"events={SECRET} slack={SECRET}"
        settings = gateway_settings(empty_kafka.bootstrap, store.url, gateway_secrets=secrets)
        senders = Senders(settings)
        senders.start()
        try:
            for kill in range(KILLS):
                with running_gateway(settings, tmp_path / f"{kill}.log"):
                    before = len(senders.acknowledged)
                    wait_until(lambda before=before: len(senders.acknowledged) > before + 20, 30, "senders are heard")
                    time.sleep(dice.uniform(0.0, 0.5))
            with running_gateway(settings, tmp_path / "last.log"):
                before = len(senders.acknowledged)
                wait_until(lambda: len(senders.acknowledged) > before + 20, 30, "senders are heard")
                senders.stop()
                assert fetch(settings.gateway_address, "ready")[0] == 200
        finally:
            senders.stop()
        codec = Codec(CONTROL_KEY.encode())
        events = [codec.decode(one.key, one.value) for one in read_all(empty_kafka.bootstrap, ACTIVITY)]
    written: dict[str, set[str]] = {}
    for event in events:
        written.setdefault(event.data.text if event.data else "", set()).add(event.id)
    assert len(senders.acknowledged) > KILLS * 20
    assert sorted(senders.acknowledged - written.keys()) == []
    assert [name for name, ids in written.items() if len(ids) > 1] == []
    assert senders.refused.get(0, 0) > 0, "no kill met a request"
    assert not senders.refused.keys() & {400, 401, 409, 413, 422, 500}, senders.refused
    assert all("Traceback" not in log.read_text(encoding="utf-8") for log in tmp_path.glob("*.log"))
