"""Email: what its sender wrote first, what it quotes of others apart; broken headers and encodings stop nothing."""

from __future__ import annotations

import pytest
from conftest import ROOT

from assistant.adding import article_of, with_sentences
from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.email_message import load_email
from assistant.loaders.email_quotes import split_quoted

FILES = ROOT / "tests" / "loaders" / "files"


def message(body: str, headers: str = "") -> bytes:
    return f"From: Ann Lee <ann@example.org>\nSubject: A pump\n{headers}\n{body}".encode()


def parts_of(data: bytes) -> tuple[str, str]:
    """Returns what is the sender's, and what is quoted."""
    loaded = load_email(data, "a.eml")
    start = next((mark.start for mark in loaded.marks if mark.section == "Quoted"), len(loaded.text))
    return loaded.text[:start].strip(), loaded.text[start:]


def test_each_sentence_that_is_quoted_stands_in_its_section() -> None:
    loaded = load_bytes((FILES / "reply.eml").read_bytes(), "reply.eml")
    article = with_sentences(article_of(loaded), loaded.marks)
    assert {s.text: s.section for s in article.sentences} == {
        "Dear Ann,": "",
        "the pump arrives on Friday.": "",
        "The café stays closed until then, as we agreed.": "",
        "Zoë": "",
        "On Mon, 13 May 2024 at 17:40, Ann Lee <ann@example.org> wrote:": "Quoted",
        "When does the pump arrive?": "Quoted",
        "It was ordered in March.": "Quoted",
        "Ann": "Quoted",
    }
    assert article.notes == ("An attachment was not read: Précis.pdf.",)


@pytest.mark.parametrize(
    ("text", "own", "quoted"),
    [
        ("Yes.\n> Is it?\nNo.\n> Was it?\n", "Yes.\nNo.", "Is it?\n\nWas it?"),
        ("Yes.\n\nOn 3 May 2024, Bo\n<bo@x.org>\nwrote:\n\nIs it?", "Yes.", "On 3 May 2024, Bo <bo@x.org> wrote:\n\nIs it?"),
        ("On Monday the minister wrote:\nIt ends.", "On Monday the minister wrote:\nIt ends.", ""),
        ("Yes.\n________________________________\nFrom: Bo\nSent: Monday\nTo: Ann\n\nIs it?", "Yes.",
         "________________________________\nFrom: Bo\nSent: Monday\nTo: Ann\n\nIs it?"),
        ("See below.\n---------- Forwarded message ---------\nFrom: Bo\nIt ended.", "See below.",
         "---------- Forwarded message ---------\nFrom: Bo\nIt ended."),
        ("One.\n>From here it is far.\nTwo.", "One.\nFrom here it is far.\nTwo.", ""),
        ("From: is a word here.\nAnd so on.", "From: is a word here.\nAnd so on.", ""),
        ("> > Deep.\n> Less.", "", "Deep.\n\nLess."),
    ],
)  # fmt: skip
def test_what_is_quoted_is_told_by_its_marks(text: str, own: str, quoted: str) -> None:
    assert split_quoted(text) == (own, quoted)


@pytest.mark.parametrize(
    ("html", "own", "quoted"),
    [
        ("<p>Yes.</p><p>On 3 May 2024, Bo wrote:</p><blockquote><p>Is it?</p></blockquote><p>Ann</p>", "Yes.\n\nAnn",
         "On 3 May 2024, Bo wrote:\n\nIs it?"),
        ("<p>Yes.</p><div><div id='divRplyFwdMsg'>From: Bo</div><p>Is it?</p></div><p>Was it?</p>", "Yes.",
         "From: Bo\n\nIs it?\n\nWas it?"),
        ("<p>Yes.</p><div><p><b>From:</b> Bo<br><b>Sent:</b> Monday<br><b>Subject:</b> A</p></div><p>Is it?</p>", "Yes.",
         "From: Bo\nSent: Monday\nSubject: A\n\nIs it?"),
        ("<p>She said:</p><blockquote>It ends.</blockquote>", "She said:\n\nIt ends.", ""),
    ],
)  # fmt: skip
def test_what_html_quotes_stands_behind_the_message(html: str, own: str, quoted: str) -> None:
    assert parts_of(message(html, "Content-Type: text/html\n")) == (own, quoted)


def test_soft_line_ends_are_joined() -> None:
    data = message("It is \nfar.\n> Is it \n> far?\n", "Content-Type: text/plain; format=flowed\n")
    assert parts_of(data) == ("It is far.", "Is it far?")


@pytest.mark.parametrize(
    ("headers", "author", "day"),
    [
        ("From: bo@example.org\nDate: Fri, 3 May 2024 10:00:00 +0000\n", "bo@example.org", "2024-05-03"),
        ('From: "Lee, Ann" <a@x.org>, Bo <b@x.org>\nDate: 3 May 2024\n', "Lee, Ann, Bo", "2024-05-03"),
        ("From: =?utf-8?Q?Zo=C3=AB?= <z@x.org>\nDate: soon\n", "Zoë", "None"),
        ("From: \nDate: Fri, 33 May 2024 10:00\nSubject: x\n", "", "None"),
        ("From: =?utf-8?B?////?= <<<@@>>,\nSubject: x\n", None, "None"),
    ],
)
def test_headers_tell_sender_and_day_as_far_as_they_are_whole(headers: str, author: str | None, day: str) -> None:
    loaded = load_email(f"{headers}\nSome words.".encode(), "a.eml")
    assert (loaded.text, str(loaded.date)) == ("Some words.", day)
    assert author is None or loaded.author == author


def test_what_has_no_text_is_refused_and_its_attachments_named() -> None:
    data = message("x", "Content-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png\n")
    with pytest.raises(ArticleError, match=r"^a\.eml has no text of its own\. An attachment was not read: a\.png\.$"):
        load_email(data, "a.eml")
    with pytest.raises(ArticleError, match=r"^a\.eml is no email: it has no lines"):
        load_email(b"Once upon a time\nthere was a mill.", "a.eml")


def test_a_body_that_has_a_file_name_is_no_attachment() -> None:
    headers = "Content-Type: text/plain; name=body.txt\nContent-Disposition: inline; filename=body.txt\n"
    loaded = load_email(message("Some words.", headers), "a.eml")
    assert (loaded.text, loaded.notes) == ("Some words.", ())


def test_a_message_in_a_message_is_named_and_not_read() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: c@x.org\nSubject: Inner\n\nInner words.\n"
    data = message(f"--b\n\nOuter words.\n--b\n{inner}--b--\n", "Content-Type: multipart/mixed; boundary=b\n")
    loaded = load_email(data, "a.eml")
    assert (loaded.text, loaded.notes) == (
        "Outer words.", ("An attachment was not read: a part without a name (message/rfc822).",),
    )  # fmt: skip
