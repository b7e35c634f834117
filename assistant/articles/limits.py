"""What an article may have."""

from __future__ import annotations

MAX_SENTENCES = 200_000
"""Of an article, unless told otherwise: six times the Bible. Each has a vector of its own in memory and on disk."""
