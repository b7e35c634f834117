"""Files become text: every usual encoding, Markdown as a reader sees it, and a clear refusal of all else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ArticleError
from assistant.loaders import load_bytes, load_file, load_text

FRENCH = (
    "Le ministre a déclaré que la réunion était reportée. « Nous verrons à l’été », a-t-il ajouté. "
    "Les élèves français étaient très déçus, où qu’ils fussent."
)
RUSSIAN = (
    "Посол заявил, что вопрос о выводе базы не стоит на повестке дня. Об этом сообщает газета. "
    "Стороны продолжают сотрудничество в области обороны и экономики."
)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", FRENCH),
        ("utf-8-sig", FRENCH),
        ("utf-16", FRENCH),
        ("utf-32", FRENCH),
        ("utf-16-le", FRENCH),
        ("utf-16-be", FRENCH),
        ("cp1252", FRENCH),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("utf-16", RUSSIAN),
        ("shift_jis", "これは日本語の記事です。政府は新しい法律について発表しました。市民は反対しています。"),
    ],
)
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(text.encode(encoding))
    assert load_file(path).text == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    given_text = f"Title {text}"
    assert load_bytes(given_text.encode(), "a.txt") == load_text(given_text)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%abc", "a PDF file"),
        (b"PK\x03\x04word/document.xml", "a zip archive .*Unpack it and add its files"),
        (b"\x89PNG\r\n\x1a\n1234", "a PNG image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"an old Office file, not text. Open it in a word processor, save it as \.docx"),
        (b"SQLite format 3\x00", "a SQLite database"),
        (b"text\x00with a nul", "binary"),
        (bytes(range(1, 256)) * 20, "binary|not text"),
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\xff\xfea", "damaged or cut off"),
        (b"\xef\xbb\xbfabc\xff", "damaged or cut off"),
    ],
)
def test_what_is_no_text_is_refused_by_its_name(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "given.txt"
    path.write_bytes(content)
    with pytest.raises(ArticleError, match=rf"given\.txt .*({what})"):
        load_file(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"nowhere\.txt cannot be read: No such file"):
        load_file(tmp_path / "nowhere.txt")
    with pytest.raises(ArticleError, match="is a folder"):
        load_file(tmp_path)


def test_the_limit_counts_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(ArticleError, match=r"50\.0 MB, the limit is 30 MB"):
        load_file(path)
    with pytest.raises(ArticleError, match=r"0\.0 MB, the limit is 1e-06 MB"):
        load_text("two", max_megabytes=0.000001)


def test_an_unknown_suffix_on_text_is_read_as_text() -> None:
    assert load_bytes(b"Some words.", "notes.v2").text == "Some words."


NEW_SUFFIXES = (".pptx", ".odt", ".rtf", ".png", ".tiff")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
NO_SUCH_FILE = {
    ".pptx": r"a\.pptx is damaged, or no PowerPoint file\. Save it again as \.pptx, and add that\.",
    ".odt": r"a\.odt is damaged, or no OpenDocument text\. Save it again as \.odt, and add that\.",
    ".rtf": r"a\.rtf is no RTF file\. Open it in a word processor",
}


@pytest.mark.parametrize("suffix", NEW_SUFFIXES)
def test_a_file_of_any_format_that_is_empty_or_huge_is_refused_before_it_is_read(suffix: str) -> None:
    with pytest.raises(ArticleError, match=rf"^a\{suffix} is empty\. Give a file with some text\.$"):
        load_bytes(b"", f"a{suffix}")
    with pytest.raises(ArticleError, match=rf"^a\{suffix} is too large: 31\.0 MB, the limit is 30 MB\. Split it"):
        load_bytes(bytes(31_000_000), f"a{suffix}")


@pytest.mark.parametrize("data", [bytes(500), bytes(range(256)) * 9, "Some words.".encode("utf-16")], ids=range(3))
@pytest.mark.parametrize("suffix", NO_SUCH_FILE)
def test_what_is_of_another_kind_than_its_name_tells_is_refused(suffix: str, data: bytes) -> None:
    with pytest.raises(ArticleError, match=NO_SUCH_FILE[suffix]):
        load_bytes(data, f"a{suffix}")


def test_an_office_file_with_a_password_is_said_to_have_one() -> None:
    with pytest.raises(ArticleError, match=r"a\.pptx is an old PowerPoint file \(\.ppt\), or protected by a password"):
        load_bytes(OLD_OFFICE, "a.pptx")
