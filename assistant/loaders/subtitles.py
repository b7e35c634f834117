"""Subtitles (.srt, .vtt) -> what is said, in sentences, with the time of each: it is the place to cite."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.articles.article import clean, normalise
from assistant.articles.blocks import Block
from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded, Mark
from assistant.loaders.plain_text import decode

PAUSE_SECONDS = 3.0
"""After which a new paragraph begins, where a sentence has ended."""
LONG_CHARACTERS = 500
"""After so many a paragraph ends with the next sentence; where nothing ends one, with the next cue after twice as many."""
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?![\d:])")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,80})?[ \t]++([^<>\n]{1,80})>")
_TAG = re.compile(r"</?(?:[A-Za-z]|\d{1,3}:\d)[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}|\{[biu]\}|\{/[biu]\}")
_CAPITALS = re.compile(r"(?:>>+[ \t]*)?((?:[A-Z][A-Z.'’-]{1,30})(?: [A-Z][A-Z.'’-]{0,30}){0,3}):(?=[ \t]|$)")
_NEW_SPEAKER = re.compile(r"[ \t]*(?:>>+|[-–—](?=[ \t]*[^\W\d_]))[ \t]*")
_ENDED = re.compile(r"[.!?…。！？][\"'”’)\]»♪]*$")


@dataclass(frozen=True, slots=True)
class _Cue:
    """When it is shown, in seconds, and its lines, as they stand."""

    start: float
    end: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """Words of a cue: who says them, "" if it is not told, and whether somebody else begins."""

    words: str
    speaker: str = ""
    is_new: bool = False


def load_subtitles(data: bytes, name: str) -> Loaded:
    """Returns what is said, without tags and styles; each sentence's place is the time of the cue where it begins.

    A speaker that is named stands before the words: "Ann: …".

    Raises:
        ArticleError: if it has no times, or no words.
    """
    lines = decode(data, name).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_vtt = lines[0].lstrip("\ufeff").startswith("WEBVTT")
    cues = list(_cues(lines, is_vtt))
    if not cues:
        raise ArticleError(f"{name} has no times, as “00:01:02,500 --> 00:01:04,000”: it holds no subtitles.")
    paragraphs = list(_paragraphs(cues))
    if not paragraphs:
        raise ArticleError(f"{name} is empty: there are times in it, but no words.")
    title = lines[0].lstrip("\ufeff")[len("WEBVTT") :].strip(" \t-–—") if is_vtt else ""
    parts: list[str] = []
    marks: list[Mark] = []
    blocks: list[Block] = []
    length = 0
    for paragraph in paragraphs:
        length += 2 * bool(parts)
        start = length
        for n, (seconds, words) in enumerate(paragraph):
            length += bool(n)
            marks.append(Mark(length, place=_clock(seconds)))
            length += len(words)
        parts.append(" ".join(words for _, words in paragraph))
        blocks.append(Block(start, length))
    return Loaded(normalise("\n\n".join(parts)), _plain(title), tuple(marks), blocks=tuple(blocks))


def _cues(lines: Sequence[str], is_vtt: bool) -> Iterator[_Cue]:
    """Yields the cues in their order; notes, styles and regions are none."""
    at = [(n, found) for n, line in enumerate(lines) if (found := _TIMES.match(line))]
    for i, (n, found) in enumerate(at):
        end = at[i + 1][0] if i + 1 < len(at) else len(lines)
        shown = list(lines[n + 1 : end])
        if is_vtt:
            blank = next((i for i, line in enumerate(shown) if not line.strip()), len(shown))
            shown = shown[:blank]
        elif end < len(lines) and shown and shown[-1].strip().isdigit():
            shown.pop()  # the number of the next cue
        yield _Cue(_seconds(found.groups()[:4]), _seconds(found.groups()[4:]), tuple(filter(str.strip, shown)))


def _paragraphs(cues: Sequence[_Cue]) -> Iterator[list[tuple[float, str]]]:
    """Yields what belongs together: (seconds, words) of one cue after another."""
    paragraph: list[tuple[float, str]] = []
    length, speaker, until = 0, "", 0.0
    before: tuple[str, ...] = ()
    for cue in cues:
        shown = cue.lines
        said = tuple(_untagged(line) for line in shown)
        # Rolling captions say the last line again, above the next.
        is_rolling = len(said) > 1 or cue.end - cue.start < 0.1
        if is_rolling and before and said[:1] == before[-1:] and cue.start <= until + 0.1:
            shown = shown[1:]
        before = said or before
        for line in _lines(shown):
            ended = bool(paragraph) and bool(_ENDED.search(paragraph[-1][1]))
            is_other = line.is_new or (line.speaker not in ("", speaker))
            if paragraph and (
                is_other
                or (ended and (cue.start - until > PAUSE_SECONDS or length > LONG_CHARACTERS))
                or length > 2 * LONG_CHARACTERS
            ):
                yield paragraph
                paragraph, length = [], 0
            words = line.words
            if line.speaker and (line.speaker != speaker or not paragraph):
                words = f"{line.speaker}: {words}"
            speaker = line.speaker or ("" if line.is_new else speaker)
            paragraph.append((cue.start, words))
            length += len(words) + 1
        until = max(until, cue.end)
    if paragraph:
        yield paragraph


def _lines(lines: Sequence[str]) -> Iterator[_Line]:
    """Yields the words of a cue, its lines joined where one speaker goes on."""
    words: list[str] = []
    speaker, is_new = "", False
    for line in lines:
        voice = _VOICE.search(line)
        plain = _untagged(line)
        named = _CAPITALS.match(plain)
        begins = _NEW_SPEAKER.match(plain)
        if voice or named or begins:
            if words:
                yield _Line(" ".join(words), speaker, is_new)
            words, speaker, is_new = [], "", begins is not None and not voice
            if begins:
                plain = plain[begins.end() :]
                named = _CAPITALS.match(plain)
            if named:
                plain, speaker = plain[named.end() :].strip(), named[1].title().replace("’S", "’s")
            if voice:
                speaker = _plain(html.unescape(voice[1]))
        if plain:
            words.append(plain)
    if words:
        yield _Line(" ".join(words), speaker, is_new)


def _untagged(line: str) -> str:
    return _plain(html.unescape(_TAG.sub("", line)))


def _plain(text: str) -> str:
    """Returns a text in NFC, in single blanks, without what nobody sees."""
    text = clean(text).replace("\ufeff", "").translate(dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0x2060)))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _seconds(groups: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (group or "0" for group in groups)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _clock(seconds: float) -> str:
    """Returns a time as people write it.

    >>> _clock(723.9)
    '00:12:03'
    """
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
