"""Settings that were chosen on the page, by this server or another one on the same library."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from assistant.library.chats import Chats

if TYPE_CHECKING:
    from assistant.assistant import Assistant

KEPT = ("carefulness", "language_model")

_LOG = logging.getLogger(__name__)


def apply_kept(assistant: Assistant, chats: Chats) -> None:
    """Applies what was chosen last, except where the environment says otherwise; a value that is none is passed over."""
    for name, value in chats.choices().items():
        if name not in KEPT or f"ASSISTANT_{name.upper()}" in os.environ:
            continue
        if getattr(assistant.settings, name) == value:
            continue
        try:
            assistant.configure(**{name: value})
        except ValueError:
            _LOG.warning("The setting %s that was kept, %r, is not allowed: choose it again on the page.", name, value)
