// The article pane: which article is shown, what is known of it, and the choice among several.

const pane = {
  article: null, cache: new Map(),

  create() {
    this.heading = make("h2", { dir: "auto", tabindex: "-1" });
    this.about = make("p", { class: "about" });
    this.name = make("span", { class: "bar-name" }, "Article");
    this.choice = make("select", { "aria-label": "Article shown", onchange: () => this.open(this.choice.value) });
    const pages = articlePages.create();
    this.panel = make("section", { class: "article-panel", "aria-label": "Article" },
      make("div", { class: "article-bar" }, this.name, this.choice, articlePages.choice,
        iconButton("close", "Close the article", () => places.leaveSheet(), { class: "icon-button sheet-close" })),
      articleText.create(make("header", { class: "article-head" }, this.heading, this.about)), pages);
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
    articleText.show(article.pieces);
    articlePages.forget(article);
    this.refresh();
    return true;
  },

  showNothing() {
    this.article = null;
    highlights.forget();
    this.heading.textContent = "No article yet";
    this.about.textContent = "";
    articleText.showNothing();
    articlePages.forget(null);
    this.refresh();
  },

  /** Refreshes the title, the facts under it, and the choice among several articles. */
  refresh() {
    this.choice.replaceChildren(...app.articles.map((one) => make("option", { value: one.id }, oneLine(one.title))));
    this.choice.hidden = app.articles.length < 2;
    this.name.hidden = !this.choice.hidden;
    const entry = app.articles.find((one) => one.id === this.article?.id);
    if (!entry) return;
    this.choice.value = entry.id;
    this.heading.textContent = entry.title;
    // A title that was taken from the first line would only be read twice.
    const first = articleText.firstParagraph().replace(/^#+ /, "");
    this.heading.classList.toggle("unseen", oneLine(first).startsWith(entry.title.replace(/…$/, "")));
    this.about.replaceChildren(factsOf(entry), ...(entry.source ? [" · ", isolated(entry.source)] : []));
  },
};

function factsOf(entry) {
  const added = new Date(entry.added).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  return [`${entry.minutes} min read`, plural(entry.n_sentences, "sentence"), `added ${added}`].join(" · ");
}
