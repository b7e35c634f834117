"""Pictures of pages: the right page, at the right size, whatever the file is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from assistant.errors import ArticleError
from assistant.loaders.pdf import load_pdf
from assistant.loaders.pdf_pages import MAX_WIDTH, draw, measure, page_sizes, png, render_page

FOLDER = Path(__file__).parent / "pdf"


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L")


def test_a_picture_has_the_rows_that_were_given() -> None:
    image = Image.open(io.BytesIO(png(2, 2, 8, bytes([255, 0, 0, 0, 255, 0, 9, 9, 0, 0, 255, 1, 2, 3, 9, 9]))))
    assert (image.mode, image.size) == ("RGB", (2, 2))
    assert [image.getpixel((x, y)) for y in (0, 1) for x in (0, 1)] == [
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (1, 2, 3),
    ]


def test_a_page_is_drawn_in_another_process_as_wide_as_asked_for() -> None:
    data = (FOLDER / "typst.pdf").read_bytes()
    [(width, height), *_] = page_sizes(data)
    image = opened(render_page(data, 1, 600))
    assert image.width in (600, 601)
    assert abs(image.height - 600 * height / width) < 2
    assert opened(draw(data, f"1 {MAX_WIDTH}")).width in (MAX_WIDTH, MAX_WIDTH + 1)


@pytest.mark.parametrize("name", ["latex-columns", "rotated", "cropped", "chromium-columns"])
def test_there_is_ink_in_the_box_of_every_word_and_none_in_the_margin(name: str) -> None:
    data = (FOLDER / f"{name}.pdf").read_bytes()
    words = [word for word in load_pdf(data, name).words if word.box.page == 1]
    image = opened(draw(data, "1 1200"))
    for word in words:
        box = word.box
        crop = image.crop(
            (
                int(box.left * image.width),
                int(box.top * image.height),
                int(box.right * image.width) + 1,
                int(box.bottom * image.height) + 1,
            )
        )
        assert crop.getextrema()[0] < 140
    left = min(word.box.left for word in words)
    margin = image.crop((0, 0, int(left * image.width) - 3, image.height))
    assert margin.getextrema()[0] > 200


def test_a_turned_page_has_the_size_at_which_it_is_shown() -> None:
    assert page_sizes((FOLDER / "rotated.pdf").read_bytes()) == page_sizes((FOLDER / "latex-columns.pdf").read_bytes())
    assert b"[[595.28, 841.89]" in measure((FOLDER / "rotated.pdf").read_bytes(), "")


@pytest.mark.parametrize("page", [0, -1, 4, 10**9])
def test_a_page_that_is_not_there_is_said_not_to_be(page: int) -> None:
    with pytest.raises(ArticleError, match=f"There is no page {page}: the article's file has 3"):
        draw((FOLDER / "latex-columns.pdf").read_bytes(), f"{page} 600")


def test_what_is_no_pdf_has_no_pages() -> None:
    with pytest.raises(ArticleError, match="the article's file is no PDF that can be read"):
        render_page(b"no PDF", 1, 600)
    with pytest.raises(ArticleError, match="is no PDF that can be read"):
        page_sizes(b"no PDF")
