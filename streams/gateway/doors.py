"""The doors: under which name which platform sends for which community, and by what its requests are known.

Without a file there is one door for each source, under its own name. A file (YAML) adds doors, or says more of one:
`doors: {forum: {source: discourse, community: town, mapping: forum.yaml, signature: standard-webhooks}}`.
"""

from collections.abc import Mapping as Map
from pathlib import Path

import msgspec

from resource_catalog.problems import Block, Problem
from resource_catalog.yaml_text import parse_yaml, read_text
from streams.errors import UserError
from streams.gateway import signatures
from streams.gateway.mapping import Mapping
from streams.gateway.mapping_file import read_mapping
from streams.gateway.signatures import SCHEMES, Scheme
from streams.gateway.sources import ALIASES, SOURCES
from streams.settings import Settings

EVENTS = "events"  # the door of /events, which speaks our own words
LIMITS_S = {"slack": 2.2, "hubspot": 4.0, "segment": 4.0}  # Slack waits 3 s for an answer, HubSpot and Segment 5 s
LIMIT_S = 8.0
SECRET_MIN = 8  # characters; Discourse asks for 12


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """One door; `limit_s` is how long its platform may wait for an answer."""

    name: str
    source: str
    community: str
    secrets: tuple[str, ...] = ()
    signature: str = ""  # of `SCHEMES`; empty: the source's own
    mapping: Mapping | None = None
    limit_s: float = LIMIT_S

    def scheme(self, headers: Map[str, str]) -> Scheme:
        """Return the scheme by which a request with these headers is known."""
        if self.signature:
            return SCHEMES[self.signature]
        own = SOURCES[self.source].signature
        if own is signatures.hubspot_v3 and "x-hubspot-signature-v3" not in headers:
            old = headers.get("x-hubspot-signature-version", "").lower()
            return {"v1": signatures.hubspot_v1, "v2": signatures.hubspot_v2}.get(old, own)
        if own is signatures.shared_secret and "webhook-signature" in headers:
            return signatures.standard_webhooks
        if self.source == "segment" and "x-signature" in headers:
            return signatures.segment
        return own

    @property
    def takes_keys(self) -> bool:
        """Tell whether an API key, or a secret at the end of the path, opens it: where the platform signs nothing."""
        return not self.signature and SOURCES[self.source].signature is signatures.shared_secret

    @property
    def takes_path(self) -> bool:
        """Tell whether the secret may stand at the end of the path: for what can set no header, as Kit's older webhooks."""
        return self.takes_keys or (not self.signature and self.source == "kit")


def read_doors(settings: Settings) -> dict[str, Door]:
    """Return the doors by name. Raises `UserError` with every problem of the file and the secrets."""
    doors = {name: _door(name, ALIASES.get(name, name), settings.community) for name in (*SOURCES, *ALIASES)}
    doors[EVENTS] = _door(EVENTS, "zapier", settings.community)
    if settings.gateway_doors:
        doors |= _from_file(Path(settings.gateway_doors), settings.community)
    secrets = _secrets(settings.gateway_secrets)
    unknown = sorted(secrets.keys() - doors.keys())
    if unknown:
        raise UserError(f"LOTSE_GATEWAY_SECRETS: no door {', '.join(unknown)}; there are {', '.join(doors)}")
    given = {name: msgspec.structs.replace(doors[name], secrets=tuple(found)) for name, found in secrets.items()}
    return doors | given


def _door(name: str, source: str, community: str, signature: str = "", mapping: Mapping | None = None) -> Door:
    limit = LIMITS_S.get(source, LIMIT_S)
    return Door(name=name, source=source, community=community, signature=signature, mapping=mapping, limit_s=limit)


def _secrets(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number, one in enumerate(text.replace(",", " ").split(), 1):
        name, sign, secret = one.partition("=")
        if not sign or len(secret) < SECRET_MIN:
            raise UserError(
                f"LOTSE_GATEWAY_SECRETS: expected door=secret with {SECRET_MIN} characters at least, number {number} is not so"
            )
        found.setdefault(name, []).append(secret)
    return found


def _from_file(path: Path, community: str) -> dict[str, Door]:
    problems: list[Problem] = []
    content = read_text(path, problems)
    data = None if content is None else parse_yaml(path, content, problems)
    doors: dict[str, Door] = {}
    if data is not None:
        block = Block(str(path), data, problems)
        block.allow("doors")
        given = block.block("doors")
        for name in given.data if given is not None else ():
            one = given.block(str(name)) if given is not None else None
            if one is not None:
                doors[str(name)] = _read(str(name), one, path.parent, community)
    if problems:
        raise UserError("the doors have problems:\n" + "\n".join(map(str, sorted(problems))))
    return doors


def _read(name: str, block: Block, folder: Path, community: str) -> Door:
    block.allow("source", "community", "signature", "mapping")
    source, signature = block.text("source", name), block.text("signature", "")
    if ALIASES.get(source, source) not in SOURCES:
        block.problem("source", f"source: expected one of {', '.join(SOURCES)}, found {source}")
    if signature and signature not in SCHEMES:
        block.problem("signature", f"signature: expected one of {', '.join(SCHEMES)}, found {signature}")
    if "/" in name or name == EVENTS:
        block.problem(None, f"{name}: expected a name without / that is not {EVENTS}")
    town = block.text("community", community)
    if not town or "/" in town or town.startswith("@"):
        block.problem("community", "community: expected a name without / that does not begin with @")
    file = block.text("mapping", "")
    mapping = read_mapping(folder / file) if file else None
    return _door(name, ALIASES.get(source, source), town, signature, mapping)
