"""Article -> the same article with its sentences: who says them, in which section, on which page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.articles.article import Article
from assistant.articles.boxes import PlacedWord, boxes_between
from assistant.articles.limits import MAX_SENTENCES
from assistant.articles.sentences import Sentence, split_sentences
from assistant.loaders import Mark
from assistant.speech.speakers import attribute_speakers


def with_sentences(
    article: Article,
    marks: Sequence[Mark] = (),
    max_sentences: int = MAX_SENTENCES,
    words: Sequence[PlacedWord] = (),
) -> Article:
    """Returns the article with its sentences.

    Args:
        article: one without.
        marks: sections, pages and places that its format tells, by rising start.
        max_sentences: that it may have.
        words: where its words stand on pages, in order.

    Raises:
        ArticleError: if it has more.
    """
    sentences = split_sentences(article.text, max_sentences=max_sentences, blocks=article.blocks)
    sentences = attribute_speakers(article.text, sentences)
    if words:
        sentences = [replace(s, boxes=boxes_between(words, s.start, s.end)) for s in sentences]
    return replace(article, sentences=tuple(_marked(sentences, marks)))


def _marked(sentences: Sequence[Sentence], marks: Sequence[Mark]) -> Iterator[Sentence]:
    """Yields the sentences with the section and page that the format tells for their place."""
    coming = iter(marks)
    following = next(coming, None)
    current = None
    for sentence in sentences:
        while following is not None and following.start <= sentence.start:
            current, following = following, next(coming, None)
        if current is None:
            yield sentence
        else:
            section = current.section or sentence.section
            yield replace(sentence, section=section, page=current.page, place=current.place)
