"""Records of the delivery topics: commands, recalls, and what is neither."""

import msgspec

from processors.commands import Command, Recall
from streams.codec import UndecodableError

_COMMAND, _RECALL = msgspec.json.Decoder(Command), msgspec.json.Decoder(Recall)


class _Head(msgspec.Struct, frozen=True):
    """What tells a recall from a command."""

    type: str = "command"


_HEAD = msgspec.json.Decoder(_Head)


def read_delivery(value: bytes | None) -> Command | Recall | UndecodableError:
    """Return what a record orders, or why it orders nothing."""
    try:
        if _HEAD.decode(value or b"").type == "recall":
            return _RECALL.decode(value or b"")
        return _COMMAND.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return UndecodableError("schema", str(error)[:200])
