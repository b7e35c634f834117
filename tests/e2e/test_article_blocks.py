"""The article pane draws what an article is made of, and highlights its sentences there: rows of tables, items, code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from e2e.browsing import Screen, Server, serious

Open = Callable[..., Screen]
MOVING = """# Moving the shop

The move took place on 3 March. It cost £350,000 – half of what was planned.

## What was done

1. Copy the database
2. Start the shop
   - in Oslo, <b>first</b> of all, so that whoever comes early finds an open door and a warm room
   - then in Bergen

> “So it goes,” said Tom Aske, a baker.

## How long it took

| Step | Before | After |
|---|---:|---:|
| Database | 2 h 50 min | 40 min |
| Images | | 12 min |
| Search <script>alert(1)</script> | 1 h 5 min | 18 min |

```python
def move(shop):
    if shop.is_open:

        return None
```

### The end

All is well.
"""


def test_headings_lists_tables_and_code_are_drawn_and_a_row_is_highlighted(served: Server, open_page: Open) -> None:
    article = served.call("add_markdown", MOVING)["id"]
    screen = open_page(f"{served.url}?article={article}")
    page = screen.page
    text = page.locator(".article-text")
    page.get_by_label("Article shown").select_option(article)
    expect(text.get_by_role("heading", level=4)).to_have_text(["What was done", "How long it took"])
    expect(text.locator(".item")).to_have_text(
        [
            "1. Copy the database",
            "2. Start the shop",
            "- in Oslo, first of all, so that whoever comes early finds an open door and a warm room",
            "- then in Bergen",
        ]
    )
    expect(text.locator(".quoted")).to_have_text("“So it goes,” said Tom Aske, a baker.")
    expect(text.locator("th")).to_have_text(["Step", "Before", "After"])
    expect(text.locator("tbody tr").nth(1).locator("td")).to_have_text(["Images", "", "12 min"])
    assert text.locator("pre").inner_text() == "def move(shop):\n    if shop.is_open:\n\n        return None"
    depths = text.locator(".item").evaluate_all(
        "items => items.map((item) => parseFloat(getComputedStyle(item).paddingInlineStart))"
    )
    assert depths[0] == depths[1] < depths[2] == depths[3]

    screen.ask("How long did the database step take before?")
    row = text.locator("tr.sentence.cited")
    expect(row).to_have_count(1)
    expect(row.locator("td")).to_have_text(["1Database", "2 h 50 min", "40 min"])
    marker, pane = row.locator(".margin-marker").bounding_box(), text.bounding_box()
    assert marker is not None
    assert pane is not None
    assert pane["x"] < marker["x"] < row.locator("td").first.bounding_box()["x"]  # type: ignore[index]
    row.click()
    page.get_by_role("menuitem", name="Copy link to this sentence").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(text.locator("tr.sentence:focus td").first).to_have_text("Images")
    assert serious(screen) == []


def test_a_wide_table_is_scrolled_in_its_frame_and_not_squeezed(
    served: Server, open_page: Open, tmp_path: Path
) -> None:
    served.call("reset", False)
    address = "https://example.org/harbours/of/the/west/coast/and/its/islands/norwick.html"
    rows = ["Harbour,Opened,Fuel on the quay,Telephone,Depth in metres,Page", f"Norwick,1911,diesel and petrol,+47 55 01 001,4.5,{address}"]  # fmt: skip
    path = tmp_path / "harbours.csv"
    path.write_text("\n".join(rows))
    screen = open_page(served.url, width=390, height=844)
    screen.drop(path)
    screen.ask("What about Norwick?").locator(".quote .marker").first.click()
    cells = screen.page.locator("tr.target td")
    expect(cells).to_have_count(6)
    lines = cells.evaluate_all(
        """cells => cells.map((cell) => {
            const words = document.createRange();
            words.selectNodeContents(cell);
            return new Set([...words.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top / 8))).size;
        })"""
    )
    assert lines[1:5] == [1, 1, 1, 1]
    assert 2 <= lines[5] <= 4
    frame = screen.page.locator(".table-around")
    assert frame.evaluate("e => e.scrollWidth") > frame.evaluate("e => e.clientWidth")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(screen) == []
