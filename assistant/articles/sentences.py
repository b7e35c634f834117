"""Text -> sentences with exact character spans.

Three steps: blocks.py finds the lines that belong together, a segmenter proposes boundaries inside each, boundaries.py
corrects them. The segmenter is nupunkt. F1 of the boundaries of 28 texts of our own (321 boundaries, six kinds) and of 51
public contexts (337), alone and with our two layers around it (`python -m benchmarks.segmenters --data DIR`):

                      alone           in our layers
    nupunkt 0.8.0     0.838   0.955   0.991   0.997
    blingfire 0.1.8   0.838   0.961   0.986   0.994
    syntok 1.4.4      0.883   0.985   0.983   0.993
    sentencex 1.0.32  0.864   0.954   0.977   0.993
    pysbd 0.3.4       0.847   0.889   0.964   0.988
    full stops only   0.722   0.911   0.977   0.994

Inside the layers the candidates are within each other's noise, so upkeep decides: nupunkt is maintained (2026), MIT, pure
Python without dependencies, imported and loaded in 0.15 s, linear in the length of the text and cuts inside quotations.
blingfire is a 99 MB binary last released in 2021, pysbd (2021) and syntok (2022) are no longer released and slower.
The own texts were labelled before any segmenter ran, then their errors were looked at; the contexts scored 0.991 before
theirs were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.articles.blocks import Block, heading_title, split_blocks
from assistant.articles.boundaries import Proposer, propose, sentence_starts
from assistant.articles.boxes import Box
from assistant.articles.limits import MAX_SENTENCES
from assistant.errors import ArticleError

MAX_CHARACTERS = 1500
_MAX_PARAGRAPH = 100_000  # characters that are looked at together: memory is not to grow with the text


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that is indexed and cited: `article.text[s.start:s.end] == s.text`, always.

    Attributes:
        text: the sentence as it stands in the article, no surrounding white space.
        start, end: character offsets into the article's text, end exclusive.
        position: index of the sentence in its article, from 0.
        speaker: who says it, in the fullest form the article has; "" if the article itself speaks.
        page: page number from 1, None where the format has no pages.
        section: heading the sentence stands under, "" if none.
        place: where it is in what has no pages: a time ("00:12:03"), a slide ("slide 4"); "read by OCR" on a page whose
            text was recognised; "" if nowhere.
        boxes: where it stands on the pages of a PDF, one box a line.
    """

    text: str
    start: int
    end: int
    position: int
    speaker: str = ""
    page: int | None = None
    section: str = ""
    place: str = ""
    boxes: tuple[Box, ...] = ()


def split_sentences(
    text: str, proposer: Proposer = propose, max_sentences: int = MAX_SENTENCES, blocks: Sequence[Block] = ()
) -> list[Sentence]:
    """Returns the sentences of `text` in order; every non-space character is in exactly one of them.

    Args:
        text: plain text or Markdown, any script, any size.
        proposer: gives the sentence ends of one paragraph, to be corrected; replaced only to compare segmenters.
        max_sentences: that it may have.
        blocks: what its format tells of its blocks, all of them; () where the text alone tells.

    Raises:
        ArticleError: if it has more; as soon as that is known.
    """
    sentences: list[Sentence] = []
    headings: list[tuple[int, str]] = []
    for block in blocks or split_blocks(text):
        while block.level and headings and headings[-1][0] >= block.level:
            headings.pop()
        section = headings[-1][1] if headings else ""
        spans = [(block.start, block.end)] if block.is_whole else _spans(text, block, proposer)
        for start, end in spans:
            for first, last in _pieces(text, start, end):
                if len(sentences) == max_sentences:
                    raise ArticleError(
                        f"The article has more than {max_sentences:,} sentences, which is the limit. "
                        "Split it, or raise ASSISTANT_MAX_ARTICLE_SENTENCES.",
                        "too_large",
                    )
                sentences.append(Sentence(text[first:last], first, last, len(sentences), section=section))
        if block.level:
            headings.append((block.level, heading_title(text[block.start : block.end])))
    return sentences


def _spans(text: str, block: Block, proposer: Proposer) -> Iterator[tuple[int, int]]:
    """Yields where the sentences of a paragraph lie, a long one part by part: the last of a part begins the next."""
    start = block.start
    while start < block.end:
        end = min(block.end, start + _MAX_PARAGRAPH)
        starts = [start + at for at in sentence_starts(text[start:end], proposer)]
        if end < block.end and len(starts) > 1:
            end = starts.pop()
        yield from zip(starts, [*starts[1:], end], strict=True)
        start = end


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the span without surrounding white space, cut at clauses or spaces where it is too long to handle."""
    while start < end:
        body = text[start:end]
        start += len(body) - len(body.lstrip())
        end = start + len(body.strip())
        stop = end if end - start <= MAX_CHARACTERS else _clause_end(text, start)
        if start < stop:
            yield start, start + len(text[start:stop].rstrip())
        start = stop


def _clause_end(text: str, start: int) -> int:
    """Returns where to cut a sentence that is too long: the last clause, else the last space, else anywhere."""
    limit = start + MAX_CHARACTERS
    for mark in ("; ", ": ", ", ", "\n", " "):
        found = text.rfind(mark, start + MAX_CHARACTERS // 2, limit)
        if found >= 0:
            return found + len(mark.rstrip() or mark)
    return limit
