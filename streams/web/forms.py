"""Small forms, bounded in size and number of fields."""

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

BODY_MAX = 16_384  # bytes
FIELDS_MAX = 100
FORM = "application/x-www-form-urlencoded"


async def read_body(request: Request, limit: int = BODY_MAX) -> bytes:
    """Return a request's body. Raises `HTTPException` (413) once it is larger than `limit` bytes."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > limit:
        raise HTTPException(413)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise HTTPException(413)
    return body


async def read_form(request: Request, limit: int = BODY_MAX) -> dict[str, list[str]]:
    """Return the fields of a form as browsers post it. Raises `HTTPException` (413, 415, 400)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    body = await read_body(request, limit)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except (ValueError, UnicodeDecodeError):
        raise HTTPException(400) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
