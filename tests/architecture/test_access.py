"""No client of Kafka or Redis goes its own way: each takes how to reach the server from the one place that knows."""

import ast

from tests.support.tree import ROOT, modules

CLIENTS = {
    "KafkaConsumer",
    "KafkaProducer",
    "KafkaAdminClient",
    "AIOKafkaConsumer",
    "AIOKafkaProducer",
    "AIOKafkaAdminClient",
    "from_url",
}
KNOWN = {"broker_access.options", "store_access.options", "how", "_connection"}


def ways(call: ast.Call) -> set[str]:
    """Return what is spread into a call, as it is written, without arguments."""
    spread = [one.value for one in call.keywords if one.arg is None]
    return {ast.unparse(one.func if isinstance(one, ast.Call) else one) for one in spread}


def test_every_client_takes_the_one_way() -> None:
    """One that was made by hand would speak plain text to a broker that is spoken to in TLS by all others."""
    seen, astray = 0, []
    for path in modules("streams", "sinks"):
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CLIENTS:
                seen += 1
                if not ways(node) & KNOWN:
                    astray.append(f"{path}:{node.lineno} {name}")
    assert astray == []
    assert seen > 15
