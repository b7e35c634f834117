"""The chat: settings -> assistant -> server. Run it with `python app.py`."""

from __future__ import annotations

import sys

from assistant.errors import AssistantError
from assistant.server import serve


def main() -> int:
    """Serves the chat until interrupted; returns 2 with a message if it cannot be opened."""
    try:
        serve()
    except AssistantError as error:
        print(f"Article Assistant cannot start. {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
