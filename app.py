"""The chat: settings -> assistant -> Gradio app. Run it with `python app.py`."""

from __future__ import annotations

import os
import sys

from assistant.errors import AssistantError
from assistant.listening import check_address
from assistant.ui import launch


def main() -> int:
    """Serves the chat until interrupted; returns 2 with a message if it cannot be opened."""
    try:
        check_address(os.environ.get("GRADIO_SERVER_NAME", ""), os.environ.get("GRADIO_SERVER_PORT", ""))
        launch()
    except AssistantError as error:
        print(f"Article Assistant cannot start. {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
