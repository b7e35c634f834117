"""A zip archive gives its files and nothing else; a hostile one hurts nobody."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ArticleError
from assistant.loaders.archives import members_of


def archive(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Returns a zip archive of some files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return buffer.getvalue()


def test_files_come_in_their_order_without_what_is_hidden() -> None:
    data = archive({"b/two.md": b"# Two", "a.txt": b"One.", ".hidden/x.txt": b"x", "__MACOSX/a.txt": b"x", "c/": b""})
    assert [(m.name, m.data, m.error) for m in members_of(data, "a.zip")] == [
        ("b/two.md", b"# Two", ""), ("a.txt", b"One.", ""),
    ]  # fmt: skip


def test_a_name_that_leads_elsewhere_is_only_a_name(tmp_path: Path) -> None:
    data = archive({"../../evil.txt": b"Out.", "/etc/evil.txt": b"Out.", "..\\..\\evil.txt": b"Out."})
    before = sorted(tmp_path.parent.rglob("evil*"))
    assert [m.data for m in members_of(data, "a.zip")] == [b"Out."] * 3
    assert sorted(tmp_path.parent.rglob("evil*")) == before


def test_a_link_is_refused_with_its_reason_and_the_rest_is_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        link = zipfile.ZipInfo("secret.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("a.txt", "One.")
    linked, fine = members_of(buffer.getvalue(), "a.zip")
    assert (linked.data, linked.error) == (
        b"", "secret.txt is a link to another file, which is not followed. Put the file itself in.",
    )  # fmt: skip
    assert (fine.data, fine.error) == (b"One.", "")


def test_a_bomb_is_left_out_and_the_rest_is_read() -> None:
    data = archive({"bomb.txt": b"\x00" * 20_000_000, "a.txt": b"One."})
    bomb, fine = members_of(data, "a.zip")
    assert "bomb.txt would hold 20 MB, which is too much" in bomb.error
    assert (bomb.data, fine.data) == (b"", b"One.")


def test_what_it_says_of_its_size_is_not_believed() -> None:
    data = bytearray(archive({"a.txt": b"ab" * 500_000}))
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    (member,) = members_of(bytes(data), "a.zip", max_megabytes=0.5)
    assert member.data == b"" or len(member.data) <= 10
    assert member.error or len(member.data) <= 10


def test_too_many_files_and_what_is_no_archive_are_refused() -> None:
    many = archive({f"{i}.txt": b"" for i in range(10_001)}, zipfile.ZIP_STORED)
    with pytest.raises(ArticleError, match=r"a\.zip holds 10,001 files, the limit is 10,000"):
        list(members_of(many, "a.zip"))
    for data in (b"", b"PK\x03\x04", many[:5000]):
        with pytest.raises(ArticleError, match="damaged or cut off"):
            list(members_of(data, "a.zip"))


def test_a_file_that_needs_a_password_says_so() -> None:
    data = bytearray(archive({"a.txt": b"One."}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    (member,) = members_of(bytes(data), "a.zip")
    assert "a.txt needs a password" in member.error


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8), st.integers(0, 400))
def test_no_damage_breaks_it(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(archive({"a.txt": b"One two three. " * 20, "b.md": b"# B\n\nText."}))
    for place, value in flips:
        data[place % len(data)] ^= value
    with contextlib.suppress(ArticleError):
        for member in members_of(bytes(data[: len(data) - cut]), "a.zip"):
            assert isinstance(member.data, bytes)
