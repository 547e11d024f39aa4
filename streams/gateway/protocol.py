"""uvicorn's HTTP protocol with a bound on what comes before a body: neither it nor its parser has one."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_MAX = 64 << 10  # bytes of request line and headers
_SAID = b'{"error":"size","message":"the headers are larger than 65536 bytes"}'
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(_SAID), _SAID)
)


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose headers do not end."""

    _head = 0
    _in_head = True

    def on_message_begin(self) -> None:
        """A request begins."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its headers are whole."""
        self._in_head, self._head = False, 0
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Parse on; give up where the head has become too large."""
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > HEAD_MAX and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()
