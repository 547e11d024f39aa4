"""All settings, from the environment (`LOTSE_...`); the only reader of it. Every bad value is reported at once."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from streams.errors import UserError

PREFIX = "LOTSE_"
SECRETS = frozenset(
    {
        "control_key", "kafka_password", "redis_password", "webhook_secret", "gateway_secrets", "action_key", "action_key_old", "inbox_secret", "inbox_secret_old",
        "slack_token", "discourse_key", "circle_token", "circle_headless_token", "email_password", "hubspot_token", "kit_key",
        "mixpanel_secret", "ga4_secret", "oidc_secret",
    }
)  # fmt: skip
_PASSWORD = re.compile(r"^(\w+://)?[^/@]*@")
_PATH = re.compile(r"^(\w+://[^/?#]*)[/?#].+$")
KEY_MIN = 16  # characters of a control key


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of all processes. Times are in seconds. A secret may come from a file named by `<NAME>_FILE`."""

    bootstrap: str = "127.0.0.1:9092"  # the brokers of Kafka, host:port, several separated by commas
    kafka_security: str = "plaintext"  # ssl, sasl_ssl, sasl_plaintext
    kafka_mechanism: str = "SCRAM-SHA-512"  # or SCRAM-SHA-256, PLAIN
    kafka_user: str = ""  # the user name for SASL
    kafka_password: str = ""  # of that user
    kafka_ca: str = ""  # file (PEM) of who signs the brokers' certificates; empty: whom the machine trusts
    kafka_cert: str = ""  # files (PEM) of our own certificate and key, where brokers ask for one
    kafka_key: str = ""  # the file (PEM) of the key of LOTSE_KAFKA_CERT
    allow_plaintext: bool = False  # to Kafka and Redis on other machines
    redis: str = ""  # redis://host:6379/0 or rediss://...; empty: the embedded store, for trying out
    redis_user: str = ""  # the user name at Redis; empty: the one of its address
    redis_password: str = ""  # of that user
    redis_ca: str = ""  # file (PEM) of who signs Redis's certificate, for rediss://
    app: str = "lotse"  # names the consumer groups, changelogs and keys of this deployment
    worker: str = "worker-1"  # names a worker; each needs a name of its own, the same after a restart
    partitions: int = 4  # of the member log; as many as workers may share, fixed from the first day on
    replication: int = 1  # copies of each topic: 3 where there are three brokers
    catalog: Path = Path(__file__).parent.parent / "resource_catalog"  # the folder of the catalog that is published
    control_key: str = (
        ""  # seals what only this deployment may write; 16 characters at least, the same for all processes
    )
    word_vectors: str = ""  # a table of word vectors of one's own; empty: the shipped one
    store: str = "memory"  # where a worker keeps states between checkpoints: memory or rocksdb
    store_dir: str = ""  # the folder of rocksdb
    health_address: str = "127.0.0.1:9464"  # where each process answers /metrics, /live, /ready and /startup
    checkpoint_s: float = 1.0  # how often a worker writes states and commits
    tick_s: float = 1.0  # how often time is told to the log; 0: somebody else writes the ticks, as a replay does
    session_timeout_s: float = 10.0  # after so long without a sign of life a worker's partitions go to others
    chunk_records: int = 2000  # records that are folded without a pause, at most
    idempotent: bool = True  # false only for the embedded broker, which has no producer ids
    lease_s: float = 30.0  # how long the commands under way wait after a crash of their delivery process
    channels: str = ""  # the deployment's channels, by commas, in the order of preference; the same for all processes
    webhook_url: str = ""  # where the webhook channel sends commands to
    webhook_secret: str = ""  # signs them, by Standard Webhooks: whsec_...
    slack_token: str = ""  # of the bot: xoxb-...
    slack_pin_channel: str = ""  # where pinned messages go that belong to no thread
    slack_url: str = "https://slack.com/api"  # the API of Slack
    discourse_url: str = ""  # https://forum.example.org
    discourse_key: str = ""  # an API key of that user
    discourse_user: str = "system"  # who writes: the user name of a bot
    discourse_category: int = 0  # where pinned topics go; 0: a banner instead
    circle_token: str = ""  # of the Admin API v2: posts and comments
    circle_headless_token: str = ""  # of the Headless API: direct messages by a bot member
    circle_bot: str = ""  # address of the bot member
    circle_space: int = 0  # where pinned posts go
    circle_url: str = "https://app.circle.so"  # the API of Circle
    circle_month: int = 4000  # requests a month that polling may spend; the plan Business has 5,000 for everything
    email_host: str = ""  # the SMTP server
    email_port: int = 587  # its port
    email_tls: str = "starttls"  # starttls, tls, or none for a relay on the same machine
    email_user: str = ""  # with which it is logged in there; empty: without
    email_password: str = ""  # of that user
    email_client: str = ""  # the host name that the server is greeted with (EHLO); empty: the domain of email_from
    email_from: str = ""  # "Name <address>"
    email_reply_to: str = ""  # where answers go
    email_unsubscribe: str = ""  # an address that takes unsubscriptions too
    hubspot_token: str = ""  # of a private app
    hubspot_does: str = "email"  # email (single send), property or event
    hubspot_email: int = 0  # id of the single-send e-mail
    hubspot_property: str = ""  # contact property that gets the resource
    hubspot_event: str = ""  # the event that is sent: pe<HubID>_name
    hubspot_url: str = "https://api.hubapi.com"  # the API of HubSpot
    kit_key: str = ""  # of the API v4
    kit_tag: int = 0  # subscribers are tagged, an automation there does the rest
    kit_sequence: int = 0  # or added to a sequence
    kit_url: str = "https://api.kit.com/v4"  # the API of Kit
    staff_place: str = ""  # slack:<channel id>, discourse:<category id> or email:<address>
    mixpanel_project: str = ""  # the project that is told of decisions and outcomes
    mixpanel_user: str = ""  # user name of a service account
    mixpanel_secret: str = ""  # of that account
    mixpanel_url: str = "https://api.mixpanel.com"  # api-eu.mixpanel.com, api-in.mixpanel.com for projects there
    ga4_measurement: str = ""  # the measurement id: G-...
    ga4_secret: str = ""  # of the Measurement Protocol
    ga4_url: str = "https://www.google-analytics.com"  # region1.google-analytics.com keeps it in the EU
    action_key: str = ""  # signs the buttons and links of messages; empty: made from the control key
    action_key_old: str = ""  # the action key before, still read for 90 days after a change
    pages_url: str = ""  # where members reach the pages; empty: messages carry no links of their own
    community: str = "community"  # the one that doors lead into, unless their file or key says another
    gateway_address: str = "127.0.0.1:8080"  # where the gateway listens
    gateway_url: str = ""  # how platforms reach the gateway (some signatures hold it); empty: as the request says
    gateway_secrets: str = ""  # door=secret, blanks between; two of one door while one is changed
    gateway_doors: str = ""  # a file of doors (YAML); empty: one door for each source, under its name
    pages_address: str = "127.0.0.1:9480"  # where the member pages listen
    inbox_secret: str = ""  # with which the platform signs who its members are; empty: no in-app inbox
    inbox_secret_old: str = ""  # the inbox secret before, still read
    inbox_origins: str = (
        ""  # where the in-app script is embedded: https://forum.example.org, several separated by commas
    )
    pages_proxies: str = "127.0.0.1"  # whose X-Forwarded-For is believed; several separated by commas
    console_address: str = "127.0.0.1:9490"  # beyond this machine only behind a proxy with TLS
    console_url: str = ""  # how people reach it; empty: as console_address says
    console_proxies: str = "127.0.0.1"  # whose X-Forwarded-For is believed; several separated by commas
    console_db: Path = Path("lotse-console.sqlite")  # decisions as the console shows them; accounts lie beside it
    console_decisions_max: int = 10_000_000  # the newest so many decisions are kept, and as many events
    console_history: str = (
        ""  # a file of a history (as lotse backtest reads it) that the console may try playbooks on, beside the log
    )
    oidc_issuer: str = ""  # https://login.example.org: people sign in to the console there too; needs the extra oidc
    oidc_client: str = ""  # the client id that the console has there
    oidc_secret: str = ""  # of that client; empty: a public client
    oidc_scope: str = "openid profile email"  # what is asked for; some providers want groups named here
    oidc_name: str = "preferred_username"  # the claim that is the account's name
    oidc_claim: str = "groups"  # the claim that says who is what: a text or a list; a dot leads into an object
    oidc_roles: str = (
        ""  # role=value, blanks between: admin=lotse-admins author=editors; who has none of them is not let in
    )
    oidc_label: str = ""  # what the button says, such as the name of the organisation
    log_format: str = ""  # json or text; empty: text on a terminal, else json
    log_level: str = "info"  # of our own lines: debug (each decision), info (each delivery), warning, error
    otlp_endpoint: str = ""  # where spans go, http://collector:4318; needs the extra otel
    failpoint: str = ""  # for tests: the place where the process ends itself
    failpoint_after_s: float = 0.0  # for tests: not before so many seconds
    failpoint_action: str = "kill"  # for tests: kill or stop

    def control(self) -> bytes:
        """Return the deployment's control key. Raises `UserError` where there is none."""
        if len(self.control_key) < KEY_MIN:
            raise UserError(
                f"LOTSE_CONTROL_KEY: expected a secret of at least {KEY_MIN} characters, the same for all processes; "
                "make one, once: openssl rand -hex 32"
            )
        return self.control_key.encode()

    def action_keys(self) -> tuple[bytes, ...]:
        """Return the keys of action tokens, the one that signs first. Raises `UserError` where there is none."""
        keys = [key for key in (self.action_key, self.action_key_old) if key]
        if any(len(key) < KEY_MIN for key in keys):
            raise UserError(
                f"LOTSE_ACTION_KEY, LOTSE_ACTION_KEY_OLD: expected secrets of at least {KEY_MIN} characters"
            )
        return tuple(key.encode() for key in keys) if self.action_key else (self.control(), *map(str.encode, keys))


class Loaded(msgspec.Struct, frozen=True):
    """Settings with the source of each value: default, environment, or the file it came from."""

    settings: Settings
    sources: dict[str, str]


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _positive(low: float, high: float) -> Callable[[Any], str | None]:
    return lambda value: None if low <= value <= high else f"a number from {low:g} to {high:g}"


KINDS: dict[Any, str] = {int: "a whole number", float: "a number", bool: "true or false"}
CHECKS: dict[str, Callable[[Any], str | None]] = {
    "bootstrap": lambda value: (
        None
        if all(part.rpartition(":")[2].isdigit() and "://" not in part for part in value.split(","))
        else "host:port (no http://), several separated by commas"
    ),
    "redis": lambda value: (
        None if not value or value.startswith(("redis://", "rediss://")) else "a URL redis:// or rediss://"
    ),
    "kafka_security": lambda value: (
        None
        if value in ("plaintext", "ssl", "sasl_ssl", "sasl_plaintext")
        else "plaintext, ssl, sasl_ssl or sasl_plaintext"
    ),
    "kafka_mechanism": lambda value: (
        None if value in ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN") else "SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN"
    ),
    "partitions": _positive(1, 1024),
    "replication": _positive(1, 9),
    "store": lambda value: None if value in ("memory", "rocksdb") else "memory or rocksdb",
    "checkpoint_s": _positive(0.05, 60),
    "tick_s": _positive(0, 60),
    "session_timeout_s": _positive(6, 60),
    "lease_s": _positive(3, 600),
    "chunk_records": _positive(1, 100_000),
    "log_format": lambda value: None if value in ("", "json", "text") else "json or text",
    "log_level": lambda value: (
        None if value in ("debug", "info", "warning", "error") else "debug, info, warning or error"
    ),
    "failpoint_action": lambda value: None if value in ("kill", "stop") else "kill or stop",
    "community": lambda value: (
        None
        if value and "/" not in value and not value.startswith("@") and len(value) <= 100
        else "a name of 1 to 100 characters without / that does not begin with @"
    ),
    "gateway_address": lambda value: None if value.rpartition(":")[2].isdigit() else "host:port",
    "circle_month": _positive(10, 250_000),
    "email_port": _positive(1, 65535),
    "email_tls": lambda value: None if value in ("starttls", "tls", "none") else "starttls, tls or none",
    "email_client": lambda value: (
        None if re.fullmatch(r"[A-Za-z0-9.:\[\]-]*", value) else "a host name, or an address in brackets"
    ),
    "hubspot_does": lambda value: None if value in ("email", "property", "event") else "email, property or event",
    "staff_place": lambda value: (
        None
        if not value or (value.partition(":")[0] in ("slack", "discourse", "email") and value.partition(":")[2])
        else "slack:<channel id>, discourse:<category id> or email:<address>"
    ),
    "health_address": lambda value: None if value.rpartition(":")[2].isdigit() else "host:port",
    "pages_address": lambda value: None if value.rpartition(":")[2].isdigit() else "host:port",
    "console_address": lambda value: None if value.rpartition(":")[2].isdigit() else "host:port",
    "console_decisions_max": _positive(1_000, 1_000_000_000),
    **dict.fromkeys(
        (
            "gateway_url",
            "pages_url",
            "console_url",
            "webhook_url",
            "slack_url",
            "discourse_url",
            "circle_url",
            "hubspot_url",
            "kit_url",
            "mixpanel_url",
            "ga4_url",
            "otlp_endpoint",
            "oidc_issuer",
        ),
        lambda value: None if not value or _is_web_address(value) else "a URL http:// or https:// with a host",
    ),
}


def load_settings(environment: Mapping[str, str] | None = None) -> Loaded:
    """Read the environment. Raises `UserError` that names each bad value, unknown names too."""
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    sources = dict.fromkeys(Settings.__struct_fields__, "default")
    faults = _unknown(environment)
    for field in msgspec.structs.fields(Settings):
        name = PREFIX + field.name.upper()
        raw, source = environment.get(name), name
        if raw is None and f"{name}_FILE" in environment:
            raw, source = _read(environment[f"{name}_FILE"], f"{name}_FILE", faults), f"{name}_FILE"
        if raw is None:
            continue
        try:
            value = msgspec.convert(raw, field.type, strict=False, dec_hook=lambda kind, text: kind(text))
        except msgspec.ValidationError:
            wanted = KINDS.get(field.type, getattr(field.type, "__name__", field.type))
            faults.append(f"{name}: expected {wanted}, found {shown(field.name, raw)!r}")
            continue
        expected = CHECKS.get(field.name, lambda _value: None)(value)
        if expected:
            faults.append(f"{name}: expected {expected}, found {shown(field.name, raw)!r}")
        values[field.name], sources[field.name] = value, source
    if values.get("store") == "rocksdb" and not values.get("store_dir"):
        faults.append("LOTSE_STORE_DIR: expected a directory, since LOTSE_STORE is rocksdb")
    if str(values.get("kafka_security", "")).startswith("sasl") and not (
        values.get("kafka_user") and values.get("kafka_password")
    ):
        faults.append("LOTSE_KAFKA_USER, LOTSE_KAFKA_PASSWORD: expected both, since LOTSE_KAFKA_SECURITY is SASL")
    if faults:
        raise UserError("settings:\n  " + "\n  ".join(faults))
    return Loaded(Settings(**values), sources)


def shown(name: str, value: str) -> str:
    """Return a setting's value without what is secret in it: keys, the password of an address, a path that is a token."""
    if name in SECRETS:
        return "(set)" if value else "(not set)"
    if name == "webhook_url":
        value = _PATH.sub(r"\1/(not shown)", value)
    return _PASSWORD.sub(r"\1(not shown)@", value) if name in ("redis", "webhook_url") else value


def child_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with changes, for the processes that it starts."""
    return {**os.environ, **changes}


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which a process that we start has these settings."""
    changed = {
        name: value for name, value in msgspec.structs.asdict(settings).items() if value != getattr(Settings(), name)
    }
    return {
        PREFIX + name.upper(): str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in changed.items()
    }


def new_key() -> str:
    """Return a control key for a deployment that lives as long as this process."""
    return secrets.token_hex(32)


def _unknown(environment: Mapping[str, str]) -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.__struct_fields__}
    allowed = known | {f"{name}_FILE" for name in known} | {"LOTSE_SHARED_DATA", "LOTSE_SHARED_PAYLOADS"}
    strange = (name for name in sorted(environment) if name.startswith(PREFIX) and name not in allowed)
    return [f"{name}: no such setting{_near(name)}" for name in strange]


def _near(name: str) -> str:
    """Return the nearest setting as the end of a sentence; the prefix, common to all, must not make them alike."""
    near = get_close_matches(name.removeprefix(PREFIX).lower(), Settings.__struct_fields__, 1, 0.85)
    return f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""


def _read(path: str, name: str, faults: list[str]) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        faults.append(f"{name}: {path} cannot be read ({error.strerror})")
        return None
