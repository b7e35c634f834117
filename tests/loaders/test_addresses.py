"""Addresses: read once and strictly, and public only where every form that they can be wrapped in is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ArticleError
from assistant.loaders.addresses import Address, is_public, read_address


@pytest.mark.parametrize(
    ("given_url", "url", "host", "port"),
    [
        ("https://example.org", "https://example.org/", "example.org", 443),
        ("  HTTP://Example.ORG:80/a?b#part ", "http://example.org/a?b", "example.org", 80),
        ("https://example.org.:8443/", "https://example.org:8443/", "example.org", 8443),
        ("https://bücher.example/straße?q=ä b".replace(" b", "%20b"), "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4%20b", "xn--bcher-kva.example", 443),
        ("https://example.org/a%2Fb?c=%C3%A4&d[]=1", "https://example.org/a%2Fb?c=%C3%A4&d[]=1", "example.org", 443),
        ("http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://2130706433/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://017700000001/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://127.1/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://１２７。０。０。１/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://0x/", "http://0.0.0.0/", "0.0.0.0", 80),
        ("http://[::FFFF:127.0.0.1]:8080/", "http://[::ffff:7f00:1]:8080/", "::ffff:7f00:1", 8080),
    ],
)  # fmt: skip
def test_an_address_is_read_as_a_browser_reads_it(given_url: str, url: str, host: str, port: int) -> None:
    address = read_address(given_url)
    assert (address.url, address.host, address.port) == (url, host, port)
    assert read_address(address.url) == address


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "gopher://example.org/",
        "http:/example.org/", "http:example.org", "http://", "https:///path", "http://:80/", "http://user@example.org/", "http://user:word@example.org/",
        "http://example.org@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/", "http://exam ple.org/",
        "http://example.org/\r\nHost: x", "http://example.org/\tx", "http://example.org/\x00", "http://exa\u00a0mple.org/",
        "http://example.org:22/", "http://example.org:25/", "http://example.org:0/", "http://example.org:6379/", "http://example.org:65536/", "http://example.org:x/",
        "http://[::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1/", "http://[::1]x/", "http://[example.org]/", "http://[127.0.0.1]/",
        "http://1.2.3.256/", "http://1.2.3.4.5/", "http://08.0.0.1/", "http://0x7g.0.0.1/1", "http://256.1/", "http://4294967296/", "http://1..2/",
        "http://%31%32%37.0.0.1/", "http://example..org/", "http://-x.org/", "http://a_b!c.org/", "http://faß.example/", "http://a\u200db.example/",
        f"http://{'a' * 64}.org/", "http://" + "a." * 130 + "org/", "http://example.org/" + "a" * 4000, "http://ex\u2100mple.org/", "http://example.org/\ud800",
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(ArticleError):
        read_address(url)


def test_an_address_that_is_no_text_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"The address is 5, expected a text"):
        read_address(5)  # type: ignore[arg-type]


NOT_PUBLIC = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 169.254.169.254 169.254.1.1
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255
198.51.100.1 203.0.113.1 224.0.0.1 224.0.1.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::7f00:1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::1 64:ff9b:1::8.8.8.8 100::1 2001:db8::1 2001::1
2002:7f00:1:: 2002:a00:1::1 2002:c0a8:1:1::1 2002:a9fe:a9fe:: 2001:0:808:808:0:0:80ff:fffe 3fff::1 5f00::1 fc00::1 fd00::1
fd00:ec2::254 fe80::1 fe80::1%1 fec0::1 feff::1 ff02::1 ff0e::1 2001:10::1 2001:2::1 example.org 127.1
""".split()
PUBLIC = """
8.8.8.8 1.1.1.1 93.184.216.34 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.167.0.1 223.255.255.255 168.63.129.17
2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1
""".split()


@pytest.mark.parametrize("number", NOT_PUBLIC)
def test_an_address_that_is_not_of_the_public_internet_is_told(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", PUBLIC)
def test_a_public_address_is_told(number: str) -> None:
    assert is_public(number)


@given(st.text(max_size=60) | st.from_regex(r"https?://[\w.\[\]:%@/\\?#-]{1,40}", fullmatch=True))
def test_whatever_is_given_is_an_address_or_refused(text: str) -> None:
    try:
        address = read_address(text)
    except ArticleError:
        return
    assert isinstance(address, Address)
    assert address.url.isascii()
    assert not set(address.url) & set(" \\\r\n\t")
    assert read_address(address.url) == address
