"""Serves the page "Evaluate" before the real assistant: `python evaluate_server.py PORT`."""

from __future__ import annotations

import os

from assistant.assistant import Assistant
from assistant.server import application
from assistant.server.running import listen, serve_on
from assistant.settings import Settings, shipped

if __name__ == "__main__":
    port = int(os.environ["GRADIO_SERVER_PORT"])
    with Assistant.open(Settings()) as assistant:
        assistant.add_file(next(shipped("articles").glob("*.txt")))
        serve_on(listen("127.0.0.1", port), application(assistant), f"http://127.0.0.1:{port}/")
