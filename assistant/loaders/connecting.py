"""Connects to a server of the web: the name is looked up once, every address checked, and the checked one connected to."""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Any

from assistant.errors import ArticleError
from assistant.loaders.addresses import Address, is_public

Resolve = Callable[[str], list[str]]
"""A name -> its IP addresses; OSError if there are none."""

MAX_TRIED = 4  # addresses of one name, so that one that does not answer leaves time for the next
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
"""Why the first words of a server are no beginning of TLS, as OpenSSL's versions put it."""
_NOT_HERE = "ASSISTANT_ALLOW_PRIVATE_ADDRESSES=true allows addresses of your own network."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take.

    Attributes:
        seconds: in all, redirects included.
        connect_seconds: for finding a server and connecting to it.
        header_bytes: of one reply.
        redirects: that are followed.
    """

    seconds: float = 20.0
    connect_seconds: float = 10.0
    header_bytes: int = 65_536
    redirects: int = 5


def addresses_of(name: str) -> list[str]:
    """Returns the IP addresses of a name, as the system looks it up.

    Raises:
        OSError: if it has none.
    """
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(address: Address, resolve: Resolve, allow_private: bool, seconds: float) -> list[str]:
    """Returns the IP addresses that may be connected to.

    Raises:
        ArticleError: if the name is not known, or any of its addresses is not public.
    """
    host = address.host
    numbers = [host] if _is_number(host) else _looked_up(host, resolve, seconds)
    # One private address among public ones is no accident, and the next connection may go there.
    if not allow_private and not all(is_public(number) for number in numbers):
        raise ArticleError(f"{host} is not on the public internet, and nothing was asked of it. {_NOT_HERE}")
    return numbers[:MAX_TRIED]


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _looked_up(host: str, resolve: Resolve, seconds: float) -> list[str]:
    """Returns what `resolve` finds within some seconds: the system's own look-up knows no limit."""
    told: Queue[list[str] | OSError | UnicodeError] = Queue()

    def look_up() -> None:
        try:
            told.put(resolve(host))
        except (OSError, UnicodeError) as error:
            told.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        found = told.get(timeout=seconds)
    except Empty:
        raise ArticleError(f"The name {host} could not be looked up in time. Try again in a minute.") from None
    if isinstance(found, Exception) or not found:
        cause = found if isinstance(found, Exception) else None
        raise ArticleError(
            f"No server of the name {host} was found. Check the address, and that this machine is on the network."
        ) from cause
    return found


class TooMuchError(OSError):
    """A server sends more than was to come."""


class Connection:
    """A connection to a checked address, every wait of which ends with the time that is left in all.

    Attributes:
        room: how many more bytes may come.
    """

    def __init__(
        self, address: Address, numbers: list[str], allow_private: bool, deadline: float, limits: Limits
    ) -> None:
        """Connects to the first address that answers; with TLS, the server must prove that it has the name.

        Raises:
            ArticleError: if none answers, or its certificate does not fit.
        """
        self.room = limits.header_bytes
        self._deadline = deadline
        self._socket = self._connected(address, numbers, min(limits.connect_seconds, self.seconds_left()))
        try:
            if not allow_private and _is_itself(self._socket):
                raise ArticleError(f"{address.host} is this machine itself, and nothing was asked of it. {_NOT_HERE}")
            if address.scheme == "https":
                self._socket.settimeout(min(limits.connect_seconds, self.seconds_left()))
                self._socket = _tls().wrap_socket(self._socket, server_hostname=address.host)
        except ssl.SSLError as error:
            self._socket.close()
            if error.reason in _NO_TLS:
                raise ArticleError(
                    f"{address.host} does not speak https at port {address.port}. Give the address with http:// if that "
                    "is meant: anybody between can read and change what it gives then."
                ) from error
            reason = getattr(error, "verify_message", "") or error.reason or "the connection failed"
            raise ArticleError(
                f"{address.host} cannot prove that it is {address.host}: {reason}. Nothing was asked of it."
            ) from error
        except BaseException:
            self._socket.close()
            raise

    @staticmethod
    def _connected(address: Address, numbers: list[str], seconds: float) -> socket.socket:
        ends = time.monotonic() + seconds
        last: OSError = TimeoutError("timed out")
        for n, number in enumerate(numbers):
            left = (ends - time.monotonic()) / (len(numbers) - n)
            if left <= 0:
                break
            try:
                return socket.create_connection((number, address.port), timeout=left)
            except OSError as error:
                last = error
        if isinstance(last, TimeoutError):
            raise ArticleError(f"{address.host} does not answer. Try again in a minute.") from last
        reason = last.strerror or str(last)
        raise ArticleError(f"{address.host} cannot be reached at port {address.port}: {reason}.") from last

    def seconds_left(self) -> float:
        """Returns the seconds left.

        Raises:
            TimeoutError: if there are none.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def send(self, data: bytes) -> None:
        """Sends a request."""
        self._socket.settimeout(self.seconds_left())
        self._socket.sendall(data)

    def receive_into(self, buffer: Any) -> int:
        """Receives what has come, waiting no longer than is left; returns how many bytes, 0 at the end."""
        self._socket.settimeout(self.seconds_left())
        try:
            n_bytes = self._socket.recv_into(buffer)
        except ssl.SSLEOFError:
            return 0
        self.room -= n_bytes
        if self.room < 0:
            raise TooMuchError("more came than was to be")
        return n_bytes

    def makefile(self, mode: str) -> io.BufferedReader:
        """Returns what `http.client.HTTPResponse` reads from."""
        if mode != "rb":
            raise ValueError(f"mode is {mode!r}, expected 'rb'")
        return io.BufferedReader(_Received(self))

    def close(self) -> None:
        """Lets go of the connection."""
        self._socket.close()


class _Received(io.RawIOBase):
    """What comes over a connection, as a file."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._connection.receive_into(buffer)


def _is_itself(connected: socket.socket) -> bool:
    """Returns whether both ends of a connection are of this machine, whatever its addresses are."""
    return bool(connected.getpeername()[0] == connected.getsockname()[0])


def _tls() -> ssl.SSLContext:
    """Returns what servers are checked with: the system's certificates, or those of certifi where it has none."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if paths.cafile is None and paths.capath is None:
        import certifi

        context.load_verify_locations(certifi.where())
    return context
