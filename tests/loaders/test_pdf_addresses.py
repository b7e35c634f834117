"""Addresses and paths that a line breaks are whole again; words behind one keep their blank."""

from __future__ import annotations

import pytest

from assistant.loaders.pdf_addresses import breaks_address

WHOLE = [
    ("/usr/share/doc/", "doc-base/doc-base.html/index.html"),
    ("usr/share/lintian/", "overrides/package"),
    ("https:/", "/bugs.debian.org/package-name."),
    ("https://tracker.", "debian.org/pkg/name."),
    ("mirror.ftp-master.", "debian.org."),
    ("(.tar.", "{gz,bz2,xz})."),
    ("and/", "or"),
    ("https://x.org/a_", "b.html"),
    ("https://x.org/a/b/", "c3"),
]
APART = [
    ("/usr/local/", "instead"),
    ("e.g.", "the"),
    ("i.e.", "lower"),
    ("etc.", "and"),
    ("p.m.", "it"),
    ("U.S.", "and"),
    ("/usr/bin", "/sbin"),
    ("Ph.D.", "student"),
    ("https://x.org/", "and"),
    ("file.txt", "and"),
    ("done.", "(So"),
]


@pytest.mark.parametrize(
    ("before", "after", "is_one"), [*((*both, True) for both in WHOLE), *((*both, False) for both in APART)]
)
def test_what_is_one_address(before: str, after: str, is_one: bool) -> None:
    assert breaks_address(before, after) is is_one
