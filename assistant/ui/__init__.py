"""The chat's page: what a reader sees and does; `assistant.server` serves it.

Gradio reads its environment when it is imported, so this comes before every module that does.
"""

from __future__ import annotations

import os
import sys
from typing import Any

# Nothing leaves the machine unless the user asks for it.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# Gradio notes every question for its monitoring, which is off here, and goes through all of its notes after each.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
# Agents have an address of ours, behind tokens; Gradio's, and what it would import for it, stays away. Where the package
# `mcp` is installed, Gradio imports it in any case, which makes its start a quarter longer.
os.environ.pop("GRADIO_MCP_SERVER", None)
if not {"gradio", "mcp"} & sys.modules.keys():
    _modules: dict[str, Any] = sys.modules
    _modules["mcp"] = None  # as if it were not installed
    try:
        import gradio  # noqa: F401
    finally:
        del _modules["mcp"]
