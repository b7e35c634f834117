"""The chat: settings -> assistant -> server. Run it with `python app.py`, with the options of `assistant serve`."""

from __future__ import annotations

import sys

from assistant.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
