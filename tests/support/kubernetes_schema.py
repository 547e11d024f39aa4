"""JSON Schemas of the Kubernetes objects that deploy/kubernetes uses; no unknown field is let through.

Taken from the PyPI package kubernetes-validate (Apache-2.0; 111 MB unpacked, so not a dependency), which has them from Kubernetes' own OpenAPI document:
`pip install --target DIR kubernetes-validate==1.37.0`, then `python -m tests.support.kubernetes_schema DIR`.
"""

import gzip
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.support.tree import ROOT

VERSION = "1.30"  # the oldest that deploy/kubernetes/README.md says it runs on
KEPT = ROOT / "tests" / "deploy" / f"kubernetes-{VERSION}.json.gz"
KINDS = {
    "StatefulSet": "apps.v1", "Deployment": "apps.v1", "Job": "batch.v1", "Service": "core.v1", "ServiceAccount": "core.v1", "ConfigMap": "core.v1",
    "Namespace": "core.v1", "NetworkPolicy": "networking.v1", "PodDisruptionBudget": "policy.v1",
}  # fmt: skip


@cache
def schemas() -> Any:
    """Return the definitions by their names."""
    return json.loads(gzip.decompress(KEPT.read_bytes()))


def check(one: Any) -> None:
    """Raise `jsonschema.ValidationError` for an object that Kubernetes would not take."""
    name = f"io.k8s.api.{KINDS[one['kind']]}.{one['kind']}"
    jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schemas()}).validate(one)
    expected = schemas()[name]["properties"]["apiVersion"].get("enum", [one["apiVersion"]])
    if one["apiVersion"] not in expected:
        raise jsonschema.ValidationError(f"apiVersion: expected one of {expected}")


def main() -> None:
    """Keep what the kinds need of the schemas in a folder."""
    source = Path(sys.argv[1]) / "kubernetes_validate" / "kubernetes-json-schema" / f"v{VERSION}.0-local-strict"
    known = json.loads((source / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    kept: dict[str, Any] = {}
    left = [f"io.k8s.api.{group}.{kind}" for kind, group in KINDS.items()]
    while left:
        name = left.pop()
        if name not in kept:
            kept[name] = _bare(known[name])
            left += _references(kept[name])
    KEPT.write_bytes(gzip.compress(json.dumps(kept, sort_keys=True).encode(), 9, mtime=0))
    print(f"{KEPT.relative_to(ROOT)}: {len(kept)} definitions, {KEPT.stat().st_size} bytes")


def _bare(one: Any) -> Any:
    """Return a schema without what only people read; references within the file."""
    if isinstance(one, dict):
        return {
            name: f"#/$defs/{part.rpartition('/')[2]}" if name == "$ref" else _bare(part)
            for name, part in one.items()
            if not (name == "description" and isinstance(part, str)) and not name.startswith("x-kubernetes")
        }
    return [_bare(part) for part in one] if isinstance(one, list) else one


def _references(one: Any) -> list[str]:
    parts = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    own = [one["$ref"].rpartition("/")[2]] if isinstance(one, dict) and isinstance(one.get("$ref"), str) else []
    return own + [name for part in parts for name in _references(part)]


if __name__ == "__main__":
    main()
