"""Each format from the reader's side: the file is dropped, asked, and its citation leads to the words and their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from loaders.test_archives import archive
from playwright.sync_api import expect

from e2e.browsing import ROOT, Contexts, Screen, Server, one_page

FILES = ROOT / "tests" / "loaders" / "files"
PAGE = (
    "<html><head><title>The tram returns - Norwick Times</title></head><body><nav><a href=/>Home</a> <a href=/s>Sport</a></nav>"
    "<main><article><h1>The tram returns</h1><p>The tram to Norwick was closed in 1962, when petrol was cheap and the rails were worn.</p>"
    "<h2>What it costs</h2><p>A mile of rail costs eleven million crowns, and the town has voted for six of them.</p>"
    "<p>Work begins in spring at the harbour, and goes on from there to the hospital.</p></article></main>"
    "<footer>All rights reserved.</footer></body></html>"
)


@dataclass(frozen=True)
class Journey:
    """A file, what is asked of it, and what is shown.

    Attributes:
        file: a name in tests/loaders/, or one below `MADE`.
        question: asked of it.
        quote: the sentence that is cited.
        where: what stands under the quotation, "" for nothing.
        shown: selector of what is highlighted in the article.
        words: that are highlighted there.
    """

    file: str
    question: str
    quote: str
    where: str
    shown: str
    words: str


MADE = {
    "tram.html": PAGE.encode(),
    "both.zip": archive({"a/lists.txt": (FILES / "lists.txt").read_bytes(), "a/report.csv": (FILES / "report.csv").read_bytes()}),
}  # fmt: skip
JOURNEYS = [
    Journey("files/lists.txt", "Boil what?", "2. Boil the beets", "What to do", ".sentence.target", "2. Boil the beets"),
    Journey("files/tables-and-code.md", "Database times before, after?", "Step: Database (Before: 2 h 50 min; After: 40 min).", "", "tr.target", "Database2 h 50 min40 min"),
    Journey("tram.html", "How many million crowns for a mile of rail?", "A mile of rail costs eleven million crowns, and the town has voted for six of them.", "What it costs", "p .sentence.target", "A mile of rail costs eleven million crowns"),
    Journey("pdf/latex-columns.pdf", "Which seabirds occupied the abandoned vegetable garden meanwhile?", "Seabirds have meanwhile occupied the abandoned vegetable garden.", "page 2 · Automation and afterwards", ".page-box.target", ""),
    Journey("files/libreoffice.docx", "How warm in July?", "Month: July (Water: 21 °C).", "Rules", "tr.target", "July21 °C"),
    Journey("files/report.csv", "How many in Sandholm?", "Town: Sandholm (2020: 95).", "", "tr.target", "Sandholm95"),
    Journey("files/nav.epub", "Were there wells?", "There were two wells.", "The wells", "p .sentence.target", "There were two wells."),
    Journey("files/reply.eml", "When was it ordered, March?", "It was ordered in March.", "Quoted", ".sentence.target", "It was ordered in March."),
    Journey("files/voices.vtt", "Which later came stayed?", "Bo: I came later & stayed.", "00:00:07", ".sentence.target", "Bo: I came later & stayed."),
    Journey("files/film.srt", "What burned down ten years later?", "It burned down ten years later.", "00:00:03", ".sentence.target", "It burned down ten years later."),
    Journey("files/python-pptx.pptx", "Which engineer was Ada Moss?", "- Its engineer was Ada Moss.", "slide 2 · What was built", ".target", "Its engineer was Ada Moss."),
    Journey("files/odfpy.odt", "Which price Halle 1341?", "Town: Halle (Price: 6; Year: 1341).", "Salt and its roads", "tr.target", "Halle61341"),
    Journey("files/word.rtf", "Which Mocha milk large?", "Drink: Mocha, with milk (Small: 2.40; Large: 3.10).", "Prices", "tr.target", "Mocha, with milk2.403.10"),
    Journey("both.zip", "How many in Sandholm?", "Town: Sandholm (2020: 95).", "report", "tr.target", "Sandholm95"),
]  # fmt: skip


@pytest.fixture(scope="module")
def screen(fake_server: Server, contexts: Contexts) -> Iterator[Screen]:
    """One page for all formats."""
    fake_server.call("reset", False)
    with one_page(fake_server, contexts) as opened:
        yield opened


@pytest.mark.parametrize("journey", JOURNEYS, ids=[one.file.rpartition(".")[2] for one in JOURNEYS])
def test_a_citation_of_each_format_has_its_place_and_leads_to_it(
    screen: Screen, fake_server: Server, tmp_path: Path, journey: Journey
) -> None:
    page = screen.page
    fake_server.call("reset", False)
    page.get_by_role("button", name="New conversation").click()
    page.locator(".welcome").wait_for()
    page.locator(".notice").evaluate_all("notices => notices.forEach((notice) => notice.remove())")
    path = ROOT / "tests" / "loaders" / journey.file
    if journey.file in MADE:
        path = tmp_path / journey.file
        path.write_bytes(MADE[journey.file])
    screen.drop(path, "added.")
    turn = screen.ask(journey.question)
    expect(turn.locator(".quote blockquote").first).to_have_text(journey.quote)
    expect(turn.locator(".quote").first.locator(".where")).to_have_text([journey.where] if journey.where else [])
    if path.suffix == ".pdf":
        page.get_by_role("button", name="Pages", exact=True).click()
        page.locator(".sheet").first.wait_for()
    turn.locator(".quote .marker").first.click()
    expect(page.locator(journey.shown).first).to_contain_text(journey.words)
    assert screen.is_in_view(journey.shown)
    assert screen.problems == []
