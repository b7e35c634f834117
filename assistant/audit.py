"""Who changed what in the library: a line for each change, from the page, by program or by an agent; never a text."""

from __future__ import annotations

import logging

REQUEST_ID = "assistant_request_id"
"""Where in a request's scope its id stands."""

_LOG = logging.getLogger("assistant.audit")


def audit(who: str, action: str, what: str, request_id: str = "") -> None:
    """Notes that somebody changed an article or a token: who, how, its id, in which request."""
    _LOG.info("%s: %s %s (request %s)", who, action, what, request_id or "-")


def tell_audit() -> None:
    """Lets the lines stand on standard error, unless whoever logs says otherwise."""
    if _LOG.level == logging.NOTSET and not _LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s audit %(message)s"))
        _LOG.addHandler(handler)
        _LOG.setLevel(logging.INFO)
        _LOG.propagate = False
