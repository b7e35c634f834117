"""Article -> the same article with its sentences: who says them, in which section, on which page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.articles.article import Article
from assistant.articles.limits import MAX_SENTENCES
from assistant.articles.sentences import Sentence, split_sentences
from assistant.loaders import Mark
from assistant.speech.speakers import attribute_speakers


def with_sentences(article: Article, marks: Sequence[Mark] = (), max_sentences: int = MAX_SENTENCES) -> Article:
    """Returns the article with its sentences.

    Args:
        article: one without.
        marks: sections and pages that its format tells, by rising start.
        max_sentences: that it may have.

    Raises:
        ArticleError: if it has more.
    """
    sentences = attribute_speakers(article.text, split_sentences(article.text, max_sentences=max_sentences))
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
            yield replace(sentence, section=current.section or sentence.section, page=current.page)
