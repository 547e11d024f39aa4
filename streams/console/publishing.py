"""What the console does with a playbook's text: show the difference, publish it, or lay it before a second person."""

from collections.abc import Iterable
from difflib import unified_diff
from typing import NamedTuple

from resource_catalog.approval import SENDING, concerns_safety
from resource_catalog.draft import Draft
from resource_catalog.playbook_file import PlaybookFile
from streams.catalog.feed import last_published
from streams.catalog.publication import Said, put_in_force, rises
from streams.catalog.versions import changed
from streams.console.accounts import Account, Right
from streams.console.desk import Desk
from streams.console.proposals import Proposal
from streams.errors import UserError

CONTEXT = 3  # lines around a difference
CLOSED = {
    "shipped": "LOTSE_CATALOG names the shipped catalog, which an update replaces; begin one of your own with lotse init DIR, and set LOTSE_CATALOG=DIR",
    "away": "LOTSE_CATALOG names no directory that this process can see",
    "read_only": "this process may not write into the directory of LOTSE_CATALOG",
}


class Line(NamedTuple):
    """One line of a difference: `kind` is add, take, same or place."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Line]:
    """Return how one text becomes the other."""
    rows = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=CONTEXT)
    return list(_lines(list(rows)[2:]))


def _lines(rows: Iterable[str]) -> Iterable[Line]:
    kinds = {"+": "add", "-": "take", "@": "place"}
    for row in rows:
        yield Line(kinds.get(row[:1], "same"), row)


def beside(desk: Desk, draft: Draft, name: str) -> list[str]:
    """Return the other playbooks that publishing brings in force too, since the folder is published whole. Raises `UserError`."""
    published = last_published(desk.settings.bootstrap)
    if published is None or draft.loaded is None:
        return []
    return [one for one in changed(published, draft.loaded.bundle) if one != name]


def goes_further(before: PlaybookFile | None, after: PlaybookFile) -> bool:
    """Tell whether a text lets a playbook reach more members: that is promoting, which asks first what is known of it."""
    now, then = (before.playbook if before else None), after.playbook
    if then.maturity not in SENDING:
        return False
    if now is None or rises(now.maturity, then.maturity):
        return True
    return then.maturity == "canary" == now.maturity and then.canary > now.canary


def is_for_two(before: PlaybookFile | None, after: PlaybookFile) -> bool:
    """Tell whether a change is nobody's alone: it is for people in distress, or was, and would send."""
    specs = (*after.playbooks, *(before.playbooks if before else ()))
    return after.playbook.maturity in SENDING and concerns_safety(*specs)


def change(
    desk: Desk, account: Account, name: str, text: str, base: str, reason: str, *, promoting: bool = False
) -> str:
    """Publish a playbook's text, or propose it where two must agree; return `published` or `proposed`. Raises `UserError`."""
    folder = desk.folder
    with folder.lock:
        draft = _usable(desk, name, text)
        before, after = folder.file(name), draft.file
        assert after is not None, "it is usable"  # noqa: S101
        if goes_further(before, after) and not promoting:
            raise UserError(
                f"{name}: it would go further than {before.playbook.maturity if before else 'shadow'}; publish it as it is, then promote it"
            )
        written = folder.written(name, text, base)
        if is_for_two(before, after):
            if desk.proposals.add(name, text, base, account.name, reason) is None:
                raise UserError("too many changes wait for a second person; answer or withdraw some first")
            desk.accounts.note(account.name, "playbook.proposed", name, reason)
            return "proposed"
        stops = before is not None and rises(after.playbook.maturity, before.playbook.maturity)
        version = put_in_force(desk.settings, folder.directory, name, written, Said(account.name, reason), stops=stops)
        desk.accounts.note(account.name, "playbook.published", f"{name} {version[:12]}", reason)
        return "published"


def approve(desk: Desk, account: Account, one: Proposal) -> None:
    """Publish what somebody else proposed, approved by both. Raises `UserError`."""
    if account.name.casefold() == one.author.casefold():
        raise UserError("this is your own proposal: somebody else must look at it")
    if not account.may(Right.APPROVE_SAFETY):
        raise UserError("your role does not include approving what is for people in distress")
    with desk.folder.lock:
        _usable(desk, one.playbook, one.text)
        written = desk.folder.written(one.playbook, one.text, one.base)
        if not desk.proposals.take(one.id):
            raise UserError("somebody else has just answered it")
        said = Said(one.author, f"{one.reason} (approved by {account.name})")
        try:
            version = put_in_force(
                desk.settings, desk.folder.directory, one.playbook, written, said, (one.author, account.name)
            )
        except BaseException:
            desk.proposals.put_back(one)
            raise
    desk.accounts.note(
        account.name, "playbook.approved", f"{one.playbook} {version[:12]}", f"{one.author}: {one.reason}"
    )


def _usable(desk: Desk, name: str, text: str) -> Draft:
    """Return a draft that can be used, in a folder that can be written. Raises `UserError`."""
    if desk.folder.closed:
        raise UserError(CLOSED[desk.folder.closed])
    draft = desk.folder.draft(name, text)
    if draft.errors or draft.file is None:
        raise UserError("; ".join(f"line {one.line}: {one.message}" for one in draft.errors))
    return draft
