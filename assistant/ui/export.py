"""A conversation as a file: Markdown, JSON, or an HTML page that stands alone."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answer import NO_ANSWER
from assistant.errors import AssistantError
from assistant.library.chats import Chat, Turn

_FORMS = {"markdown": ("md", "text/markdown"), "json": ("json", "application/json"), "html": ("html", "text/html")}
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|!~])")
_STYLE = (
    "body{font:17px/1.6 Georgia,serif;max-width:44rem;margin:3rem auto;padding:0 1.25rem;color:#22262b;"
    "background:#fdfcfa}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.5rem}"
    "blockquote{margin:.6rem 0;padding-left:.9rem;border-left:3px solid #d9cfae}"
    "a{color:#285a84;text-decoration:none}small{color:#5c636b}"
)


def export(chat: Chat, turns: Sequence[Turn], form: str) -> dict[str, Any]:
    """Returns `{"name", "type", "text"}` of the file.

    Raises:
        AssistantError: if the form is not "markdown", "json" or "html".
    """
    if form not in _FORMS:
        raise AssistantError(f"Cannot export as {form!r}: expected one of {', '.join(sorted(_FORMS))}.")
    ending, media_type = _FORMS[form]
    write = {"markdown": as_markdown, "json": as_json, "html": as_html}[form]
    stem = re.sub(r"[^\w-]+", "-", chat.title).strip("-")[:60] or "conversation"
    return {"name": f"{stem}.{ending}", "type": media_type, "text": write(chat, turns)}


def as_json(chat: Chat, turns: Sequence[Turn]) -> str:
    """Returns the conversation with everything that is known about each answer."""
    content = {**chat.to_dict(), "turns": [turn.to_dict() for turn in turns]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_markdown(chat: Chat, turns: Sequence[Turn]) -> str:
    """Returns the conversation as Markdown; what others wrote is escaped, so that it stays text."""
    parts = [f"# {_plain(chat.title)}"]
    for turn in turns:
        parts.append(f"## {_plain(turn.question)}")
        for heading, said, citations in told(turn.answer):
            parts += [f"### {_plain(heading)}"] if heading else []
            parts += [_plain(said)] if said else []
            parts += [
                f"> {_plain(citation['text'])} \\[{citation['marker']}\\]\n>\n> — {_plain(reference(citation))}"
                for citation in citations
            ]
    return "\n\n".join(parts) + "\n"


def as_html(chat: Chat, turns: Sequence[Turn]) -> str:
    """Returns the conversation as an HTML page without scripts, its markers linked to the quotations."""
    body = [f"<h1>{html.escape(chat.title)}</h1>"]
    for turn in turns:
        body.append(f'<h2 dir="auto">{html.escape(turn.question)}</h2>')
        for heading, said, citations in told(turn.answer):
            markers = " ".join(
                f'<a href="#t{turn.position}c{citation["marker"]}">[{citation["marker"]}]</a>' for citation in citations
            )
            body += [f'<h3 dir="auto">{html.escape(heading)}</h3>'] if heading else []
            body += [f'<p dir="auto">{html.escape(said)} {markers}</p>'] if said else []
            body += [
                f'<blockquote dir="auto" id="t{turn.position}c{citation["marker"]}">[{citation["marker"]}] '
                f"{html.escape(citation['text'])}<br><small>{html.escape(reference(citation))}</small></blockquote>"
                for citation in citations
            ]
    head = f'<meta charset="utf-8"><title>{html.escape(chat.title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(body) + "\n</body></html>\n"


def told(answer: Mapping[str, Any]) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Returns (heading, words, citations) of each part of an answer: one a side, or one without a heading where it has none."""
    citations = list(answer.get("citations", []))
    sides = answer.get("sides") or []
    if not sides:
        return [("", headline(answer), citations)]
    return [
        (side["name"], "" if side["markers"] else NO_ANSWER, [c for c in citations if c["marker"] in side["markers"]])
        for side in sides
    ]


def headline(answer: Mapping[str, Any]) -> str:
    """Returns the words that answer, the written text, or the refusal."""
    if answer.get("abstained") or answer.get("mode") == "written":
        return str(answer.get("text", ""))
    return str(answer.get("short_answer") or answer.get("text", ""))


def reference(citation: Mapping[str, Any]) -> str:
    """Returns where a quotation stands: speaker, title, page, place, section, sentence number, address.

    >>> reference({"title": "On bees", "speaker": "Ann Lee", "page": 3, "section": "Wasps", "position": 11})
    'Ann Lee, in “On bees”, page 3, “Wasps”, sentence 12'
    """
    speaker = f"{citation['speaker']}, in " if citation.get("speaker") else ""
    section = citation.get("section") or ""
    parts = [
        f"{speaker}“{citation.get('title', '')}”",
        f"page {citation['page']}" if citation.get("page") else "",
        str(citation.get("place") or ""),
        f"“{section}”" if section not in ("", citation.get("title")) else "",
        f"sentence {int(citation.get('position', 0)) + 1}",
        str(citation.get("url") or ""),
    ]
    return ", ".join(filter(None, parts))


def _plain(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(str(text).split()))
