"""Four eyes: what concerns people in distress is in force only as two people approved it, word for word."""

from hashlib import blake2b

import msgspec

from processors.playbooks.resources import Bundle, Playbook

SENDING = ("suggest", "canary", "live")
EYES = 2  # people who must have approved it
LANE, TRIGGERS = "safety", ("signal.distress", "signal.concern")


def concerns_safety(*specs: Playbook) -> bool:
    """Tell whether a playbook is for people in distress: by its lane, or by what it starts with."""
    return any(one.lane == LANE or {one.trigger, *one.also} & {*TRIGGERS} for one in specs)


def digest_of(specs: tuple[Playbook, ...]) -> str:
    """Return what stands for the content of a playbook (its steps): everything but who approved it and its file's version."""
    bare = [msgspec.structs.replace(one, version="", approved_by=(), approved="") for one in specs]
    return f"b2-{blake2b(msgspec.json.encode(bare, order='deterministic'), digest_size=8).hexdigest()}"


def approvers(specs: tuple[Playbook, ...]) -> tuple[str, ...]:
    """Return who approved a playbook as it is; nobody where it was approved otherwise, or never."""
    first = specs[0]
    return tuple(dict.fromkeys(first.approved_by)) if first.approved and first.approved == digest_of(specs) else ()


def unapproved(before: Bundle | None, after: Bundle) -> list[str]:
    """Return the ids (of files) that would send to people in distress, and that fewer than two approved as they are.

    Nothing is asked where no community has distress support on, for then nothing is sent; nor of what is in force already as it
    stands, so that a catalog from before this rule can be published. To stop is always one person's.
    """
    if not _switched_on(after):
        return []
    was_on = before is not None and _switched_on(before)
    old, new = _files(before) if before else {}, _files(after)
    return [
        name
        for name, specs in new.items()
        if specs[0].maturity in SENDING
        and concerns_safety(*specs, *old.get(name, ()))
        and not (was_on and name in old and digest_of(old[name]) == digest_of(specs))
        and len(approvers(specs)) < EYES
    ]


def _switched_on(bundle: Bundle) -> bool:
    return any(policy.distress_support for policy in bundle.policies.values())


def _files(bundle: Bundle) -> dict[str, tuple[Playbook, ...]]:
    found: dict[str, tuple[Playbook, ...]] = {}
    for one in bundle.playbooks:
        name = one.sequence or one.id
        found[name] = (*found.get(name, ()), one)
    return found
