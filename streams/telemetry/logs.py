"""Logs of the processes that run on: one JSON object a line, or text on a terminal; who members are only as keyed hashes."""

import logging
import sys
import threading
from collections.abc import MutableMapping
from hashlib import blake2b
from types import TracebackType
from typing import Any, Literal, TextIO

import orjson
import structlog
from structlog.types import Processor

from processors.version import VERSION
from streams.runtime.exits import place_of
from streams.settings import Settings, new_key

MEMBER_FIELDS = ("member", "target")  # hashed wherever a line has them
Fields = MutableMapping[str, Any]
_log = logging.getLogger("lotse.process")


def set_up_logs(process: str, settings: Settings, stream: TextIO | None = None) -> None:
    """Log to `stream`, else standard error, from now on; for `lotse` at the level of the settings, for libraries warnings.

    Lines are JSON where LOTSE_LOG_FORMAT says so, or says nothing and the stream is no terminal. `process` names the kind:
    worker, deliver, gateway, pages, console. An exception is told by type and place: its text may quote a record.
    """
    out = sys.stderr if stream is None else stream
    as_json = form_of(settings, out) == "json"
    shared: list[Processor] = [
        structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"), _Process(process, settings.worker),
        MemberHashes(settings.control_key or new_key()), _exception,
    ]  # fmt: skip
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *_rendering(out, as_json=as_json),
    ]
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("lotse").setLevel(settings.log_level.upper())
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what it says of a lost broker, we say in one line
    logging.captureWarnings(capture=True)
    if as_json:
        sys.excepthook, threading.excepthook = _unheard, _unheard_of_thread
    _log.info("starting", extra={"version": VERSION})


def form_of(settings: Settings, stream: TextIO) -> Literal["json", "text"]:
    """Return in which form lines go to a stream."""
    if settings.log_format:
        return "json" if settings.log_format == "json" else "text"
    return "text" if stream.isatty() else "json"


def tell_end(message: str) -> bool:
    """Log the message with which a process ends; False where its logs are not JSON: then it is for people, as it is."""
    if sys.excepthook is not _unheard:
        return False
    _log.critical(message)
    return True


class MemberHashes:
    """Puts a keyed hash in place of each member key: the same member is the same word in all logs of a deployment."""

    def __init__(self, control_key: str) -> None:
        self._key = blake2b(control_key.encode()).digest()

    def of(self, member: str) -> str:
        """Return BLAKE2b-64 of a member key, keyed with the control key."""
        return blake2b(member.encode(), digest_size=8, key=self._key, person=b"lotse-log").hexdigest()

    def __call__(self, _logger: object, _method: str, fields: Fields) -> Fields:
        """Hash the fields of a line that name a member."""
        for name in MEMBER_FIELDS:
            if name in fields:
                fields[name] = self.of(str(fields[name]))
        return fields


class _Process:
    def __init__(self, process: str, worker: str) -> None:
        self._facts = {"process": process, "worker": worker}

    def __call__(self, _logger: object, _method: str, fields: Fields) -> Fields:
        fields.update(self._facts)
        return fields


def _exception(_logger: object, _method: str, fields: Fields) -> Fields:
    """Say type and place of an exception; its own text stays out."""
    record = fields.get("_record")
    told = fields.pop("exc_info", None) or (record.exc_info if record is not None else None)
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        fields["error"], fields["place"] = type(error).__name__, place_of(error)
    if record is not None:  # or the formatter writes the traceback below the line
        record.exc_info = record.exc_text = record.stack_info = None
    fields.pop("stack_info", None)
    return fields


def _rendering(out: TextIO, *, as_json: bool) -> list[Processor]:
    if not as_json:
        return [structlog.dev.ConsoleRenderer(colors=out.isatty(), timestamp_key="time")]
    return [
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(lambda fields, **_: orjson.dumps(fields, default=str).decode()),
    ]


def _unheard(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("ended by an error that nothing expected", exc_info=(kind, error, trace))


def _unheard_of_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _unheard(told.exc_type, told.exc_value, told.exc_traceback)
