// The article pane: which article is shown, what is known of it, and the choice among several.

const pane = {
  article: null, cache: new Map(),

  create() {
    this.heading = make("h2", { dir: "auto", tabindex: "-1" });
    this.about = make("p", { class: "about" });
    this.origin = make("p", { class: "origin" });
    this.notes = make("ul", { class: "notes", "aria-label": "About this text" });
    this.name = make("span", { class: "bar-name" }, "Article");
    this.choice = make("select", { "aria-label": "Article shown", onchange: () => this.open(this.choice.value) });
    const pages = articlePages.create();
    this.panel = make("section", { class: "article-panel", "aria-label": "Article" },
      make("div", { class: "article-bar" }, this.name, this.choice, articlePages.choice,
        iconButton("close", "Close the article", () => places.leaveSheet(), { class: "icon-button sheet-close" })),
      articleText.create(make("header", { class: "article-head" }, this.heading, this.about, this.origin, this.notes)), pages);
    return this.panel;
  },

  /** Shows an article; returns whether it could be. */
  async open(id) {
    if (!id) { this.showNothing(); return false; }
    if (this.article?.id === id) return true;
    let article = this.cache.get(id);
    if (!article) {
      article = await attempt(() => server.call("open_article", id));
      if (!article) return false;
      this.cache.set(id, article);
      if (this.article?.id === id) return true;  // somebody else opened it meanwhile: what is highlighted there stays
    }
    this.article = article;
    highlights.forget();
    articleText.show(article);
    articlePages.forget(article);
    this.refresh();
    return true;
  },

  showNothing() {
    this.article = null;
    highlights.forget();
    this.heading.textContent = "No article yet";
    this.about.textContent = "";
    this.origin.replaceChildren();
    this.notes.replaceChildren();
    articleText.showNothing();
    articlePages.forget(null);
    this.refresh();
  },

  /** Refreshes the title, the facts under it, and the choice among several articles. */
  refresh() {
    this.choice.replaceChildren(...app.articles.map((one) => make("option", { value: one.id }, oneLine(one.title))));
    this.choice.hidden = app.articles.length < 2;
    this.name.hidden = !this.choice.hidden;
    for (const row of app.shell.querySelectorAll(".article-list .row")) {
      const isShown = row.dataset.id === this.article?.id;
      row.classList.toggle("current", isShown);
      row.querySelector(".row-name").ariaCurrent = isShown ? "true" : null;
    }
    const entry = app.articles.find((one) => one.id === this.article?.id);
    if (!entry) return;
    this.choice.value = entry.id;
    this.heading.textContent = entry.title;
    // A title that was taken from the first line would only be read twice.
    const first = articleText.firstParagraph().replace(/^#+ /, "");
    this.heading.classList.toggle("unseen", oneLine(first).startsWith(entry.title.replace(/…$/, "")));
    const source = entry.source && entry.source !== this.article.url ? [" · ", isolated(entry.source)] : [];
    this.about.replaceChildren(factsOf(entry), ...source);
    this.origin.replaceChildren(...originOf(this.article));
    this.notes.replaceChildren(...(this.article.notes || []).map((note) => make("li", { dir: "auto" }, note)));
  },
};

function factsOf(entry) {
  return [`${entry.minutes} min read`, plural(entry.n_sentences, "sentence"), `added ${shownDay(entry.added)}`].join(" · ");
}

/** Returns who wrote an article, when, and where and when it was fetched, as far as that is known. */
function originOf(article) {
  const parts = [];
  if (article.author) parts.push(make("span", {}, "By ", isolated(article.author)));
  if (article.date) parts.push(make("span", {}, `published ${shownDay(article.date)}`));
  if (article.url) {
    const fetched = article.fetched ? `, fetched ${shownDay(article.fetched)} at ${new Date(article.fetched).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}` : "";
    parts.push(make("span", {}, "from ", pageLink(article.url), fetched));
  }
  return parts.flatMap((part, n) => (n > 0 ? [" · ", part] : [part]));
}

/** Returns a link to a page of the web, in a window of its own; only the text of what is none. */
function pageLink(url) {
  const shown = isolated(url.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, ""));
  return /^https?:\/\//.test(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, shown) : shown;
}

function shownDay(moment) {
  return new Date(moment).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}
