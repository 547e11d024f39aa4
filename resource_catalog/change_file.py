"""A file of a few words that changes how a playbook below runs: switched off, in shadow, for a share, live."""

from difflib import get_close_matches
from typing import cast

import msgspec

from processors.playbooks.resources import Maturity
from resource_catalog.playbook_file import MATURITIES, PlaybookFile
from resource_catalog.problems import Block

FIELDS = ("id", "maturity", "canary", "holdout", "owner", "approved_by", "approved")


def is_change(block: Block) -> bool:
    """Tell a file that names a playbook and its maturity, and nothing that a playbook is made of."""
    return {"id", "maturity"} <= {*block.data} <= {*FIELDS}


def read_change(block: Block, below: dict[str, PlaybookFile], version: str) -> PlaybookFile | None:
    """Return the playbook below with what the file changes; None, and a problem, where there is none."""
    name = block.text("id")
    if name not in below:
        near = get_close_matches(name, below, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        block.problem("id", f"id: {name} is no playbook of the catalog below, so its maturity cannot be changed{hint}")
        return None
    file = below[name]
    maturity = cast("Maturity", block.choice("maturity", MATURITIES))
    playbooks = tuple(
        msgspec.structs.replace(
            one,
            maturity=maturity,
            canary=block.number("canary", one.canary, 0.0, 1.0),
            holdout=block.number("holdout", one.holdout, 0.0, 0.5),
            owner=block.text("owner", one.owner),
            version=f"{one.version}+{version}",
            approved_by=block.texts("approved_by") or file.approved_by,
            approved=block.text("approved", one.approved),
        )
        for one in file.playbooks
    )
    return file._replace(
        path=block.path, playbooks=playbooks, block=block, approved_by=block.texts("approved_by") or file.approved_by
    )
