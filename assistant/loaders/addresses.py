"""Addresses of the web: what may be fetched at all, and which machines are public.

What a person pastes, and what a server redirects to, is read once, strictly, and used as it was read: there is no
second reader that could understand it otherwise.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from assistant.errors import ArticleError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_CHARACTERS = 4000
MAX_HOST = 253
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FIRST_OF_PROGRAMS = 1024  # ports below belong to services of the system: mail, names, files
_PORTS_OF_OTHERS = frozenset(
    int(port)
    for port in "1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 "
    "10080 11211".split()
)
"""Where something else than a web server listens. Source: the bad ports of the Fetch standard; Redis and memcached."""
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,62})")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_READ_DIFFERENTLY = frozenset("ßς\u200c\u200d")  # by the two standards of names that are not ASCII
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?[]{}|^`"


@dataclass(frozen=True, slots=True)
class Address:
    """What is fetched.

    Attributes:
        scheme: "http" or "https".
        host: a name in ASCII, or an IP address in its usual form, in lower case.
        port: of the server.
        target: path and query, as the request names them.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The server as a request names it: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"


def read_address(url: str) -> Address:
    """Returns an address that may be asked, if the machine is public.

    Raises:
        ArticleError: if it is none of http or https, or holds what could be read in two ways.
    """
    if not isinstance(url, str):
        raise ArticleError(f"The address is {url!r:.80}, expected a text such as https://example.org/article.")
    url = url.strip()
    shown = url if len(url) <= 200 else f"{url[:199]}…"
    if len(url) > MAX_CHARACTERS:
        raise ArticleError(f"The address {shown} is longer than {MAX_CHARACTERS:,} characters.")
    if _UNSAFE.search(url):
        raise ArticleError(f"The address {shown!r} holds a blank, a backslash or a control character. Copy it again.")
    try:
        url.encode()
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ArticleError(f"{shown!r} is no address of the web: {str(error).rstrip('.')}. Copy it again.") from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.netloc:
        raise ArticleError(f"{shown} is no address of the web. Give one that begins with https:// or http://.")
    if "@" in parts.netloc:
        raise ArticleError(f"The address {shown} names a user or a password. Give it without: none is ever sent.")
    if port is None:
        port = _DEFAULT_PORTS[scheme]
    _check_port(port, shown)
    host = _host_of(parts.netloc, shown)
    target = quote(parts.path or "/", safe=_KEPT_IN_PATH)
    if parts.query:
        target += "?" + quote(parts.query, safe=_KEPT_IN_QUERY)
    return Address(scheme, host, port, target)


def _check_port(port: int, shown: str) -> None:
    is_of_system = port < _FIRST_OF_PROGRAMS and port not in _DEFAULT_PORTS.values()
    if is_of_system or port in _PORTS_OF_OTHERS:
        raise ArticleError(f"At port {port} of {shown} no web pages are served. Give an address without it.")


def _host_of(authority: str, shown: str) -> str:
    """Returns the host of `host`, `host:port` or `[IPv6]:port`, in ASCII and lower case."""
    wrong = ArticleError(f"The address {shown} names no server that could be found. Copy it again.")
    if authority.startswith("["):
        inside, _, after = authority[1:].partition("]")
        try:
            if "%" in inside or (after and not after.startswith(":")):
                raise wrong
            return str(ipaddress.IPv6Address(inside))
        except ValueError:
            raise wrong from None
    name = authority.partition(":")[0]
    if not name or len(name) > MAX_HOST:
        raise wrong
    if _READ_DIFFERENTLY & set(name):
        raise ArticleError(f"The name in {shown} is read differently by different programs. Give it in its xn-- form.")
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise wrong from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        number = _ipv4_of(labels)
        if number is None:
            raise wrong
        return str(number)
    if len(host) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise wrong
    return host


def _ipv4_of(labels: list[str]) -> ipaddress.IPv4Address | None:
    """Returns the address that a host of numbers means: decimal, octal or hexadecimal, one to four of them.

    Source: the IPv4 parser of the URL standard, which browsers keep to.
    """
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) for label in labels):
        return None
    values = []
    for label in labels:
        base = 16 if label.startswith("0x") else 8 if label.startswith("0") and len(label) > 1 else 10
        try:
            values.append(int(label.removeprefix("0x") or "0", base))
        except ValueError:
            return None
    *firsts, last = values
    if any(value > 255 for value in firsts) or last >= 256 ** (5 - len(values)):
        return None
    whole = last + sum(value << 8 * (3 - n) for n, value in enumerate(firsts))
    return ipaddress.IPv4Address(whole)


_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        # Some only newer releases of Python know as not global. Source: IANA, special-purpose address registries.
        "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "64:ff9b:1::/48", "100::/64", "2001:2::/48",
        "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10",
        # Tells a machine of Azure what it is: public by its number, and reached from inside alone.
        "168.63.129.16/32",
    )
)  # fmt: skip
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Returns whether an IP address is one of the public internet, whatever it is wrapped in.

    >>> is_public("93.184.216.34"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    wrapped = list(_wrapped(ip))
    if wrapped:
        return all(_is_public(inner) for inner in wrapped)
    return _is_public(ip)


def _is_public(ip: IPAddress) -> bool:
    if any(ip in network for network in _NOT_PUBLIC if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _wrapped(ip: IPAddress) -> Iterator[IPAddress]:
    """Yields the IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            yield ip.ipv4_mapped
        if ip.sixtofour is not None:
            yield ip.sixtofour
        if ip.teredo is not None:
            yield from ip.teredo
        if ip in _NAT64:
            yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
