"""Fetches one page of the public web, honestly: as itself, without cookies, credentials or proxies, within limits."""

from __future__ import annotations

import contextlib
import http.client
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urljoin

from assistant import __version__
from assistant.errors import ArticleError
from assistant.loaders.addresses import Address, read_address
from assistant.loaders.connecting import Connection, Limits, Resolve, TooMuchError, addresses_of, checked_addresses

USER_AGENT = f"ArticleAssistant/{__version__}"
_ACCEPTED = "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,text/markdown;q=0.9,*/*;q=0.5"
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 65_536
_INFLATED_AT_ONCE = 4096  # bytes
_CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 47}  # window bits of zlib


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave.

    Attributes:
        url: where it was found, after redirects, without a fragment.
        data: its content, decompressed.
        content_type: as the server states it, in lower case, without parameters; "" if it does not.
        charset: as the server states it, "" if it does not.
        name: the last part of the path, as a file's name; "" if there is none.
        at: when, UTC.
    """

    url: str
    data: bytes
    content_type: str
    charset: str
    name: str
    at: datetime


def fetch(
    url: str,
    max_megabytes: float = 30.0,
    allow_private: bool = False,
    resolve: Resolve = addresses_of,
    limits: Limits | None = None,
) -> Fetched:
    """Returns what an address gives, after redirects.

    Args:
        url: of http or https.
        max_megabytes: that its content may have, decompressed.
        allow_private: whether machines of one's own network may be asked as well.
        resolve: looks a name up.
        limits: of time, header and redirects.

    Raises:
        ArticleError: if the address is not allowed, or gives nothing that could be read.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    address = read_address(url)
    for _ in range(limits.redirects + 1):
        try:
            found = _asked(address, int(max_megabytes * 1_000_000), allow_private, resolve, deadline, limits)
        except TimeoutError as error:
            raise ArticleError(
                f"{address.host} took longer than {limits.seconds:g} seconds, and was given up. Try again later."
            ) from error
        except TooMuchError as error:
            raise ArticleError(
                f"{address.host} sends more than it says, or a header larger than {limits.header_bytes:,} bytes."
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ArticleError(
                f"{address.host} broke off before the page was whole, or does not speak HTTP. Try again in a minute."
            ) from error
        if isinstance(found, Fetched):
            return found
        if address.scheme == "https" and found.scheme == "http":
            raise ArticleError(
                f"{address.url} sends on to {found.url}, which anybody between could read and change. "
                "Give that address itself if it is meant."
            )
        address = found
    raise ArticleError(f"{url.strip():.200} is sent on more than {limits.redirects} times. Give the last address.")


def _asked(
    address: Address, max_bytes: int, allow_private: bool, resolve: Resolve, deadline: float, limits: Limits
) -> Fetched | Address:
    """Returns what one request gave: content, or where to ask."""
    seconds = min(limits.connect_seconds, deadline - time.monotonic())
    if seconds <= 0:
        raise TimeoutError
    numbers = checked_addresses(address, resolve, allow_private, seconds)
    connection = Connection(address, numbers, allow_private, deadline, limits)
    with contextlib.closing(connection):
        connection.send(
            f"GET {address.target} HTTP/1.1\r\nHost: {address.authority}\r\nUser-Agent: {USER_AGENT}\r\n"
            f"Accept: {_ACCEPTED}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode("ascii")
        )
        connection.room = limits.header_bytes
        response = http.client.HTTPResponse(connection, method="GET")  # type: ignore[arg-type]
        with contextlib.closing(response):
            response.begin()
            # Compressed content may be larger than it is long: by a thousandth, and its chunks' lengths.
            connection.room = max_bytes + max_bytes // 10 + limits.header_bytes
            if response.status in _REDIRECTS and response.headers.get("Location"):
                return _sent_on(address, str(response.headers["Location"]))
            _check_status(response.status, address)
            return _received(response, address, max_bytes)


def _sent_on(address: Address, location: str) -> Address:
    """Returns where a reply sends on to; names in it may be in UTF-8, which HTTP knows nothing of."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        target = urljoin(address.url, location.strip(" \t").replace(" ", "%20"))
    except ValueError:
        target = location
    try:
        return read_address(target)
    except ArticleError as error:
        raise ArticleError(f"{address.url} sends on to what is not fetched. {error}") from error


def _check_status(status: int, address: Address) -> None:
    """Refuses what is not the page.

    Raises:
        ArticleError: if the status tells that it is not.
    """
    if status in (200, 203):
        return
    url = address.url
    if status in (404, 410):
        raise ArticleError(f"There is no page at {url} (status {status}). Check the address.")
    if status in (401, 402, 403, 407, 451):
        raise ArticleError(
            f"{address.host} does not let everybody read {url} (status {status}): it wants a sign-in, a payment or a "
            "browser. Open it there, and add its text or a saved copy."
        )
    if status == 429:
        raise ArticleError(f"{address.host} wants to be asked less often (status 429). Try again in some minutes.")
    if status >= 500:
        raise ArticleError(f"{address.host} has a fault of its own (status {status}). Try again later.")
    raise ArticleError(f"{url} gave no page (status {status}). Check the address.")


def _received(response: http.client.HTTPResponse, address: Address, max_bytes: int) -> Fetched:
    headers = response.headers
    coding = ", ".join(headers.get_all("Content-Encoding") or []).strip().lower()
    if coding in ("", "identity"):
        if response.length is not None and response.length > max_bytes:
            raise _too_large(address, max_bytes)
        data = _whole(response, address, max_bytes)
    elif coding in _CODINGS:
        data = _decompressed(_whole(response, address, max_bytes), coding, address, max_bytes)
    else:
        raise ArticleError(f"{address.host} sent the page compressed as {coding:.40}, which was not asked for.")
    stated = headers.get_content_charset() or ""
    return Fetched(
        address.url,
        data,
        headers.get_content_type() if headers.get("Content-Type") else "",
        stated,
        _file_name(address.target),
        datetime.now(UTC),
    )


def _whole(response: http.client.HTTPResponse, address: Address, max_bytes: int) -> bytes:
    parts, n_bytes = [], 0
    while part := response.read(_CHUNK):
        n_bytes += len(part)
        if n_bytes > max_bytes:
            raise _too_large(address, max_bytes)
        parts.append(part)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(parts)


def _decompressed(data: bytes, coding: str, address: Address, max_bytes: int) -> bytes:
    """Returns content decompressed, never more than may be kept: a bomb is told by its first bytes too many."""
    bits = _CODINGS[coding]
    if coding == "deflate" and not (data[:1] and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0):
        bits = -15  # without its head, as some servers understand the word
    parts, room, at = [], max_bytes + 1, 0
    inflating = zlib.decompressobj(bits)
    while at < len(data):
        # A little at a time: what follows a part is copied, and there may be a million parts of nothing.
        given = data[at : at + _INFLATED_AT_ONCE]
        try:
            part = inflating.decompress(given, room)
        except zlib.error as error:
            raise ArticleError(f"What {address.host} sent is damaged: it cannot be decompressed.") from error
        room -= len(part)
        parts.append(part)
        if room <= 0:
            raise _too_large(address, max_bytes)
        at += len(given) - len(inflating.unused_data)
        if inflating.eof:
            if bits != 31 or data[at : at + 2] != b"\x1f\x8b":
                break  # what follows the last part is filling
            inflating = zlib.decompressobj(bits)
    if data and not inflating.eof:
        raise http.client.IncompleteRead(b"")
    return b"".join(parts)


def _too_large(address: Address, max_bytes: int) -> ArticleError:
    return ArticleError(
        f"What {address.url} gives is larger than the limit of {max_bytes / 1_000_000:g} MB. "
        "Save the part you need and add that, or raise ASSISTANT_MAX_ARTICLE_MEGABYTES."
    )


def _file_name(target: str) -> str:
    name = unquote(target.partition("?")[0].rpartition("/")[2])
    return "".join(character for character in name if character.isprintable())[-120:]
