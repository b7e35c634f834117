"""Email (.eml) -> what its sender wrote; what it quotes of others stands behind that, under the section "Quoted"."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from assistant.articles.article import clean, normalise
from assistant.articles.blocks import split_blocks
from assistant.errors import ArticleError
from assistant.loaders.email_quotes import split_quoted, take_quoted
from assistant.loaders.front_matter import written_day
from assistant.loaders.html_blocks import add_html
from assistant.loaders.html_tree import parse_html
from assistant.loaders.loaded import Loaded, Mark
from assistant.loaders.page_encoding import decode_page
from assistant.loaders.text_builder import TextBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator

QUOTED = "Quoted"
_HEADERS = ("From", "Sender", "To", "Subject", "Date", "Message-ID", "Received")
_NAMED_ATTACHMENTS = 10
_MAX_PARTS = 1000
# What the standard library's parser of headers raises on damaged ones.
_BROKEN = (ValueError, IndexError, AttributeError, TypeError, LookupError, RecursionError, AssertionError)


def load_email(data: bytes, name: str) -> Loaded:
    """Returns the text of a message: its plain text, else its HTML; title, author and date are its subject, sender, date.

    Attachments are not read; a note names them.

    Raises:
        ArticleError: if it is no email, or has no text.
    """
    # Outlook and mbox files have a line before the headers.
    data = data.lstrip(b"\xef\xbb\xbf\r\n\t ")
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not any(field.lower() in map(str.lower, _HEADERS) for field in _names(message)):
        raise ArticleError(
            f"{name} is no email: it has no lines “From: …”, “Subject: …” or “Date: …” at its beginning."
        )
    parts = list(_parts(message))
    body, kind = _body(parts)
    if body is None:
        raise ArticleError(f"{name} has no text of its own.{_attached(parts, None)}")
    text = _characters(body, name)
    loaded = _of_html(text) if kind == "text/html" else _of_plain(text)
    if loaded is None:
        raise ArticleError(f"{name} has no text of its own.{_attached(parts, body)}")
    return Loaded(
        loaded.text,
        _header(message, "Subject"),
        loaded.marks,
        _sender(message),
        _day(message),
        notes=tuple(filter(None, (_attached(parts, body).strip(),))),
        blocks=loaded.blocks,
    )


def _parts(message: Any) -> Iterator[Any]:
    """Yields the parts that hold something; a message in a message is one, and its parts are not gone through."""
    waiting = [message]
    for _ in range(_MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        payload = part.get_payload() if part.is_multipart() else None
        if isinstance(payload, list) and _type(part) != "message/rfc822":
            waiting.extend(reversed(payload))
        else:
            yield part


def _body(parts: list[Any]) -> tuple[Any, str]:
    """Returns the part that is the message, and its type: the first plain text with words, else the first HTML."""
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if _type(part) == wanted and not _is_attachment(part) and _payload(part).strip():
                return part, wanted
    return None, ""


def _of_plain(text: str) -> Loaded | None:
    own, quoted = (_normalised(part) for part in split_quoted(text))
    if not own and not quoted:
        return None
    marks = [Mark(0)] if own else []
    if quoted:
        marks.append(Mark(len(own) + 2 * bool(own), QUOTED))
    whole = "\n\n".join(filter(None, (own, quoted)))
    # A short line is a name or a greeting here, and no heading.
    blocks = tuple(replace(block, level=0) for block in split_blocks(whole))
    return Loaded(whole, marks=tuple(marks), blocks=blocks)


def _of_html(text: str) -> Loaded | None:
    root = parse_html(text)
    quoted = take_quoted(root)
    builder = TextBuilder()
    add_html(root, builder)
    if quoted:
        builder.mark(section=QUOTED)
    for element in quoted:
        add_html(element, builder)
    try:
        loaded = builder.loaded()
    except ArticleError:
        return None
    start = next((mark.start for mark in loaded.marks if mark.section == QUOTED), len(loaded.text)) if quoted else 0
    # A heading in what is quoted is a heading of others still.
    marks = (Mark(m.start, QUOTED, m.page, m.place) if quoted and m.start >= start else m for m in loaded.marks)
    return Loaded(loaded.text, marks=tuple(marks), blocks=loaded.blocks)


def _normalised(text: str) -> str:
    try:
        return normalise(clean(text)) if text.strip() else ""
    except ArticleError:
        return ""  # nothing but dashes


def _characters(part: Any, name: str) -> str:
    """Returns the characters of a part: of the encoding that it states, else of the one that its bytes look like."""
    try:
        charset = part.get_content_charset("") or ""
    except _BROKEN:
        charset = ""
    text = decode_page(_payload(part).replace(b"\x00", b" "), name, charset)
    if _parameter(part, "format") == "flowed":
        text = _unflowed(text, _parameter(part, "delsp") == "yes")
    return text


def _unflowed(text: str, drops_space: bool) -> str:
    """Returns a text whose lines are joined where a blank at their end says that they go on. Source: RFC 3676."""
    lines: list[list[str]] = []
    depth, goes_on = 0, False
    for line in text.splitlines():
        words = line.lstrip(">")
        body = words.removeprefix(" ")
        if goes_on and len(line) - len(words) == depth:
            lines[-1].append(body)
        else:
            depth = len(line) - len(words)
            lines.append([">" * depth + " " * bool(depth) + body])
        goes_on = body.endswith(" ") and body != "-- "
        if goes_on and drops_space:
            lines[-1][-1] = lines[-1][-1][:-1]
    return "\n".join(map("".join, lines))


def _payload(part: Any) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except _BROKEN:
        return b""
    return payload if isinstance(payload, bytes) else b""


def _type(part: Any) -> str:
    try:
        return str(part.get_content_type())
    except _BROKEN:
        return "text/plain"


def _parameter(part: Any, name: str) -> str:
    try:
        return str(part.get_param(name, "")).lower()
    except _BROKEN:
        return ""


def _is_attachment(part: Any) -> bool:
    try:
        return bool(part.get_content_disposition() == "attachment")
    except _BROKEN:
        return False


def _attached(parts: list[Any], body: Any) -> str:
    """Returns a sentence on what is attached, with a blank before it, "" where nothing is."""
    names = []
    for part in parts:
        try:
            file_name = part.get_filename("")
        except _BROKEN:
            file_name = ""
        if part is not body and (file_name or _is_attachment(part) or _type(part) == "message/rfc822"):
            names.append(" ".join(clean(str(file_name)).split())[:80] or f"a part without a name ({_type(part)})")
    if not names:
        return ""
    shown = ", ".join(names[:_NAMED_ATTACHMENTS]) + ("…" if len(names) > _NAMED_ATTACHMENTS else "")
    if len(names) == 1:
        return f" An attachment was not read: {shown}."
    return f" {len(names)} attachments were not read: {shown}."


def _names(message: Any) -> list[str]:
    return [name for name, _ in message.raw_items()]


def _header(message: Any, name: str) -> str:
    """Returns what a header says; as it stands in the file where it is broken."""
    try:
        value = message.get(name, "")
    except _BROKEN:
        value = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(clean(str(value)).split())


def _sender(message: EmailMessage) -> str:
    """Returns the names of those who wrote it, their addresses where they have none."""
    try:
        people = [address.display_name or address.addr_spec for address in message["From"].addresses]
    except _BROKEN:
        people = []
    shown = ", ".join(
        filter(None, (" ".join(clean(person).strip("\"'").split()) for person in people if person != "<>"))
    )
    return shown or _header(message, "From")


def _day(message: EmailMessage) -> date | None:
    try:
        moment = message["Date"].datetime
        if moment is not None:
            return date(moment.year, moment.month, moment.day)
    except _BROKEN:
        pass
    shown = _header(message, "Date")
    return written_day(shown.partition(",")[2].strip() or shown)
