"""What a document says of itself: title, author, day and keywords, without what programs put in by themselves."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from assistant.loaders.docx_numbers import local
from assistant.loaders.front_matter import written_day
from assistant.loaders.loaded import Loaded

_NO_TITLE = re.compile(
    r"\W?(?:anonymous|untitled)\W?$|microsoft (?:word|powerpoint|excel)|untitled|unbenannt|document ?\d{0,4}$|"
    r"dokument ?\d{0,4}$|slide \d{1,4}$|powerpoint presentation|print$|layout \d",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\.(?:docx?|rtf|odt|tex|dvi|pdf|indd|qxd|qxp|pptx?|xlsx?|pages|fm|ps|x?html?)$", re.IGNORECASE)
_NO_AUTHOR = re.compile(
    r"\W?(?:user|admin|administrator|unknown|owner|anonymous|author|default|windows user|root|pc|home|microsoft.{0,30}|\W{0,9})\W?$",
    re.IGNORECASE,
)


def sensible_title(value: str, name: str) -> str:
    """Returns a title that a document states, "" where it means nothing, or is only the name of a file."""
    title = _sensible(value, _NO_TITLE)
    is_name = title.lower() == PurePath(name).stem.lower() or _FILE_NAME.search(title[-20:])
    return "" if is_name or len(title) < 3 else title


def sensible_author(value: str) -> str:
    """Returns an author that a document states, "" where a program has put in what means nothing."""
    return _sensible(value, _NO_AUTHOR)


def office_properties(root: Any | None) -> Loaded:
    """Returns title, author, day and tags of a part such as Word's core.xml or ODF's meta.xml; its text is empty."""
    told: dict[str, list[str]] = {}
    for part in root.iter() if root is not None else ():
        words = " ".join((part.text or "").split())
        if words:
            told.setdefault(local(part), []).append(words)
    # ODF has the first author apart from the last; Word has one line with semicolons.
    creators = (told.get("initial-creator") or told.get("creator") or [""])[0].split(";")
    days = [day for key in ("created", "creation-date", "modified", "date") for day in told.get(key, ())]
    keywords = [
        each for key in ("keywords", "keyword") for line in told.get(key, ()) for each in re.split("[,;]", line)
    ]
    return Loaded(
        "",
        told.get("title", [""])[0],
        author=", ".join(filter(None, (" ".join(each.split()) for each in creators))),
        date=next(filter(None, map(written_day, days)), None),
        tags=tuple(sorted({" ".join(keyword.lower().split()) for keyword in keywords} - {""})),
    )


def _sensible(value: str, nonsense: re.Pattern[str]) -> str:
    value = " ".join("".join(c if c.isprintable() else " " for c in value).split())[:300]
    return "" if nonsense.match(value) or not any(c.isalpha() for c in value) else value
