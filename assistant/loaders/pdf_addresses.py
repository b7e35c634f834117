"""Whether a line broke inside an address or a path, which has no hyphen there and must have no blank."""

from __future__ import annotations

import re

_MAX_CHARACTERS = 300
_URL = re.compile(r"\W{0,3}(?:https?:/|ftp:/|www\.)\S*")
_SCHEME = re.compile(r"\W{0,3}(?:https?|ftp):/?")
_EITHER = re.compile(r"\W{0,3}[^\W\d_]+/")
_NAMES = re.compile(r"\.[\w-]{3,}\.\Z")
_GOES_ON = re.compile(r"[\w.~*{-]+(?:[/_]|\.\w)")


def breaks_address(before: str, after: str) -> bool:
    """Returns whether the last word of a line and the first of the next are one address, path or pair of words.

    >>> breaks_address("/usr/share/", "doc/readme"), breaks_address("and/", "or"), breaks_address("in /usr/local/", "instead")
    (True, True, False)

    Args:
        before: the last word of a line, without a hyphen at its end.
        after: the first word of the next one.
    """
    before, after = before[-_MAX_CHARACTERS:], after[:_MAX_CHARACTERS]
    if after[0] == "/":
        return bool(_SCHEME.fullmatch(before))
    if not after[0].isalnum() and after[0] not in ".~_*{%":
        return False
    if before[-1] == "/":
        return bool(_EITHER.fullmatch(before) or _GOES_ON.match(after) or _is_deep(before, after))
    if before[-1] == ".":
        is_lower = after[0].islower() or after[0] == "{"
        return is_lower and len(before) > 1 and ("/" in before or bool(_URL.fullmatch(before) or _NAMES.search(before)))
    return before[-1] in "_=&?" and bool(_URL.fullmatch(before))


def _is_deep(before: str, after: str) -> bool:
    """Returns whether an address of the web goes on: one that ends in a name of a host alone may be followed by a word."""
    return bool(_URL.fullmatch(before)) and before.count("/") > 3 and not after.isalpha()
