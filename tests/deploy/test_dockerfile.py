"""deploy/Dockerfile as text: pinned, not root, a health check that asks what the process answers."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from streams.settings import load_settings
from tests.support.tree import PACKAGES, ROOT

TEXT = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LINES = [line for line in TEXT.splitlines() if line and not line.startswith("#")]
STAGES = re.findall(r"^FROM (\S+) AS (\S+)$", TEXT, re.MULTILINE)


def words_of(instruction: str) -> list[list[str]]:
    """Return the words of each line of an instruction."""
    return [shlex.split(line)[1:] for line in LINES if line.startswith(f"{instruction} ")]


def environment() -> dict[str, str]:
    """Return what ENV sets."""
    return dict(pair.split("=", 1) for pairs in words_of("ENV") for pair in pairs)


def test_the_base_is_pinned_and_the_python_is_supported() -> None:
    """By version, the same for building and running."""
    bases = {base for base, _ in STAGES if base not in {name for _, name in STAGES}}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+", bases.pop())


def test_what_is_copied_is_there_and_let_through() -> None:
    """All four packages; nothing that .dockerignore holds back."""
    copied = {source for words in words_of("COPY") if not words[0].startswith("--") for source in words[:-1]}
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(PACKAGES) <= copied
    assert copied == let_through
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_it_installs_what_is_locked_with_the_uv_of_the_makefile() -> None:
    """Neither a newer package nor a development tool gets in."""
    syncs = [line for line in LINES if "uv sync" in line]
    assert all("--frozen" in line and "--no-dev" in line for line in syncs)
    (version,) = re.findall(r"uv==([\d.]+)", TEXT)
    assert f"UV_VERSION := {version}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_it_runs_as_nobody_in_particular() -> None:
    """A numeric user, which Kubernetes can check, set before anything runs."""
    (user,) = words_of("USER")
    assert int(user[0]) >= 10_000
    assert LINES.index(f"USER {user[0]}") < next(at for at, line in enumerate(LINES) if line.startswith("ENTRYPOINT"))
    assert f"--uid {user[0]}" in TEXT


def test_the_health_check_asks_the_port_that_is_answered() -> None:
    """LOTSE_HEALTH_ADDRESS, EXPOSE and HEALTHCHECK agree, and /live is one of the answers."""
    own = {name: value for name, value in environment().items() if name.startswith("LOTSE_")}
    port = load_settings(own).settings.health_address.rpartition(":")[2]
    gateway = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["gateway"]
    doors = gateway["environment"]["LOTSE_GATEWAY_ADDRESS"].rpartition(":")[2]
    assert words_of("EXPOSE")[0][:2] == [port, doors]
    assert f"http://127.0.0.1:{port}/live" in TEXT


@pytest.mark.parametrize("target", ["lotse", "demo"])
def test_the_targets_of_compose_exist(target: str) -> None:
    """Each target that is built is a stage; the plain one is the last, so the default."""
    assert target in [name for _, name in STAGES]
    assert STAGES[-1][1] == "lotse"
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"].values()
    built = [service["build"] for service in services if "build" in service]
    assert target in {build["target"] for build in built}
    assert {build["dockerfile"] for build in built} == {str(Path("deploy") / "Dockerfile")}
