"""Serves the page "Evaluate" before the real assistant: `python evaluate_server.py`."""

from __future__ import annotations

import gradio as gr

from assistant.assistant import Assistant
from assistant.settings import Settings, shipped
from assistant.ui.evaluate import build_page
from assistant.ui.page import launch_options

if __name__ == "__main__":
    with Assistant.open(Settings()) as assistant:
        assistant.add_file(next(shipped("articles").glob("*.txt")))
        with gr.Blocks(analytics_enabled=False) as page:
            gr.HTML("the chat")
        with page.route("Evaluate", "/evaluate"):
            build_page(assistant)
        page.launch(**launch_options(assistant.settings))
