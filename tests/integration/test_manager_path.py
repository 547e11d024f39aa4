"""The way of a community manager, as the README of the catalog tells it: its files and commands, in its order, on a real deployment."""

import os
import re
import shlex
import subprocess
import sys
import time
from contextlib import chdir, closing
from pathlib import Path

import pytest
from kafka import KafkaProducer

from processors.decisions import Decision, Reason, read_decision
from processors.events import Event
from processors.vocabulary import Text
from resource_catalog.loader import SHIPPED
from streams.settings import Settings, child_environment
from streams.topics import DECISIONS
from tests.support import in_process
from tests.support.delivering import delivering
from tests.support.deployment import Deployment
from tests.support.in_process import Done
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.processes import free_port

pytestmark = pytest.mark.integration
README = (SHIPPED / "README.md").read_text(encoding="utf-8")
PATH = README.partition("## From nothing to sending\n")[2].partition("\n## ")[0]
PLAYBOOK = "welcome.first-words"
IN_FORCE_S = 30.0
AS_PROCESSES = (
    "MANAGER_PATH_TIMED" in os.environ
)  # as somebody at a terminal has them; else without the start of a Python for each


def blocks(kind: str) -> list[str]:
    """Return the code blocks of one kind."""
    return [
        text for found, text in re.findall(r"^```(\w*)\n(.*?)^```", PATH, re.MULTILINE | re.DOTALL) if found == kind
    ]


def commands() -> list[list[str]]:
    """Return the commands of the section, in order."""
    return [shlex.split(line)[1:] for block in blocks("") for line in block.splitlines() if line.startswith("lotse ")]


class Manager:
    """Somebody at a terminal, in a directory of their own."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory, self._environment = directory, environment
        self.left = commands()
        self.took: list[tuple[str, float]] = []

    def run(self, beginning: str, code: int = 0, answer: str = "") -> str:
        """Run the next command of the section, which must begin so; return what it printed."""
        words = self.left.pop(0)
        assert " ".join(words).startswith(beginning), words
        began = time.monotonic()
        done = self._process(words, answer) if AS_PROCESSES else self._here(words, answer)
        self.took.append((f"lotse {beginning}", time.monotonic() - began))
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def _process(self, words: list[str], answer: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "streams.cli", *words], cwd=self.directory, input=answer, capture_output=True, text=True, timeout=180, check=False,
            env=child_environment(COLUMNS="200", PYTHONPATH=str(SHIPPED.parent), **self._environment),
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    def _here(self, words: list[str], answer: str) -> Done:
        with chdir(self.directory):
            return in_process.lotse(*words, answer=answer, **self._environment)


@pytest.fixture
def deployment(empty_kafka: Broker) -> Deployment:
    """Topics, and a first catalog published before."""
    made = Deployment(empty_kafka.bootstrap, "manager")
    made.prepare()
    return made


@pytest.fixture
def manager(deployment: Deployment, tmp_path: Path) -> Manager:
    """With the demo's history where the README names it."""
    (tmp_path / "resource_catalog").symlink_to(SHIPPED, target_is_directory=True)
    return Manager(tmp_path, deployment.environment())


def test_the_way_from_nothing_to_sending_and_back(
    deployment: Deployment, manager: Manager, redis_url: str, tmp_path: Path
) -> None:
    """Each file and each command of the section does what the section says."""
    write_and_check(manager)
    settings = Settings(
        bootstrap=deployment.settings.bootstrap, redis=redis_url, app="manager", control_key=deployment.settings.control_key,
        partitions=deployment.settings.partitions, worker="d", health_address=f"127.0.0.1:{free_port()}",
    )  # fmt: skip
    printed = tmp_path / "deliver.log"
    with deployment.worker(tmp_path), delivering(settings, printed, "--channel", "console"):
        said = manager.run("catalog publish")
        assert "published" in said
        assert reason_for(deployment, "shadow", Reason.SHADOW)
        said = manager.run("playbooks promote", answer="y\n")
        assert "counted where it runs" in said
        assert f"{PLAYBOOK} is live, published as" in said
        assert "maturity: live" in (manager.directory / f"my-catalog/playbooks/{PLAYBOOK}.yaml").read_text(
            encoding="utf-8"
        )
        assert reason_for(deployment, "live", Reason.SENT)
        wait_until(
            lambda: "After your first words here" in printed.read_text(encoding="utf-8"), IN_FORCE_S, "the message"
        )
        assert PLAYBOOK in manager.run("topics tail")
        manager.left[0][1] = member("live")
        assert PLAYBOOK in manager.run("explain")
        manager.run("silence add")
        assert reason_for(deployment, "silenced", Reason.SILENCED)
        manager.run("silence rm")
        said = manager.run("playbooks rollback")
        assert f"{PLAYBOOK} is as in" in said
        assert reason_for(deployment, "back", Reason.SHADOW)
        assert "maturity: shadow" in (manager.directory / f"my-catalog/playbooks/{PLAYBOOK}.yaml").read_text(
            encoding="utf-8"
        )
        listed = manager.run("catalog history")
        assert listed.count("ann") >= 3
        assert "on second thoughts" in listed
    assert manager.left == []
    for name, seconds in [*manager.took, ("all commands", sum(seconds for _, seconds in manager.took))]:
        print(f"{seconds:6.1f} s  {name}")  # shown by `make manager-path`


def write_and_check(manager: Manager) -> None:
    """Begin, write with two mistakes, lint, mend, test, preview, backtest."""
    manager.run("init")
    own = manager.directory / "my-catalog"
    page, playbook = own / "resources/welcome/first-words.en.md", own / f"playbooks/{PLAYBOOK}.yaml"
    for path, text in ((page, blocks("markdown")[0]), (playbook, blocks("yaml")[0])):
        assert f"`{path.relative_to(manager.directory)}`" in PATH
        path.write_text(text, encoding="utf-8")
    told = manager.run("catalog lint", code=1)
    assert [line for line in told.splitlines() if line] == blocks("text")[0].splitlines()
    page.write_text(page.read_text(encoding="utf-8").replace("sumary", "summary"), encoding="utf-8")
    playbook.write_text(playbook.read_text(encoding="utf-8").replace("member.post:", "member.posts:"), encoding="utf-8")
    manager.left.insert(0, ["catalog", "lint", "--catalog", "my-catalog"])
    assert "no problems" in manager.run("catalog lint")
    assert f"holds  {PLAYBOOK}: a first post" in manager.run("playbooks test")
    assert "After your first words here" in manager.run("playbooks preview")
    assert PLAYBOOK in manager.run("backtest")
    policy = own / "policies/policy.yaml"  # so that the rest may be tried at night
    policy.write_text(
        re.sub(r"quiet_(from|to): \d+", r"quiet_\1: 0", policy.read_text(encoding="utf-8")), encoding="utf-8"
    )


def member(name: str) -> str:
    """Return the key of somebody who writes for the first time."""
    return f"town/{name}"


def reason_for(deployment: Deployment, name: str, reason: Reason) -> Decision:
    """Let somebody write for the first time, until one of them meets this decision about the playbook; return it."""
    asked: list[str] = []

    def met() -> Decision | None:
        asked.append(member(name) if not asked else member(f"{name}-{len(asked)}"))
        with closing(KafkaProducer(bootstrap_servers=deployment.settings.bootstrap, acks="all")) as producer:
            post = Text(text="Good morning everybody")
            deployment.send(producer, Event(f"post/{asked[-1]}", "post.created", asked[-1], time.time(), post))
            producer.flush(30)
        found = [read_decision(one.key, one.value) for one in read_all(deployment.settings.bootstrap, DECISIONS)]
        own = (one for one in found if one.playbook == PLAYBOOK and one.member in asked and one.reason is reason)
        return next(own, None)

    found: Decision = wait_until(met, 60, f"a decision {reason}", 0.5)
    return found
