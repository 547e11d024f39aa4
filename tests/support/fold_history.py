"""Folds a history offline in a process of its own: `python tests/support/fold_history.py HISTORY OUT`.

Writes each decision and each command as a line of OUT, in order, and prints the summary as JSON.
"""

import sys
from pathlib import Path

import msgspec

from processors.decisions import Decision
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Policy
from resource_catalog.loader import SHIPPED, load
from streams.history.offline import replay_offline
from streams.history.reader import read_history


def main() -> None:
    """Fold the file of the first argument, with distress support switched on, so that every detector speaks."""
    history, out = map(Path, sys.argv[1:3])
    bundle = msgspec.structs.replace(
        load(SHIPPED).bundle, policies={"*": Policy(distress_support=True, safety_owner="a test")}
    )
    decisions: list[Decision] = []
    summary = replay_offline(read_history(history, "lists"), Catalog(bundle), decisions.append, out)
    with out.open("ab") as file:
        file.writelines(msgspec.json.encode(one) + b"\n" for one in decisions)
    sys.stdout.buffer.write(msgspec.json.encode({**summary, "seconds": 0}))


if __name__ == "__main__":
    main()
