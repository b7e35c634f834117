"""Fetching: nothing but the public internet is asked, however it is named, and within limits of time and size."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from web_server import WebServer, serving_web

from assistant import __version__
from assistant.errors import ArticleError
from assistant.loaders import connecting, fetching
from assistant.loaders.addresses import read_address
from assistant.loaders.connecting import Connection, Limits
from assistant.loaders.fetching import Fetched, fetch

PAGE = "<html><title>Bees</title><p>Bees fly.</p></html>"


def packed(data: bytes) -> bytes:
    """Returns data as gzip packs it, without the time: a test's name must not change from one process to another."""
    return gzip.compress(data, mtime=0)


CERTIFICATE = Path(__file__).parent / "certificates" / "bees.example.pem"  # signed by itself
QUICK = Limits(seconds=1.0, connect_seconds=0.5)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving_web() as server:
        yield server


def get(url: str, **options: object) -> Fetched:
    """Fetches from this machine, which the setting allows."""
    return fetch(url, allow_private=True, **options)  # type: ignore[arg-type]


REFUSED = """
http://127.0.0.1:{port}/ http://127.0.0.2:{port}/ http://127.1:{port}/ http://127.0.1:{port}/ http://0:{port}/ http://0.0.0.0:{port}/
http://2130706433:{port}/ http://0x7f000001:{port}/ http://0x7f.0.0.1:{port}/ http://0x7f.1:{port}/ http://0177.0.0.1:{port}/
http://017700000001:{port}/ http://0177.1:{port}/ http://127.0.0.1.:{port}/ http://0x7F.0X0.0.1:{port}/ http://00000177.0.0.1:{port}/
http://localhost:{port}/ http://LOCALHOST:{port}/ http://localhost.:{port}/ http://localhost.localdomain:{port}/ http://private.example:{port}/
http://mixed.example:{port}/ http://mapped.example:{port}/ http://metadata.example:{port}/ http://link-local.example:{port}/ http://nothing.example:{port}/
http://[::1]:{port}/ http://[::]:{port}/ http://[0:0:0:0:0:0:0:1]:{port}/ http://[::ffff:127.0.0.1]:{port}/ http://[::ffff:7f00:1]:{port}/
http://[::127.0.0.1]:{port}/ http://[64:ff9b::127.0.0.1]:{port}/ http://[64:ff9b:1::127.0.0.1]:{port}/ http://[2002:7f00:1::]:{port}/
http://[2001:0:7f00:1::]:{port}/ http://[fe80::1]:{port}/ http://[fe80::1%25lo]:{port}/ http://[fc00::1]:{port}/ http://[fd00:ec2::254]:{port}/
http://[ff02::1]:{port}/ http://[fec0::1]:{port}/ http://10.0.0.1:{port}/ http://172.16.0.1:{port}/ http://192.168.0.1:{port}/ http://169.254.169.254/
http://100.64.0.1:{port}/ http://100.100.100.200/ http://168.63.129.16/ http://192.0.0.192/ http://198.18.0.1/ http://224.0.0.1/ http://255.255.255.255/
http://１２７.０.０.１:{port}/ http://①②⑦.⓪.⓪.①:{port}/ http://127。0。0。1:{port}/ http://ⓛocalhost:{port}/
http://public.example@127.0.0.1:{port}/ http://public.example:80@127.0.0.1:{port}/ http://127.0.0.1:{port}\\@public.example/
http://127.0.0.1:{port}#@public.example/ http://127.0.0.1:{port}?@public.example/ http://127.0.0.1:{port}\\.public.example/ http://127.0.0.1%00.public.example:{port}/
http://%31%32%37.0.0.1:{port}/ http://public.example:22/ http://public.example:25/ http://public.example:6379/ file:///etc/passwd
ftp://127.0.0.1:{port}/ gopher://127.0.0.1:{port}/ //127.0.0.1:{port}/ http:127.0.0.1:{port}/ http:/127.0.0.1:{port}/ dict://127.0.0.1:{port}/
""".split()
NAMES = {
    "localhost": ["127.0.0.1"],
    "localhost.localdomain": ["::1"],
    "private.example": ["10.1.2.3"],
    "mixed.example": ["93.184.216.34", "127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "link-local.example": ["fe80::1%lo"],
    "nothing.example": [],
    "public.example": ["93.184.216.34"],
}


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_not_public_is_not_asked(web: WebServer, url: str) -> None:
    web.page("/", PAGE)
    with pytest.raises(ArticleError):
        fetch(url.format(port=web.port), resolve=NAMES.__getitem__, limits=QUICK)
    assert (web.n_connections, web.requests) == (0, [])


def test_there_are_many_such_addresses() -> None:
    assert len(set(REFUSED)) >= 75


@pytest.fixture
def outside(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> WebServer:
    """The server as a public one: its own address, and it alone, counts as public, and is not taken for this machine."""
    told = connecting.is_public
    monkeypatch.setattr(connecting, "is_public", lambda number: number == "127.0.0.1" or told(number))
    monkeypatch.setattr(connecting, "_is_itself", lambda _: False)
    return web


TARGETS = """
http://127.0.0.2:{port}/secret http://localhost:{port}/secret http://[::1]:{port}/secret //127.0.0.2:{port}/secret http://10.0.0.1/ http://169.254.169.254/latest
http://0x7f000002:{port}/secret http://user:word@public.example/ file:///etc/passwd ftp://public.example/ javascript:alert(1) data:text/html,x
http://public.example:22/ http://mixed.example:{port}/secret http://private.example/ http://[::ffff:127.0.0.2]:{port}/secret \\\\127.0.0.2:{port}\\secret http://[fe80::1%25lo]/
""".split()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("status", ["301 Moved", "308 Permanent"])
def test_every_redirect_is_checked_again(outside: WebServer, target: str, status: str) -> None:
    url = outside.redirect("/", target.format(port=outside.port), status)
    outside.page("/secret", PAGE)
    with pytest.raises(ArticleError):
        fetch(url, resolve=lambda name: [n.replace("127.0.0.1", "127.0.0.2") for n in NAMES[name]])
    assert [head.split()[1] for head in outside.requests] == ["/"]


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_asked(outside: WebServer) -> None:
    outside.page("/", PAGE)
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def resolve(name: str) -> list[str]:
        asked.append(name)
        return answers[len(asked) - 1]

    fetched = fetch(outside.url(host="changing.example"), resolve=resolve)
    assert (fetched.data, asked) == (PAGE.encode(), ["changing.example"])
    # The next fetch looks again: what has become private is not asked.
    with pytest.raises(ArticleError, match=r"changing\.example is not on the public internet"):
        fetch(outside.url(host="changing.example"), resolve=resolve)
    assert outside.n_connections == 1


def test_a_redirect_to_the_same_name_is_looked_up_and_checked_again(outside: WebServer) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    outside.redirect("/", "/secret")
    outside.page("/secret", PAGE)
    with pytest.raises(ArticleError, match="not on the public internet"):
        fetch(outside.url(host="changing.example"), resolve=lambda _: next(answers))
    assert len(outside.requests) == 1


def test_this_machine_by_its_public_address_is_not_asked(web: WebServer) -> None:
    with pytest.raises(ArticleError, match="is this machine itself"):
        Connection(read_address(web.url()), ["127.0.0.1"], False, time.monotonic() + 5, Limits())
    assert web.requests == []


def test_a_page_is_fetched_where_the_setting_allows(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    web.page("/bees/bees.html?a=%C3%A4", PAGE, "Content-Type: Text/HTML; charset=UTF-8", "Set-Cookie: a=b")
    web.redirect("/start", "../bees/bees.html?a=ä#part")
    fetched = get(web.url("/start"))
    assert replace(fetched, at=fetched.at) == fetched
    assert (fetched.data.decode(), fetched.content_type, fetched.charset) == (PAGE, "text/html", "utf-8")
    assert (fetched.url, fetched.name) == (web.url("/bees/bees.html?a=%C3%A4"), "bees.html")
    assert fetched.at.utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    heads = [line for head in web.requests for line in head.split("\r\n")]
    assert {line for line in heads if line.startswith("User-Agent")} == {f"User-Agent: ArticleAssistant/{__version__}"}
    assert f"Host: 127.0.0.1:{web.port}" in heads
    assert not [line for line in heads if line.startswith(("Cookie", "Authorization", "Referer"))]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("404 Not Found", "There is no page at http://127.0.0.1"),
        ("410 Gone", r"There is no page .*\(status 410\)"),
        ("403 Forbidden", "does not let everybody read"),
        ("402 Payment Required", "a sign-in, a payment"),
        ("429 Too Many", "wants to be asked less often"),
        ("503 Away", "has a fault of its own"),
        ("204 Nothing", "gave no page"),
        ("304 Not Modified", "gave no page"),
        ("302 No Location", "gave no page"),
    ],
)
def test_what_is_no_page_is_told_by_its_status(web: WebServer, status: str, said: str) -> None:
    url = web.page("/", b"", "Content-Type: text/html", status=status)
    with pytest.raises(ArticleError, match=said):
        get(url)


def test_redirects_end(web: WebServer) -> None:
    for n in range(7):
        web.redirect(f"/{n}", f"/{n + 1}")
    web.page("/7", PAGE)
    assert get(web.url("/2")).data == PAGE.encode()
    with pytest.raises(ArticleError, match="sent on more than 5 times"):
        get(web.url("/1"))
    web.redirect("/round", "/round")
    with pytest.raises(ArticleError, match="sent on more than 5 times"):
        get(web.url("/round"))


def test_nothing_safe_is_sent_on_to_what_is_not() -> None:
    address = read_address("https://example.org/a")
    assert fetching._sent_on(address, "/ä".encode().decode("latin-1")).url == "https://example.org/%C3%A4"

    def asked(*_: object) -> object:
        return read_address("http://example.org/b")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching, "_asked", asked)
        with pytest.raises(ArticleError, match="anybody between could read and change"):
            fetch("https://example.org/a")


def deflated(data: bytes, bits: int) -> bytes:
    deflating = zlib.compressobj(wbits=bits)
    return deflating.compress(data) + deflating.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", packed(PAGE.encode())),
        ("gzip", packed(PAGE[:9].encode()) + packed(PAGE[9:].encode())),
        ("gzip", packed(PAGE.encode()) + b"\x00" * 20),
        ("X-GZIP", packed(PAGE.encode())),
        ("deflate", deflated(PAGE.encode(), 15)),
        ("deflate", deflated(PAGE.encode(), -15)),
        ("identity", PAGE.encode()),
    ],
)
def test_what_is_compressed_is_read(web: WebServer, coding: str, body: bytes) -> None:
    url = web.page("/", body, "Content-Type: text/html", f"Content-Encoding: {coding}")
    assert get(url).data == PAGE.encode()


@pytest.mark.parametrize(
    ("coding", "body", "said"),
    [
        ("gzip", packed(bytes(50_000_000)), "larger than the limit of 0.1 MB"),
        ("gzip", packed(bytes(90_000)) * 2, "larger than the limit of 0.1 MB"),
        ("deflate", deflated(bytes(50_000_000), 15), "larger than the limit of 0.1 MB"),
        ("gzip", b"no gzip at all", "cannot be decompressed"),
        ("gzip", packed(PAGE.encode())[:-9], "broke off"),
        ("br", b"x", "compressed as br, which was not asked for"),
        ("gzip, gzip", packed(packed(b"x")), "compressed as gzip, gzip"),
        ("identity", bytes(100_001), "larger than the limit of 0.1 MB"),
    ],
)
def test_what_grows_or_is_damaged_is_refused(web: WebServer, coding: str, body: bytes, said: str) -> None:
    url = web.page("/", body, "Content-Type: text/html", f"Content-Encoding: {coding}")
    with pytest.raises(ArticleError, match=said):
        get(url, max_megabytes=0.1)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "broke off"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_001, "larger than the limit"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx", "larger than the limit"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"30d41\r\n" + b"x" * 200_001, "larger than"),
        (b"SSH-2.0-OpenSSH_9\r\n", "does not speak HTTP"),
        (b"", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Pad: " + b"x" * 60_000 + b"\r\nX-Pad: " + b"x" * 60_000 + b"\r\n\r\n", "a header larger"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 4000, "a header larger"),
    ],
)  # fmt: skip
def test_replies_that_are_too_long_or_too_short_are_refused(web: WebServer, reply: bytes, said: str) -> None:
    web.replies["/"] = reply
    with pytest.raises(ArticleError, match=said):
        get(web.url(), max_megabytes=0.1)


@pytest.mark.parametrize("reply", [b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200, b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200])
def test_a_server_that_drips_ends_with_the_time_for_all(web: WebServer, reply: bytes) -> None:
    web.replies["/"] = reply
    web.seconds_a_byte = 0.02
    started = time.monotonic()
    with pytest.raises(ArticleError, match=r"took longer than 0\.5 seconds"):
        get(web.url(), limits=Limits(seconds=0.5))
    assert time.monotonic() - started < 1.5


def test_names_that_are_not_found_or_slow_are_told() -> None:
    def unknown(_: str) -> list[str]:
        raise OSError("Name or service not known")

    def slow(_: str) -> list[str]:
        time.sleep(1)
        return []

    with pytest.raises(ArticleError, match=r"No server of the name nowhere\.example was found"):
        fetch("http://nowhere.example/", resolve=unknown)
    with pytest.raises(ArticleError, match=r"slow\.example could not be looked up in time"):
        fetch("http://slow.example/", resolve=slow, limits=Limits(connect_seconds=0.1))


def test_who_does_not_listen_is_told(web: WebServer) -> None:
    web.close()
    with pytest.raises(ArticleError, match=rf"cannot be reached at port {web.port}: Connection refused"):
        get(web.url(), limits=QUICK)


def test_parts_of_nothing_take_time_in_proportion(web: WebServer) -> None:
    address = web.page("/", packed(b"") * 100_000 + packed(PAGE.encode()), "Content-Encoding: gzip")
    started = time.monotonic()
    assert get(address).data == PAGE.encode()
    assert time.monotonic() - started < 5  # 0.4; 20 where what follows is copied for each


def test_a_server_that_speaks_no_tls_is_told_from_a_liar() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        port = listener.getsockname()[1]
        with pytest.raises(ArticleError, match=rf"does not speak https at port {port}\. Give the address with http://"):
            get(f"https://127.0.0.1:{port}/")


def test_a_server_must_prove_its_name_which_tls_and_host_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving_web(CERTIFICATE) as web:
        web.page("/", PAGE)

        def get_as(name: str) -> bytes:
            return get(f"https://{name}:{web.port}/", resolve=lambda _: ["127.0.0.1"]).data

        with pytest.raises(ArticleError, match=r"bees\.example cannot prove that it is bees\.example: self.signed"):
            get_as("bees.example")
        assert web.requests == []
        trusting = ssl.create_default_context(cafile=CERTIFICATE)
        monkeypatch.setattr(connecting, "_tls", lambda: trusting)
        assert get_as("bees.example") == PAGE.encode()
        assert web.names[-1] == "bees.example"
        assert f"\r\nHost: bees.example:{web.port}\r\n" in web.requests[-1]
        with pytest.raises(ArticleError, match="cannot prove that it is wasps"):
            get_as("wasps.example")
        assert len(web.requests) == 1
