"""What stands before an item of a list: a dash, or its number as it is written."""

from __future__ import annotations

from typing import Any

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
MAX_NUMBER = 1_000_000


def marker(item: Any, so_far: int) -> tuple[str, int]:
    """Returns what is written before an item of HTML, blank included, and how many of its list have come with it.

    Args:
        item: its `<li>`; `data-marker` overrides what its list tells.
        so_far: how many items of its list have come before.
    """
    given = " ".join(item.get("data-marker", "").split())
    if given:
        return f"{given} ", so_far + 1
    around = item.getparent()
    if around is None or around.tag != "ol":
        return "- ", so_far + 1
    value = _number(item.get("value"))
    backward = around.get("reversed") is not None
    first = _number(around.get("start"))
    if first is None:
        first = sum(1 for child in around if child.tag == "li") if backward and not so_far else 1
    if backward:
        if not so_far:
            around.set("start", str(first))
        number = first - so_far if value is None else value
        so_far = first - number
    else:
        number = first + so_far if value is None else value
        so_far = number - first
    return f"{written_number(number, item.get('type') or around.get('type') or '1')}. ", so_far + 1


def written_number(number: int, kind: str) -> str:
    """Returns a number as a list of this kind writes it: "1", "a", "A", "i" or "I".

    >>> [written_number(28, kind) for kind in "1aAiI"]
    ['28', 'ab', 'AB', 'xxviii', 'XXVIII']
    """
    if kind in ("a", "A") and 0 < number < MAX_NUMBER:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord(kind) + rest) + letters
        return letters
    if kind in ("i", "I") and 0 < number < 4000:
        letters = ""
        for value, roman in _ROMAN:
            letters += roman * (number // value)
            number %= value
        return letters.upper() if kind == "I" else letters
    return str(number)


def _number(text: str | None) -> int | None:
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if abs(number) <= MAX_NUMBER else None
