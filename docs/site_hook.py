"""For `mkdocs build`: documents that lie beside docs/ become pages, and links to other files of the repository become plain text.

The documents link to each other as they lie in the repository, where people read them as well.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
BESIDE = {
    "README.md": "README.md", "CHANGELOG.md": "CHANGELOG.md", "SECURITY.md": "SECURITY.md", "CONTRIBUTING.md": "CONTRIBUTING.md",
    "training/README.md": "training.md", "assistant/models/README.md": "model-card.md",
}  # fmt: skip
"""Where a document lies in the repository, and its page."""

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]+)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Adds the documents beside docs/."""
    for path, page in BESIDE.items():
        files.append(File.generated(config, page, content=(ROOT / path).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, files: Files, **_: Any) -> str:
    """Leads links to where their target is a page, and takes them off where it is none."""
    of_page = {page: path for path, page in BESIDE.items()}
    here = of_page.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def mended(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here), target))
        uri = BESIDE.get(path, path.removeprefix("docs/"))
        return f"[{text}]({uri}{anchor})" if files.get_file_from_path(uri) else text

    return _LINK.sub(mended, markdown)
