"""The documents as a site: it builds without a warning, every document is in it, and nothing is loaded from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

_LOADED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"?([^\"\s>]+)|<link\b(?=[^>]*\brel=\"?stylesheet)[^>]*\bhref=\"?([^\"\s>]+)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `mkdocs build --strict` does."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_document_is_a_page_and_is_in_the_menu(site: Path) -> None:
    menu = (site / "index.html").read_text(encoding="utf-8")
    names = [path.stem for path in (ROOT / "docs").glob("*.md") if path.stem != "index"]
    assert [name for name in names if not (site / name / "index.html").exists()] == []
    assert [name for name in names if f'href="{name}/"' not in menu] == []


def test_the_reference_has_what_the_docstrings_say(site: Path) -> None:
    page = (site / "reference" / "index.html").read_text(encoding="utf-8")
    assert 'id="assistant.assistant.Assistant.ask"' in page
    assert 'id="assistant.errors.ArticleError"' in page


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    loaded = {one or other for page in pages for one, other in _LOADED.findall(page.read_text(encoding="utf-8"))}
    assert any(name.endswith(".js") for name in loaded)
    assert [name for name in loaded if re.match(r"(?:https?:)?//", name)] == []
