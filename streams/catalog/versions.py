"""Versions of the published catalog: who published what, when and why; and going back to an earlier one."""

import time
from contextlib import suppress
from typing import NamedTuple

import msgspec

from processors.orders import Order
from processors.playbooks.resources import Bundle, Playbook
from resource_catalog.approval import unapproved
from streams.catalog.feed import last_published, publish
from streams.codec import Codec
from streams.control import write_order
from streams.errors import UserError
from streams.servers.log_reader import partition_count, read_last, read_topic
from streams.settings import Settings
from streams.topics import ACTIVITY, CATALOG

COMMAND_LIFE_S = 2 * 86400.0  # no command given before is worth delivering after that
SHORT = 12  # digits of a version as people read and name it


class Version(NamedTuple):
    """One published catalog; `time` in epoch seconds."""

    hash: str
    time: float
    bundle: Bundle

    @property
    def name(self) -> str:
        """The version as people name it."""
        return self.hash[:SHORT]


def versions(bootstrap: str) -> list[Version]:
    """Return what was published, the oldest first; bundles that this version of the program cannot read are left out."""
    found = []
    for record in read_topic(bootstrap, CATALOG):
        with suppress(msgspec.DecodeError):
            bundle = msgspec.json.decode(record.value or b"", type=Bundle)
            found.append(Version((record.key or b"").decode(), record.timestamp / 1000, bundle))
    return found


class Published(msgspec.Struct):
    """Who published a catalog, and why; `name` as people name the version, `time` in epoch seconds."""

    author: str = ""
    note: str = ""
    name: str = ""
    time: float = 0.0


def last_publications(bootstrap: str, count: int) -> list[Published]:
    """Return the last publications, the newest first, without reading what is in them. Raises `UserError` without a broker."""
    found = []
    for record in read_last(bootstrap, CATALOG, count):
        with suppress(msgspec.DecodeError):
            one = msgspec.json.decode(record.value or b"", type=Published)
            found.append(
                msgspec.structs.replace(one, name=(record.key or b"").decode()[:SHORT], time=record.timestamp / 1000)
            )
    return sorted(found, key=lambda one: -one.time)[:count]


def publish_by(settings: Settings, bundle: Bundle, author: str, reason: str) -> str:
    """Publish a catalog with its author and reason; return its hash.

    Raises `UserError` where the topics are not as planned, or two people must approve a playbook first (resource_catalog/approval.py).
    """
    found = partition_count(settings.bootstrap, ACTIVITY)
    if found != settings.partitions:
        raise UserError(
            f"{ACTIVITY} has {found} partitions, LOTSE_PARTITIONS says {settings.partitions}: nothing was published"
        )
    bare = unapproved(last_published(settings.bootstrap), bundle)
    if bare:
        raise UserError(
            f"{', '.join(bare)}: help for people in distress is in force only as two people approved it, word for word; nothing was published. "
            f"Each of them: lotse playbooks approve {bare[0]} --by NAME, or in the console under Approvals"
        )
    bundle = msgspec.structs.replace(bundle, author=author or bundle.author, note=reason or bundle.note)
    return publish(settings.bootstrap, bundle, Codec(settings.control()), settings.partitions, time.time())


def stop_what_was_given(settings: Settings, playbook: str, author: str, reason: str) -> None:
    """Stop the deliveries of a playbook's commands that were given up to now, at once; later ones go."""
    now = time.time()
    order = Order(
        kind="rollback", on=True, author=author, reason=reason, at=now, until=now + COMMAND_LIFE_S, playbook=playbook
    )
    write_order(settings.bootstrap, Codec(settings.control()), order)


def specs_of(bundle: Bundle, playbook: str) -> tuple[Playbook, ...]:
    """Return a playbook, or the steps of a sequence, by the id of its file."""
    return tuple(one for one in bundle.playbooks if playbook in (one.id, one.sequence))


def changed(before: Bundle, after: Bundle) -> list[str]:
    """Return the ids (of files) of the playbooks that differ between two catalogs."""
    names = {one.sequence or one.id for bundle in (before, after) for one in bundle.playbooks}
    return sorted(name for name in names if specs_of(before, name) != specs_of(after, name))


def earlier(found: list[Version], playbook: str, version: str = "") -> Version:
    """Return the version to go back to: the one named, else the last in which the playbook was another.

    Raises `UserError` where there is none.
    """
    if not found:
        raise UserError("no catalog was published yet: nothing to go back to")
    now = specs_of(found[-1].bundle, playbook)
    if version:
        named = [one for one in found if one.hash.startswith(version)]
        if not named:
            known = ", ".join(one.name for one in found[-5:])
            raise UserError(f"no published version {version}; the last ones are {known} (lotse catalog history)")
        return named[-1]
    others = [one for one in found[:-1] if specs_of(one.bundle, playbook) and specs_of(one.bundle, playbook) != now]
    if not others:
        raise UserError(
            f"{playbook}: it was never published otherwise; to stop it: lotse playbooks promote {playbook} --to off"
        )
    return others[-1]


def with_playbook_of(now: Bundle, then: Bundle, playbook: str) -> Bundle:
    """Return today's catalog with one playbook as it was then, and the resources that it needs and that are gone."""
    specs = specs_of(then, playbook)
    if not specs:
        raise UserError(f"{playbook}: that version does not hold it")
    others = [one for one in now.playbooks if playbook not in (one.id, one.sequence)]
    known = {one.id for one in now.resources}
    needed = {
        name for one in specs for name in (one.resource, *one.best_of, *(variant.resource for variant in one.variants))
    }
    resources = [*now.resources, *(one for one in then.resources if one.id in needed - known)]
    return msgspec.structs.replace(
        now,
        playbooks=tuple(sorted((*others, *specs), key=lambda one: one.id)),
        resources=tuple(sorted(resources, key=lambda one: one.id)),
    )
