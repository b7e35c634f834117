"""The lines before a Markdown text that tell its title, author, date and tags: YAML between ---, TOML between +++.

Only what such lines are used for is read: names with a value, or with a list. Nothing in them is run, or is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MAX_CHARACTERS = 50_000
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_NAMED = {
    "---": re.compile(r"(?P<name>[A-Za-z_][\w .-]{0,60}):(?:[ \t]+(?P<value>\S.*)?)?$"),
    "+++": re.compile(r"(?P<name>[A-Za-z_][\w.-]{0,60})[ \t]*=[ \t]*(?P<value>.*)$"),
}
_GOES_ON = re.compile(r"[ \t]+\S|- |-$|#|\[+[\w.\"-]{1,60}\]+$|[\])}],?$")
_NOTHING = (">", "|", ">-", "|-", "~", "null", "{}", "]")
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_WRITTEN_DAY = re.compile(
    r"(?:(?P<before>\d{1,2})(?:st|nd|rd|th)? )?(?P<month>[A-Za-z]{3,9})\.?,? (?:(?P<after>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<year>\d{4})(?!\d)"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What such lines tell, "" or none where they do not."""

    title: str = ""
    author: str = ""
    day: date | None = None
    tags: tuple[str, ...] = ()


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Returns what the lines before a Markdown text tell, and the text without them; all of it if it has none."""
    fence = text[:3]
    if fence not in _FENCES or text[3 : text.find("\n")].strip():
        return FrontMatter(), text
    lines = text[:MAX_CHARACTERS].split("\n")
    ends = (n for n, line in enumerate(lines[1:], 1) if line.rstrip() in _FENCES[fence])
    end = next(ends, 0)
    values = _values(lines[1:end], fence) if end else None
    if not values:
        return FrontMatter(), text
    rest = text[sum(len(line) + 1 for line in lines[: end + 1]) :]
    authors = _first(values, "author", "authors", "by", "byline", "creator")
    days = _first(values, "date", "published", "pubdate", "publishdate", "created", "updated", "modified", "lastmod")
    tags = [
        tag for name in ("tags", "tag", "keywords", "categories", "category") for tag in _parted(values.get(name, []))
    ]
    title = _first(values, "title", "headline")
    return FrontMatter(
        " ".join(" ".join(title).split()),
        ", ".join(" ".join(author.split()) for author in authors),
        written_day(days[0]) if days else None,
        tuple(sorted({" ".join(tag.lower().split()) for tag in tags} - {""})),
    ), rest


def written_day(text: str) -> date | None:
    """Returns the day that a text begins with, as people write it; None if it begins with none.

    >>> written_day("2024-05-01T10:00Z"), written_day("May 1st, 2024"), written_day("1 May 2024"), written_day("soon")
    (datetime.date(2024, 5, 1), datetime.date(2024, 5, 1), datetime.date(2024, 5, 1), None)
    """
    text = " ".join(text[:80].split())
    found = _ISO_DAY.match(text)
    written = _WRITTEN_DAY.match(text)
    try:
        if found:
            return date(*map(int, found.groups()))
        if written and written["month"][:3].lower() in _MONTHS and (written["before"] or written["after"]):
            month = _MONTHS.index(written["month"][:3].lower()) + 1
            return date(int(written["year"]), month, int(written["before"] or written["after"]))
    except ValueError:
        return None
    return None


def _values(lines: list[str], fence: str) -> dict[str, list[str]] | None:
    """Returns each name's values, in lower case; None if a line is of another kind, and so all are text."""
    values: dict[str, list[str]] = {}
    name = ""
    nested = False
    for line in lines:
        found = _NAMED[fence].match(line)
        if found:
            value = (found["value"] or "").strip()
            # TOML's arrays may stand over several lines.
            name = "" if nested else found["name"].strip().lower()
            values.setdefault(name, []).extend(_items(value))
        elif line.strip() and not _GOES_ON.match(line):
            return None
        elif line.startswith("["):
            nested = fence == "+++"  # what follows tells of something else than the article
        elif name and line.strip() and line.lstrip()[0] not in "#":
            inner = line.strip()
            person = _NAMED["---"].match(inner.removeprefix("- "))
            if person and person["name"].lower() != "name":
                continue
            inner = person["value"] or "" if person else inner.removeprefix("- ")
            values[name].extend(_items(inner.rstrip("],").rstrip() if fence == "+++" else inner))
    values.pop("", None)
    return values or None


def _items(value: str) -> list[str]:
    """Returns what a value holds: the items of a list in brackets, else itself, without quotes and remarks."""
    inner = _outside_quotes(value[1:].rstrip().removesuffix("]"), ",") if value[:1] == "[" else [value]
    return [item for item in (_unquoted(part.strip()) for part in inner) if item]


def _unquoted(value: str) -> str:
    if value[:1] in ("'", '"') and value.find(value[0], 1) > 0:
        closed = value[1 : value.rfind(value[0])]
        return closed.replace("''", "'") if value[0] == "'" else closed.replace('\\"', '"')
    value = value.split(" #", 1)[0].strip()
    return "" if value in _NOTHING else value


def _outside_quotes(text: str, mark: str) -> list[str]:
    """Returns the parts of a text between marks that stand in no quotation."""
    parts, quote, start = [], "", 0
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and not text[start:at].strip():
            quote = character
        elif character == mark:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _first(values: dict[str, list[str]], *names: str) -> list[str]:
    return next((values[name] for name in names if values.get(name)), [])


def _parted(values: list[str]) -> list[str]:
    """Returns tags one by one: "a, b" are two."""
    return [part for value in values for part in value.split(",")]
