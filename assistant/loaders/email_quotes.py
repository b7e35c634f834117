"""The text of an email -> what its sender wrote, and what it quotes of earlier messages."""

from __future__ import annotations

import re
from typing import Any

from assistant.loaders.html_blocks import BLOCKS
from assistant.loaders.html_tree import tag_of

MAX_ATTRIBUTION_LINES = 3  # "On …, Ann Lee" / "<ann@…>" / "wrote:"
_MAX_ATTRIBUTION = 300
_MAX_HEAD = 1500  # characters of "From: … Sent: … To: … Subject: …"
_RULED = re.compile(
    r"\s*-{2,}\s*(?:Original|Forwarded|Reply|Weitergeleitete)\s+[Mm]essage(?:\s+from[^\n]{0,100})?\s*-{2,}\s*$", re.I
)
_BEGUN = "Begin forwarded message:"
_WROTE = re.compile(r"(?:On|At)\s[^\n]{1,300}\b(?:wrote|writes|said)\s*:$", re.I)
_DATED = re.compile(r"\d{4}\b|\d:\d\d")
_FROM = re.compile(r"\*?From:\*?[ \t]*\S")
_HEAD_LINE = re.compile(r"\*?(From|Sent|Date|To|Cc|Bcc|Subject|Reply-To|Importance):", re.I)
_LINE = re.compile(r"_{10,}\s*$|-{10,}\s*$")
_CLASSES = frozenset(
    "gmail_quote gmail_attr yahoo_quoted moz-cite-prefix protonmail_quote zmail_extra OutlookMessageHeader".split()
)
_STARTS = ("divRplyFwdMsg", "appendonsend", "reply-intro", "mail-editor-reference-message-container")


def split_quoted(text: str) -> tuple[str, str]:
    """Returns what the sender wrote, and what is quoted, without its marks; "" for what there is not.

    >>> split_quoted("Yes.\\n\\nOn 3 May 2024, Ann Lee wrote:\\n> Is it open?\\n")
    ('Yes.', 'On 3 May 2024, Ann Lee wrote:\\n\\nIs it open?')
    """
    lines = [line.rstrip() for line in text.splitlines()]
    own: list[str] = []
    quoted: list[str] = []
    depth = 0
    at = 0
    while at < len(lines):
        line = lines[at]
        if _ends_own(lines, at):
            _append(quoted, lines[at:])
            break
        n_said = _attribution(lines, at)
        if n_said:
            quoted += ["", " ".join(part.strip() for part in lines[at : at + n_said]), ""]
            at += n_said
            if not _quotes_next(lines, at):
                _append(quoted, lines[at:])
                break
            continue
        level, words = _unmarked(line)
        # mbox files write a line that begins with "From " as ">From ".
        if level and not (
            line.startswith(">From ") and not _is_quoted(lines, at - 1) and not _is_quoted(lines, at + 1)
        ):
            if level != depth:
                quoted.append("")
            quoted.append(words)
            depth = level
        else:
            if depth and words:
                quoted.append("")
                depth = 0
            own.append(words if level else line)
        at += 1
    return _single_blanks(own), _single_blanks(quoted)


def take_quoted(root: Any) -> list[Any]:
    """Takes what is quoted out of a message's HTML, and returns it in order."""
    found: dict[Any, None] = {}
    for element in root.iter():
        if not isinstance(element.tag, str) or any(above in found for above in element.iterancestors()):
            continue
        if _is_start(element):
            found |= dict.fromkeys([element, *_after(element, root)])
            break
        classes = set(element.get("class", "").split())
        if classes & _CLASSES or (
            tag_of(element) == "blockquote" and (element.get("type") == "cite" or _follows_wrote(element))
        ):
            found[element] = None
    taken = []
    for element in found:
        before = element.getprevious()
        if tag_of(element) == "blockquote" and before is not None and _is_attribution(before):
            taken.append(before)
        taken.append(element)
    taken = list(dict.fromkeys(taken))
    for element in taken:
        _detach(element)
    return taken


def _append(quoted: list[str], lines: list[str]) -> None:
    """Adds lines without their marks, apart where their depth changes."""
    depth = 0
    quoted.append("")
    for line in lines:
        level, words = _unmarked(line)
        if level != depth:
            quoted.append("")
        quoted.append(words)
        depth = level


def _single_blanks(lines: list[str]) -> str:
    """Returns lines as a text, with one blank line where there are several."""
    kept = [line for n, line in enumerate(lines) if line.strip() or (n and lines[n - 1].strip())]
    return "\n".join(kept).strip()


def _unmarked(line: str) -> tuple[int, str]:
    """Returns how deep a line is quoted, and its words."""
    if not line.startswith(">"):
        return 0, line
    words = line.lstrip("> ")
    return line.count(">", 0, len(line) - len(words)), words


def _is_quoted(lines: list[str], at: int) -> bool:
    return 0 <= at < len(lines) and lines[at].startswith(">") and not lines[at].startswith(">From ")


def _quotes_next(lines: list[str], at: int) -> bool:
    return any(line.startswith(">") for line in [line for line in lines[at : at + 4] if line.strip()][:1])


def _ends_own(lines: list[str], at: int) -> bool:
    """Returns whether another message stands from this line on, unmarked: Outlook's, or a forwarded one."""
    line = lines[at].strip()
    if _RULED.match(line) or line == _BEGUN:
        return True
    if _LINE.match(line):
        at = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n].strip()), at)
        line = lines[at].strip()
    if not _FROM.match(line):
        return False
    head = {found[1].lower() for part in lines[at : at + 8] if (found := _HEAD_LINE.match(part.strip()))}
    return len(head & {"sent", "date", "to", "subject"}) >= 2


def _attribution(lines: list[str], at: int) -> int:
    """Returns how many lines from here say who wrote what is quoted next, 0 if none does."""
    if not lines[at].startswith(("On ", "At ")) or (at and lines[at - 1].strip() and not lines[at - 1].startswith(">")):
        return 0
    said = ""
    for n in range(1, MAX_ATTRIBUTION_LINES + 1):
        if at + n > len(lines) or not lines[at + n - 1].strip() or len(said) > _MAX_ATTRIBUTION:
            return 0
        said = f"{said} {lines[at + n - 1].strip()}".strip()
        if _WROTE.match(said):
            is_told = _DATED.search(said) and ("," in said or "@" in said)
            return n if _quotes_next(lines, at + n) or is_told else 0
    return 0


def _is_start(element: Any) -> bool:
    """Returns whether everything from this element on is another message: what Outlook puts before it."""
    if element.get("id", "").removeprefix("x_") in _STARTS:
        return True
    if tag_of(element) not in ("p", "div") or any(tag_of(child) in BLOCKS for child in element):
        return False
    words = "".join(element.itertext()).strip() if _FROM.match("".join(element.itertext())[:200].strip()) else ""
    return bool(words) and len(words) < _MAX_HEAD and "Subject:" in words and ("Sent:" in words or "Date:" in words)


def _after(element: Any, root: Any) -> list[Any]:
    """Returns all that stands behind an element, from inside to outside."""
    found: list[Any] = []
    here = element
    while here is not None and here is not root and tag_of(here) not in ("body", "html"):
        found += [sibling for sibling in here.itersiblings() if isinstance(sibling.tag, str)]
        here = here.getparent()
    return found


def _follows_wrote(element: Any) -> bool:
    before = element.getprevious()
    return before is not None and _is_attribution(before)


def _is_attribution(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return False
    words = " ".join("".join(element.itertext()).split())
    return len(words) < _MAX_ATTRIBUTION and bool(_WROTE.match(words))


def _detach(element: Any) -> None:
    """Takes an element out of its tree; the words behind it stay where they are."""
    above, before = element.getparent(), element.getprevious()
    if above is None:
        return
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + " " + element.tail
        else:
            above.text = (above.text or "") + " " + element.tail
        element.tail = None
    above.remove(element)
