"""Static files, whose addresses change with them so that browsers may keep them."""

from hashlib import blake2b
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"


def static_version() -> str:
    """Return what changes when a static file does, so that browsers may keep files for long."""
    content = b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))
    return blake2b(content, digest_size=6).hexdigest()


class KeptFiles(StaticFiles):
    """Files that other sites may load, too."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Return a file that browsers may keep."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = "public, max-age=3600"
        response.headers["access-control-allow-origin"] = "*"
        response.headers["cross-origin-resource-policy"] = "cross-origin"
        return response
