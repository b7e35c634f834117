"""The articles of an assistant: adding, listing, describing, replacing and removing them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from assistant.adding import article_of, with_sentences
from assistant.articles.article import MAX_TITLE_CHARACTERS, Article, clean, shorten, title_of
from assistant.articles.tags import Day, Tags, day_of, tags_of, united
from assistant.errors import ArticleError
from assistant.library.filter import Filter, FilterOptions
from assistant.library.store import Entry, Original, Store
from assistant.loaders import Loaded, load_bytes, load_text, read_file
from assistant.networks.embeddings import Embedder, Progress, Vectors
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.loaders.web import WebPage


class Collection:
    """Articles in a library. May be shared by threads.

    Attributes:
        settings: as opened.
        store: the library.
    """

    def __init__(self, settings: Settings, store: Store, embedder: Embedder) -> None:
        self.settings = settings
        self.store = store
        self._embedder = embedder

    @property
    def embeddings(self) -> Embedder:
        """The embedding model, which is one of LangChain's `Embeddings` as well."""
        return self._embedder

    # -- adding ----------------------------------------------------------------------------------------------------

    def add(
        self,
        text: str,
        title: str = "",
        source: str = "",
        progress: Progress | None = None,
        *,
        tags: Tags = (),
        author: str = "",
        date: Day = None,
    ) -> Article:
        """Adds a plain text and returns its article; the same text twice is one article, as it was added first.

        Args:
            text: the article.
            title: "" for its first line.
            source: where it comes from.
            progress: called with (sentences embedded, all sentences).
            tags: some texts, or one with commas between; those that a file states come to them.
            author: "" for what a file states.
            date: when it was published, a day or ISO 8601; None for what a file states.

        Raises:
            ArticleError: if the text is empty, too large, or not text, or a tag or the date is none.
            StoreError: if the library cannot be written.
        """
        loaded = load_text(text, self.settings.max_article_megabytes)
        return self._add(described(loaded, tags, author, date), title, source, progress)

    def add_file(
        self,
        path: str | Path,
        title: str = "",
        progress: Progress | None = None,
        *,
        tags: Tags = (),
        author: str = "",
        date: Day = None,
    ) -> Article:
        """Adds a file and returns its article; its suffix tells its format.

        Raises:
            ArticleError: if it cannot be read as text.
            StoreError: if the library cannot be written.
        """
        data = read_file(path, self.settings.max_article_megabytes)
        return self.add_bytes(data, Path(path).name, title, progress, tags=tags, author=author, date=date)

    def add_bytes(
        self,
        data: bytes,
        name: str,
        title: str = "",
        progress: Progress | None = None,
        *,
        tags: Tags = (),
        author: str = "",
        date: Day = None,
    ) -> Article:
        """Adds a file's content; the suffix of `name` tells its format. Raises as `add_file`."""
        loaded = load_bytes(data, name, self.settings.max_article_megabytes)
        return self._add(described(loaded, tags, author, date), title, name, progress, _original_of(loaded, data, name))

    def add_url(
        self,
        url: str,
        title: str = "",
        progress: Progress | None = None,
        *,
        tags: Tags = (),
        author: str = "",
        date: Day = None,
    ) -> Article:
        """Fetches an address of the public web and adds the article that it gives: of a page, a PDF, a text …

        Raises:
            ArticleError: if the address is not allowed, cannot be fetched, or gives no article.
            StoreError: if the library cannot be written.
        """
        page = self.fetch_page(url)
        return self.add_page(replace(page, loaded=described(page.loaded, tags, author, date)), title, progress)

    def fetch_page(self, url: str) -> WebPage:
        """Returns the article that an address gives, not yet added. Raises as `add_url`."""
        from assistant.loaders.web import load_url

        return load_url(url, self.settings.max_article_megabytes, self.settings.allow_private_addresses)

    def add_page(self, page: WebPage, title: str = "", progress: Progress | None = None) -> Article:
        """Adds what `fetch_page` gave, as it is or mended by hand, and returns its article. Raises as `add`."""
        article = replace(article_of(page.loaded, title, page.url), url=page.url, fetched=page.fetched)
        return self._add_article(article, page.loaded, progress, _original_of(page.loaded, page.data, page.name))

    def restore(self, article: Article, original: Original | None = None) -> Article:
        """Adds an article that was removed as it was, with its file if it had one, and returns it. Raises as `add`."""
        self.store.add(article, self._embedder.embed([s.text for s in article.sentences]), original)
        return self.store.article(article.id)

    # -- looking ---------------------------------------------------------------------------------------------------

    def articles(self, **only: Unpack[FilterOptions]) -> list[Article]:
        """Returns all articles with their text and sentences, oldest first; `only` those as in `contents`."""
        return [self.store.article(entry.id) for entry in self.contents(**only)]

    def contents(self, **only: Unpack[FilterOptions]) -> list[Entry]:
        """Returns all articles without their text, oldest first; `only` those with tags, since, until, author …

        Raises:
            ArticleError: if what they are chosen by is not what it should be; see `library.filter.Filter`.
        """
        chosen = Filter.of(**only)
        return [entry for entry in self.store.contents() if chosen.fits(entry)]

    def article(self, article_id: str) -> Article:
        """Returns one article. Raises ArticleError if there is none of that id."""
        return self.store.article(_one_id(article_id))

    def original(self, article_id: str) -> Original | None:
        """Returns the file of an article whose pages can be shown, None of others. Raises as `article`."""
        return self.store.original(_one_id(article_id))

    # -- changing --------------------------------------------------------------------------------------------------

    def rename(self, article_id: str, title: str) -> None:
        """Changes an article's title. Raises ArticleError if there is none of that id, or the title is blank."""
        self.store.rename(_one_id(article_id), _title(title))

    def describe(
        self,
        article_id: str,
        *,
        title: str | None = None,
        author: str | None = None,
        date: Day = None,
        tags: Tags | None = None,
    ) -> Article:
        """Changes what is given of an article, and returns it; "" for author or date, and () for tags, takes it away.

        Raises:
            ArticleError: if there is none of that id, the title is blank, or a tag or the date is none.
        """
        article = self.article(article_id)
        changed = replace(
            article,
            title=article.title if title is None else _title(title),
            author=article.author if author is None else _author(author),
            date=article.date if date is None else day_of(date),
            tags=article.tags if tags is None else tags_of(tags),
        )
        self.store.describe(changed)
        return changed

    def replace(
        self, article_id: str, content: str | bytes | Path, name: str = "", progress: Progress | None = None
    ) -> Article:
        """Puts a new text in the place of an article's, in one transaction, and returns the new article.

        What the new one does not state stays as it was: author, date, source; tags are united. Conversations still show what
        they cited, and are about the new text from now on.

        Args:
            article_id: of the article, which gets another id.
            content: a text, a file's bytes, or the path of a file.
            name: of the file whose bytes are given.
            progress: called with (sentences embedded, all sentences).

        Raises:
            ArticleError: if there is none of that id, the new text is no article, or is in the library at another place.
            StoreError: if the library cannot be written; the article is as it was then.
        """
        old, limit = self.article(article_id), self.settings.max_article_megabytes
        if isinstance(content, Path):
            name, content = content.name, read_file(content, limit)
        if isinstance(content, str):
            loaded, original = load_text(content, limit), None
        else:
            loaded = load_bytes(content, name, limit)
            original = _original_of(loaded, content, name)
        kept = "" if loaded.title or old.title == title_of(old.text) else old.title
        told = described(loaded, old.tags, loaded.author or old.author, loaded.date or old.date)
        new = replace(article_of(told, kept, name or old.source), url=old.url, fetched=old.fetched)
        article, vectors = self._prepared(new, told, progress)
        self.store.replace(old.id, article, vectors, original)
        return self.store.article(article.id)

    def remove(self, article_id: str, for_good: bool = False) -> Article:
        """Removes an article and returns it.

        For good: questions kept on it go, answers that quote it say so instead, and nothing of its text is left in the
        library's files.

        Raises:
            ArticleError: if there is none of that id.
            StoreError: if the library cannot be written.
        """
        article = self.store.remove(_one_id(article_id), for_good)
        if for_good:
            self.store.purge()
        return article

    # -- inside ----------------------------------------------------------------------------------------------------

    def _add(
        self, loaded: Loaded, title: str, source: str, progress: Progress | None, original: Original | None = None
    ) -> Article:
        return self._add_article(article_of(loaded, title, source), loaded, progress, original)

    def _add_article(
        self, article: Article, loaded: Loaded, progress: Progress | None, original: Original | None
    ) -> Article:
        if any(entry.id == article.id for entry in self.store.contents()):
            return self.store.article(article.id)
        article, vectors = self._prepared(article, loaded, progress)
        self.store.add(article, vectors, original)
        return self.store.article(article.id)

    def _prepared(self, article: Article, loaded: Loaded, progress: Progress | None) -> tuple[Article, Vectors]:
        article = with_sentences(article, loaded.marks, self.settings.max_article_sentences, loaded.words)
        return article, self._embedder.embed([s.text for s in article.sentences], progress)


def described(loaded: Loaded, tags: Tags, author: str, date: Day) -> Loaded:
    """Returns what was loaded with what the caller gives, which wins; tags are united. Raises ArticleError as `add`."""
    return replace(
        loaded,
        tags=united(tags, loaded.tags),
        author=_author(author) or loaded.author,
        date=day_of(date) or loaded.date,
    )


def _original_of(loaded: Loaded, data: bytes, name: str) -> Original | None:
    """Returns the file that is kept with an article: one that tells where words stand on its pages."""
    return Original(clean(name), bytes(data)) if loaded.words else None


def _title(title: str) -> str:
    title = " ".join(clean(title).split()) if isinstance(title, str) else ""
    if not title:
        raise ArticleError("The title is empty. Give some words.")
    return shorten(title, MAX_TITLE_CHARACTERS)


def _author(author: str) -> str:
    if not isinstance(author, str):
        raise ArticleError(f"The author is {author!r:.80}, expected a text.")
    return shorten(" ".join(clean(author).split()), MAX_TITLE_CHARACTERS)


def _one_id(article_id: object) -> str:
    if not isinstance(article_id, str):
        raise ArticleError(f"An article id is {article_id!r:.80}, expected a text; None stands for all articles.")
    return clean(article_id)
