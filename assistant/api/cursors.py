"""A long list of articles, a part at a time: where the next part begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from assistant.errors import AssistantError
from assistant.library.store import Entry


def cursor_of(entry: Entry) -> str:
    """Returns what the part of the list after an article is asked for by."""
    return base64.urlsafe_b64encode(f"{entry.id} {entry.added.isoformat()}".encode()).decode().rstrip("=")


def place_after(cursor: str, entries: Sequence[Entry]) -> int:
    """Returns the place of the first article after a cursor's, also where that has been removed since.

    Raises:
        AssistantError: if it is no cursor.
    """
    if not cursor:
        return 0
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        article_id, added = text.split(" ")
    except (binascii.Error, ValueError) as error:
        raise AssistantError("`cursor`: It is none. Send the `next` of the part before.") from error
    for place, entry in enumerate(entries, start=1):
        if entry.id == article_id:
            return place
    return next((place for place, entry in enumerate(entries) if entry.added.isoformat() > added), len(entries))
