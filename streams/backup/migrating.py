"""Another number of partitions: a backup of all there is, new topics in the place of the old ones, and the backup put back on them."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from streams import topic_plan
from streams.backup import moving
from streams.backup.folder import MANIFEST, Folder, Manifest
from streams.backup.restoring import Restoring, moves_from, untold
from streams.backup.taking import admin_of, ends_of, groups_of, take
from streams.codec import Codec
from streams.errors import NO, UNREACHABLE, UserError
from streams.proof.snapshot import take as take_snapshot
from streams.settings import Settings
from streams.topics import ACTIVITY, TOPICS

SNAPSHOT = "after.snapshot"  # in the folder: what `lotse verify --from` starts from
GONE_S = 60.0  # for the broker to forget deleted topics
Report = Callable[[str], None]


class Move(NamedTuple):
    """What a migration would do; `against` says why it must not be done now."""

    found: int
    wanted: int
    topics: dict[str, int]  # records by topic
    members: int
    against: tuple[str, ...]


def plan(settings: Settings) -> Move:
    """Return what a migration to LOTSE_PARTITIONS would do. Reads, and changes nothing. Raises `UserError`."""
    ends = ends_of(settings.bootstrap)
    if ACTIVITY not in ends:
        raise UserError(f"{ACTIVITY} is not on {settings.bootstrap}; run: lotse topics apply", UNREACHABLE)
    running = _running(settings)
    against = [running] if running else []
    found = len(ends[ACTIVITY])
    shared = list(moves_from(settings, found))
    against += _refused(
        lambda: moving.members_shared([one for one, _ in shared if one is not None], settings.partitions)
    )
    counts = {name: sum(partitions.values()) for name, partitions in ends.items() if name in _fanned()}
    return Move(found, settings.partitions, counts, sum(count for _, count in shared), tuple(against))


def _running(settings: Settings) -> str:
    """Return who is still a member of one of the deployment's groups, as a sentence; empty where nobody is."""
    with closing(admin_of(settings.bootstrap)) as admin:
        groups = groups_of(admin, settings.app)
    running = sorted({member for members in groups.values() for member in members})
    said = f"these still run: {', '.join(running)}; stop every process (Kafka knows of one that has stopped for some seconds more)"
    return said if running else ""


def _nobody_runs(settings: Settings) -> None:
    if running := _running(settings):
        raise UserError(f"nothing was done: {running}", NO)


def _fanned() -> set[str]:
    """Return the topics that have as many partitions as the member log."""
    return {spec.name for spec in TOPICS if spec.partitions is None}


def _refused(merged: Callable[[], object]) -> list[str]:
    try:
        merged()
    except moving.CannotMoveError as error:
        return [f"{error}: start a worker, wait a moment, stop it"]
    except ValueError:  # nothing was folded yet
        return []
    return []


def migrate(settings: Settings, codec: Codec, path: Path, report: Report = lambda _line: None) -> Path:
    """Move everything to LOTSE_PARTITIONS; return the snapshot to verify from. Nothing is deleted before the backup is whole.

    A folder with a whole backup in it is a run that was cut short, and is gone on with. Raises `UserError`.
    """
    folder = Folder(path)
    if (path / SNAPSHOT).exists():
        raise UserError(
            f"nothing was done: the migration in {path} has been done; another one wants a folder of its own", NO
        )
    if (path / MANIFEST).exists():
        manifest = folder.manifest()
        _nobody_runs(settings)
        report(f"going on with the backup of {manifest.taken} in {path}")
    else:
        manifest = _backed_up(settings, codec, path, report)
    _check(manifest, folder, settings, codec)
    _begin_anew(settings)
    Restoring(settings, codec, folder, frozenset(_fanned())).run(report)
    take_snapshot(settings, codec, path / SNAPSHOT)
    return path / SNAPSHOT


def restore(settings: Settings, codec: Codec, path: Path, report: Report = lambda _line: None) -> Path:
    """Put a backup onto a cluster whose topics are empty or not there; return the snapshot to verify from. Raises `UserError`."""
    folder = Folder(path)
    _check(folder.manifest(), folder, settings, codec)
    topic_plan.create_missing(settings, topic_plan.changelogs(settings))
    full = sorted(name for name, partitions in ends_of(settings.bootstrap).items() if any(partitions.values()))
    if full:
        raise UserError(f"nothing was restored: {', '.join(full)} on {settings.bootstrap} hold records already", NO)
    Restoring(settings, codec, folder).run(report)
    take_snapshot(settings, codec, path / SNAPSHOT)
    return path / SNAPSHOT


def _backed_up(settings: Settings, codec: Codec, path: Path, report: Report) -> Manifest:
    move = plan(settings)
    if move.against:
        raise UserError("nothing was done:\n  " + "\n  ".join(move.against), NO)
    if move.found == move.wanted:
        raise UserError(f"nothing was done: there are {move.found} partitions, and LOTSE_PARTITIONS says so", NO)
    manifest = take(settings, codec, path, report)
    if ends_of(settings.bootstrap) != manifest.ends:
        (path / MANIFEST).unlink()
        raise UserError(
            f"nothing was done: somebody still writes to the topics; stop all producers, remove {path}, and run it again",
            NO,
        )
    return manifest


def _check(manifest: Manifest, folder: Folder, settings: Settings, codec: Codec) -> None:
    if manifest.deployment != codec.deployment() or manifest.app != settings.app:
        raise UserError(f"{folder.path} is of another deployment: LOTSE_CONTROL_KEY or LOTSE_APP differs")
    against = untold(folder, manifest, settings.partitions)
    if against:
        raise UserError(f"nothing was done: {against}; start a worker on the old topics, wait a moment, stop it", NO)


def _begin_anew(settings: Settings) -> None:
    """Delete the topics that have as many partitions as the member log, and the changelogs; make them with the new number."""
    changelogs = topic_plan.changelogs(settings)
    names = _fanned() | {one.name for one in changelogs}
    until = time.monotonic() + GONE_S
    with closing(admin_of(settings.bootstrap)) as admin:
        while left := sorted(names & set(admin.list_topics())):
            if time.monotonic() > until:
                raise UserError(
                    f"the broker has not deleted {left[0]} within {GONE_S:.0f} s; run this again", UNREACHABLE
                )
            admin.delete_topics(
                left, raise_errors=False
            )  # again what is still there: a broker may learn late of a new topic
            time.sleep(0.2)
        topic_plan.create_missing(settings, changelogs)
