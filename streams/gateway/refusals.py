"""Why a request is refused: one status, one word of a closed list for metrics, one message that says how to mend it."""

from typing import TYPE_CHECKING, Any, Literal

import orjson

if TYPE_CHECKING:
    from starlette.responses import Response

Reason = Literal[
    "body", "busy", "broker_away", "community", "content_type", "encoding", "invalid", "key", "late", "method", "nothing_here", "rate",
    "replayed", "shape", "signature", "size", "slow", "store_away",
]  # fmt: skip
JSON = "application/json"


class RefusedError(Exception):
    """A request that is not taken. `retry_after` (whole seconds) is for those that should come again."""

    def __init__(
        self, status: int, reason: Reason, message: str, retry_after: int = 0, errors: list[str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.reason, self.message, self.retry_after, self.errors = (
            status,
            reason,
            message,
            retry_after,
            errors,
        )

    def response(self) -> "Response":
        """Return what the sender is told."""
        from starlette.responses import Response  # noqa: PLC0415  (whoever only counts the reasons answers nobody)

        told: dict[str, Any] = {"error": self.reason, "message": self.message}
        if self.errors:
            told["errors"] = self.errors
        headers = {"retry-after": str(self.retry_after)} if self.retry_after else {}
        if self.status == 401:
            headers["www-authenticate"] = "Bearer"
        return Response(orjson.dumps(told), self.status, headers, JSON)


def away(
    reason: Literal["broker_away", "store_away", "busy", "late"], message: str, retry_after: int = 2
) -> RefusedError:
    """Return the refusal of what nobody but us can mend: come again."""
    return RefusedError(503, reason, f"{message}; nothing was taken for certain: send it again", retry_after)
