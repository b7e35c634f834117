"""Article -> the same article with its sentences: who says them, in which section, on which page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.articles.article import Article, make_article
from assistant.articles.boxes import PlacedWord, boxes_between
from assistant.articles.limits import MAX_SENTENCES
from assistant.articles.sentences import Sentence, split_sentences
from assistant.loaders import Loaded, Mark
from assistant.speech.speakers import attribute_speakers


def article_of(loaded: Loaded, title: str = "", source: str = "") -> Article:
    """Returns the article of what was loaded, its sentences not yet split.

    Raises:
        ArticleError: if the title or the source is no text.
    """
    return replace(
        make_article(loaded.text, title or loaded.title, source),
        author=loaded.author,
        date=loaded.date,
        tags=loaded.tags,
        notes=loaded.notes,
        blocks=loaded.blocks,
    )


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
