"""Reports of evaluations, kept for a while for whom they were made."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

MAX_REPORTS = 20
"""Of all users together; a report of 2,000 questions has a few megabytes."""

REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-scripts allow-top-navigation-by-user-activation allow-popups allow-downloads"
)
"""A report is a file that stands alone, its script in it. The sandbox gives it an origin of its own, which reaches nothing."""


@dataclass(frozen=True)
class Report:
    """One report as HTML.

    Attributes:
        shown: with links that ask a question in the chat.
        to_save: without them.
    """

    shown: str
    to_save: str


class Reports:
    """Keeps the last reports by owner and token; may be shared by threads."""

    def __init__(self) -> None:
        """Starts with none."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Report] = OrderedDict()

    def keep(self, owner: str, report: Report) -> str:
        """Returns the token that the owner gets the report by."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[owner, token] = report
            while len(self._kept) > MAX_REPORTS:
                self._kept.popitem(last=False)
        return token

    def of(self, owner: str, token: str) -> Report | None:
        """Returns a report of this owner, None if there is none of that token."""
        with self._lock:
            return self._kept.get((owner, token))
