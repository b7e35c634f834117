"""A web server on this machine that says what a test gives it, and notes what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class WebServer:
    """Answers each path with bytes of its own, head included.

    Attributes:
        port: that it listens on.
        replies: by path; b"" closes the connection.
        requests: the heads of all requests so far.
        seconds_a_byte: how slowly it sends; 0.0 for at once.
        n_connections: how many have come.
        names: that connections with TLS asked for.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.replies: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.seconds_a_byte = 0.0
        self.n_connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ended = threading.Event()
        self.names: list[str | None] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if self._tls and certificate:
            self._tls.load_cert_chain(certificate)
            self._tls.sni_callback = lambda _socket, name, _context: self.names.append(name)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Returns an address of this server."""
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, body: bytes | str, *headers: str, status: str = "200 OK") -> str:
        """Sets what a path answers with; returns its address."""
        data = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",))]
        if not any(line.lower().startswith(("content-length:", "transfer-encoding:")) for line in lines):
            lines.append(f"Content-Length: {len(data)}")
        self.replies[path] = "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + data
        return self.url(path)

    def redirect(self, path: str, target: str, status: str = "302 Found") -> str:
        """Sets that a path sends on; returns its address."""
        return self.page(path, b"", f"Location: {target}", status=status)

    def serve(self) -> None:
        """Answers until it is closed."""
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.n_connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with (
            suppress(OSError),
            connection if self._tls is None else self._tls.wrap_socket(connection, True) as connection,
        ):
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(4096)
                if not part:
                    return
                head += part
            text = head.decode("latin-1")
            self.requests.append(text)
            path = text.split(" ")[1]
            reply = self.replies.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            if not self.seconds_a_byte:
                connection.sendall(reply)
                return
            for n in range(len(reply)):
                if self._ended.wait(self.seconds_a_byte):
                    return
                connection.sendall(reply[n : n + 1])

    def close(self) -> None:
        """Ends it."""
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def serving_web(certificate: Path | None = None) -> Iterator[WebServer]:
    """Gives a server that answers while it is used."""
    server = WebServer(certificate)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        # A thread in `accept` is woken by one more connection alone.
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            time.sleep(0)
        thread.join(timeout=2)
