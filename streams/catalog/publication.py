"""A playbook's file, changed and published: what the command line and the console both do."""

from pathlib import Path
from typing import NamedTuple

from resource_catalog.approval import LANE, SENDING, approvers, concerns_safety, digest_of
from resource_catalog.layers import load_layered
from resource_catalog.loader import SHIPPED, Loaded
from resource_catalog.maturity_file import Written, with_approval, with_maturity
from resource_catalog.playbook_file import MATURITIES, PlaybookFile
from resource_catalog.problems import CatalogError
from streams.catalog.versions import publish_by, specs_of, stop_what_was_given
from streams.errors import UserError
from streams.settings import Settings


class Said(NamedTuple):
    """Who changes something, and why."""

    author: str
    reason: str


def is_shipped(directory: Path) -> bool:
    """Tell whether this is the catalog that comes with Lotse, which an update replaces."""
    return directory.resolve() == SHIPPED.resolve()


def own(directory: Path) -> Path:
    """Return a catalog of one's own. Raises `UserError` for the shipped one."""
    if is_shipped(directory):
        raise UserError(
            "this is the shipped catalog, which an update replaces; begin one of your own with lotse init DIR, and name it with --catalog DIR"
        )
    return directory


def load_or_tell(directory: Path) -> Loaded:
    """Return a catalog directory as it is in force; every problem of its content is one message. Raises `UserError`."""
    try:
        return load_layered(directory)
    except CatalogError as error:
        raise UserError(f"the catalog has problems:\n{error}") from None


def rises(before: str, after: str) -> bool:
    """Tell whether a playbook goes further by a maturity."""
    return MATURITIES.index(after) > MATURITIES.index(before)


def wants_two(file: PlaybookFile, maturity: str) -> bool:
    """Tell whether a second person must have approved this playbook before it may go so far."""
    return concerns_safety(*file.playbooks) and maturity in SENDING


def all_approvers(file: PlaybookFile, maturity: str, author: str, others: list[str]) -> tuple[str, ...]:
    """Return who stands behind it. Raises `UserError` where help in distress would send with fewer than two."""
    names = tuple(dict.fromkeys((*file.approved_by, *others)))
    if not wants_two(file, maturity):
        return names
    if not set(names) - {author}:
        raise UserError(
            f"{file.id} is for people in distress: somebody beside {author} must approve it; name them with --approved-by"
        )
    return tuple(dict.fromkeys((*names, author)))


def approve(directory: Path, file: PlaybookFile, name: str) -> tuple[str, ...]:
    """Write somebody's approval of a playbook as it stands into its file; return all who approved it so. Raises `UserError`."""
    if not concerns_safety(*file.playbooks):
        raise UserError(f"{file.id}: only what is for people in distress (lane {LANE}) wants two who approved it")
    first = file.playbook
    names = tuple(dict.fromkeys((*approvers(file.playbooks), name)))
    try:
        written = with_maturity(directory, file, first.maturity, first.canary)
        written._replace(after=with_approval(written.after, names, digest_of(file.playbooks))).write()
    except OSError as error:
        raise UserError(f"{directory} cannot be written ({error.strerror}); nothing was changed") from None
    return names


def put_in_force(
    settings: Settings, directory: Path, name: str, written: Written, said: Said, approved_by: tuple[str, ...] = (), *,
    publish: bool = True, stops: bool = False,
) -> str:  # fmt: skip
    """Write a playbook's file and publish the catalog; return its hash, empty where it is not published.

    `approved_by` are those who approved exactly this. `stops` takes back what the playbook gave up to now. Where anything fails
    the file is put back. Raises `UserError`.
    """
    try:
        written.write()
    except OSError as error:
        raise UserError(f"{directory} cannot be written ({error.strerror}); nothing was changed") from None
    try:
        loaded = load_or_tell(directory)
        if approved_by:
            digest = digest_of(specs_of(loaded.bundle, name))
            written._replace(after=with_approval(written.after, approved_by, digest)).write()
            loaded = load_or_tell(directory)
        if not publish:
            return ""
        if stops:
            stop_what_was_given(settings, name, said.author, said.reason)
        return publish_by(settings, loaded.bundle, said.author, said.reason)
    except BaseException:
        written.undo()
        raise


def into_the_file(directory: Path, playbook: str, maturity: str, canary: float) -> str:
    """Write what is in force into one's own catalog too, so that the next publishing does not undo it; say what was done."""
    if is_shipped(directory):
        return "in your files it is as before: set its maturity there too, or the next publishing brings it back"
    file = next((one for one in load_or_tell(directory).playbooks if one.id == playbook), None)
    if file is None:
        return f"{directory} does not hold it: the next publishing leaves it out"
    written = with_maturity(directory, file, maturity, canary)
    written.write()
    return f"{written.path} says {maturity} now; if more than that had changed in it, mend it before you publish"
