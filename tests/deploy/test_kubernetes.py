"""deploy/kubernetes as text, against the code and the image: commands, settings, probes, ports, who may reach what."""

import re
import shutil
import subprocess
from typing import Any

import jsonschema
import pytest
import yaml

from streams.servers.store_access import options as store_options
from streams.settings import PREFIX, SECRETS, Settings, load_settings
from tests.support.command_line import fault
from tests.support.kubernetes_schema import VERSION, check
from tests.support.tree import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATIONS = {
    path.parent.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*/kustomization.yaml")
}
OBJECTS: list[dict[str, Any]] = [
    one
    for folder, how in KUSTOMIZATIONS.items()
    for name in how["resources"]
    for one in yaml.safe_load_all((FOLDER / folder / name).read_text(encoding="utf-8"))
]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def named(kind: str) -> dict[str, dict[str, Any]]:
    """Return the objects of a kind by name."""
    return {one["metadata"]["name"]: one for one in OBJECTS if one["kind"] == kind}


WORKLOADS = {name: one for kind in ("StatefulSet", "Deployment", "Job") for name, one in named(kind).items()}
RUNNING = {name: one for name, one in WORKLOADS.items() if one["kind"] != "Job"}
SHARED = named("ConfigMap")["lotse-settings"]["data"]


def pod(workload: dict[str, Any]) -> dict[str, Any]:
    """Return the pod that a workload makes."""
    template: dict[str, Any] = workload["spec"]["template"]
    return template


def container(workload: dict[str, Any]) -> dict[str, Any]:
    """Return its one container."""
    (one,) = pod(workload)["spec"]["containers"]
    found: dict[str, Any] = one
    return found


def environment(workload: dict[str, Any]) -> dict[str, str]:
    """Return what is set by value; of the pod's name an example."""
    given = container(workload).get("env", [])
    return SHARED | {one["name"]: one.get("value", "lotse-worker-0") for one in given}


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Tell whether a selector takes labels."""
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    return wanted and all(
        one["operator"] == "In" and labels.get(one["key"]) in one["values"]
        for one in selector.get("matchExpressions", [])
    )


def port_of(value: str) -> int:
    """Return the port of host:port."""
    return int(value.rpartition(":")[2].partition("/")[0])


@pytest.mark.parametrize(
    "one",
    [one for one in OBJECTS if one["kind"] != "ServiceMonitor"],
    ids=lambda one: f"{one['kind']}-{one['metadata']['name']}",
)
def test_kubernetes_takes_it(one: dict[str, Any]) -> None:
    """Each object fits the schema of the oldest version that is told of; no unknown field."""
    check(one)


def test_a_wrong_field_would_be_seen() -> None:
    """The schemas know what a probe is made of."""
    wrong = yaml.safe_load(yaml.safe_dump(WORKLOADS["lotse-worker"]))
    container(wrong)["livenessProbe"]["httpget"] = {}
    with pytest.raises(jsonschema.ValidationError):
        check(wrong)


def test_the_page_names_that_version() -> None:
    """Older ones are not tried."""
    assert f"Kubernetes {VERSION} or newer" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_file_is_listed() -> None:
    """What lies in a folder is applied with it."""
    for folder, how in KUSTOMIZATIONS.items():
        there = {path.name for path in (FOLDER / folder).iterdir()} - {"kustomization.yaml"}
        assert there == set(how["resources"])
        assert how["namespace"] == "lotse"


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_kustomize_builds_it(folder: str) -> None:
    """As `kubectl apply -k` would; nothing is asked of a cluster."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not on this machine")
    built = subprocess.run(
        ["kubectl", "kustomize", str(FOLDER / folder)], capture_output=True, text=True, timeout=180, check=False
    )
    assert built.returncode == 0, built.stderr
    names = {(one["kind"], one["metadata"]["name"]) for one in yaml.safe_load_all(built.stdout)}
    listed = {
        (one["kind"], one["metadata"]["name"])
        for name in KUSTOMIZATIONS[folder]["resources"]
        for one in yaml.safe_load_all((FOLDER / folder / name).read_text(encoding="utf-8"))
    }
    assert names == listed


@pytest.mark.parametrize("name", WORKLOADS)
def test_it_runs_the_image_of_compose(name: str) -> None:
    """The same name and version, and the entry point's own words."""
    image = COMPOSE["services"]["worker"]["image"]
    assert container(WORKLOADS[name])["image"] == image
    for how in KUSTOMIZATIONS.values():
        assert [f"{one['name']}:{one['newTag']}" for one in how.get("images", [])] in ([], [image])
    assert "command" not in container(WORKLOADS[name])
    assert 'ENTRYPOINT ["lotse"]' in DOCKERFILE


@pytest.mark.parametrize("name", WORKLOADS)
def test_it_runs_what_exists(name: str) -> None:
    """Subcommands of `lotse`, settings that it knows with values that it takes, no secret by value."""
    assert fault(container(WORKLOADS[name])["args"]) is None
    given = environment(WORKLOADS[name])
    assert set(given) <= {PREFIX + field.upper() for field in Settings.__struct_fields__}
    assert not {PREFIX + field.upper() for field in SECRETS} & set(given)
    credentials = {"LOTSE_KAFKA_USER": "worker", "LOTSE_KAFKA_PASSWORD": "from a secret"}
    settings = load_settings(given | credentials).settings
    assert settings.kafka_security == "sasl_ssl"
    assert not settings.allow_plaintext
    assert "ssl_ca_certs" in store_options(settings.redis, settings)


@pytest.mark.parametrize("name", WORKLOADS)
def test_its_secrets_are_named_and_told_of(name: str) -> None:
    """The shared keys, and one secret of its own; README.md says how each is made."""
    given = container(WORKLOADS[name])["envFrom"]
    secrets = [one["secretRef"]["name"] for one in given if "secretRef" in one]
    own = "lotse-operator" if WORKLOADS[name]["kind"] == "Job" else name
    assert secrets == ["lotse-keys", own]
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(re.search(rf"\b{secret}\b", page) for secret in secrets)
    assert not named("Secret")


@pytest.mark.parametrize("name", WORKLOADS)
def test_it_may_do_nothing_beside_its_work(name: str) -> None:
    """The user of the image, no root, no capability, nothing to write but what is mounted, no token, no variables of services."""
    spec, one = pod(WORKLOADS[name])["spec"], container(WORKLOADS[name])
    (user,) = re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)
    assert spec["securityContext"]["runAsUser"] == int(user)
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert one["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] in named("ServiceAccount")
    assert spec["enableServiceLinks"] is False, "LOTSE_GATEWAY_PORT of Kubernetes is no setting of ours"
    assert named("Namespace")["lotse"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("name", WORKLOADS)
def test_it_says_what_it_needs(name: str) -> None:
    """Requests, and a limit of memory; each mount has its volume, and the files of the settings lie in one."""
    one, spec = container(WORKLOADS[name]), pod(WORKLOADS[name])["spec"]
    assert set(one["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in one["resources"]["limits"]
    claims = WORKLOADS[name]["spec"].get("volumeClaimTemplates", [])
    volumes = {volume["name"] for volume in spec["volumes"]} | {claim["metadata"]["name"] for claim in claims}
    assert {mount["name"] for mount in one["volumeMounts"]} == volumes
    folders = {mount["mountPath"] for mount in one["volumeMounts"]}
    for setting in ("LOTSE_KAFKA_CA", "LOTSE_REDIS_CA", "LOTSE_CONSOLE_DB"):
        path = environment(WORKLOADS[name]).get(setting)
        assert path is None or path.rpartition("/")[0] in folders
    assert "/tmp" in folders, "Python and the engine write there"


@pytest.mark.parametrize("name", RUNNING)
def test_its_ports_are_those_that_it_opens(name: str) -> None:
    """Of the settings and of the image; beyond loopback, since a kubelet asks from outside."""
    ports = {one["name"]: one["containerPort"] for one in container(RUNNING[name])["ports"]}
    (health,) = re.findall(r"LOTSE_HEALTH_ADDRESS=(\S+)", DOCKERFILE)
    addresses = [value for key, value in environment(RUNNING[name]).items() if key.endswith("_ADDRESS")]
    assert all(address.startswith("0.0.0.0:") for address in (*addresses, health))
    web = {"http": port_of(addresses[0])} if addresses else {}
    assert ports == web | {"metrics": port_of(health)}
    (service,) = [one for key, one in named("Service").items() if key == name]
    assert {one["name"]: one["port"] for one in service["spec"]["ports"]} == ports
    assert all(one["targetPort"] == one["name"] for one in service["spec"]["ports"])
    assert service["spec"]["selector"].items() <= pod(RUNNING[name])["metadata"]["labels"].items()


@pytest.mark.parametrize("name", RUNNING)
def test_its_probes_are_answered(name: str) -> None:
    """Live, ready and startup of the port that the process answers."""
    one = container(RUNNING[name])
    asked = {kind: one[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")}
    assert {kind: how["path"] for kind, how in asked.items()} == {
        "startup": "/startup",
        "readiness": "/ready",
        "liveness": "/live",
    }
    assert {how["port"] for how in asked.values()} == {"metrics"}
    patience = one["startupProbe"]["periodSeconds"] * one["startupProbe"]["failureThreshold"]
    assert patience >= 120, "a worker waits a minute for a broker, then restores"


@pytest.mark.parametrize("name", RUNNING)
def test_it_stops_and_moves_without_harm(name: str) -> None:
    """Time for a last cut or answers under way; a budget where there are several; static members have names that stay."""
    one = RUNNING[name]
    grace = COMPOSE["x-lotse"]["stop_grace_period"].removesuffix("s")
    assert pod(one)["spec"]["terminationGracePeriodSeconds"] >= int(grace)
    budgets = [
        b
        for b in named("PodDisruptionBudget").values()
        if selects(b["spec"]["selector"], pod(one)["metadata"]["labels"])
    ]
    assert [b["spec"]["maxUnavailable"] for b in budgets] == ([1] if one["spec"]["replicas"] > 1 else [])
    assert all(b["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow" for b in budgets), (
        "while the broker is away no pod is ready, and no node could be drained"
    )
    assert one["spec"]["selector"]["matchLabels"] == pod(one)["metadata"]["labels"]
    (worker,) = [given for given in container(one)["env"] if given["name"] == "LOTSE_WORKER"]
    assert worker["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    if name in ("lotse-worker", "lotse-deliver"):
        assert one["kind"] == "StatefulSet", "a Deployment's pods have another name each time"
        assert one["spec"]["serviceName"] in named("Service")
    assert RUNNING["lotse-worker"]["spec"]["replicas"] <= int(SHARED["LOTSE_PARTITIONS"])
    assert RUNNING["lotse-console"]["spec"]["replicas"] == 1, "it keeps a file of its own"


def allowed(direction: str, name: str) -> set[int]:
    """Return the ports that network policies open for a workload: ingress or egress."""
    labels = pod(WORKLOADS[name])["metadata"]["labels"]
    mine = [one["spec"] for one in named("NetworkPolicy").values() if selects(one["spec"]["podSelector"], labels)]
    assert any(set(spec["policyTypes"]) == {"Ingress", "Egress"} for spec in mine), "else all is open"
    return {port["port"] for spec in mine for rule in spec.get(direction, []) for port in rule["ports"]}


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_network_lets_through_what_it_needs(name: str) -> None:
    """Names, broker and store for all; platforms for delivery alone; in, only its own ports."""
    needed = {53, port_of(SHARED["LOTSE_BOOTSTRAP"]), port_of(SHARED["LOTSE_REDIS"])}
    assert allowed("egress", name) == needed | ({443, 465, 587} if name == "lotse-deliver" else set())
    mine = {one["containerPort"] for one in container(WORKLOADS[name]).get("ports", [])}
    assert mine <= allowed("ingress", name)


def test_prometheus_finds_each_process() -> None:
    """By the label and the port of their services, whose names are the jobs of the alerts."""
    monitor = named("ServiceMonitor")["lotse"]["spec"]
    (endpoint,) = monitor["endpoints"]
    found = {
        name
        for name, service in named("Service").items()
        if selects(monitor["selector"], service["metadata"]["labels"])
        and any(one["name"] == endpoint["port"] for one in service["spec"]["ports"])
    }
    scraped = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    assert found == {job["job_name"] for job in scraped["scrape_configs"]}


def test_all_processes_of_compose_are_there() -> None:
    """What runs on one machine runs here."""
    ours = {name for name, one in COMPOSE["services"].items() if "build" in one and name != "demo"}
    assert {name.removeprefix("lotse-") for name in WORKLOADS} == ours


def test_the_first_start_gives_the_jobs_what_they_need_before_it_waits_for_them() -> None:
    """By the commands of README.md in their order: else pods that nothing can start would be waited for."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    commands = re.findall(
        r"kubectl (?:-n lotse )?(apply|create)(?: secret generic| configmap)? (-[kf] \S+|[\w-]+)", page
    )
    before: set[str] = set()
    for what, named_so in commands:
        if what == "create":
            before.add(named_so)
        elif named_so.startswith("-f"):
            objects = yaml.safe_load_all((ROOT / named_so[3:].strip("`,")).read_text(encoding="utf-8"))
            before |= {one["metadata"]["name"] for one in objects}
        elif named_so.startswith("-k deploy/kubernetes/jobs"):
            break
    for job in named("Job").values():
        spec = pod(job)["spec"]
        needs = {
            spec["serviceAccountName"],
            *(one["configMap"]["name"] for one in spec["volumes"] if "configMap" in one),
        }
        needs |= {one["configMapRef"]["name"] for one in container(job)["envFrom"] if "configMapRef" in one}
        assert needs <= before, needs - before
