// The article pane. Long articles stand as plain text until they come near the screen, and only then sentence by sentence.

const BLOCK_CHARACTERS = 4000;

const pane = {
  article: null, turn: null, target: null, blocks: [], where: [], cache: new Map(),

  create() {
    this.heading = make("h2", { dir: "auto", tabindex: "-1" });
    this.about = make("p", { class: "about" });
    this.choice = make("select", { "aria-label": "Article shown", onchange: () => this.open(this.choice.value) });
    this.text = make("div", { class: "article-text", dir: "auto" });
    this.scroller = make("div", { class: "scroller", tabindex: "-1" },
      make("header", { class: "article-head" }, this.heading, this.about), this.text);
    this.panel = make("section", { class: "article-panel", "aria-label": "Article" },
      make("div", { class: "article-bar" }, make("span", { class: "bar-name" }, "Article"), this.choice,
        iconButton("close", "Close the article", () => places.leaveSheet(), { class: "icon-button sheet-close" })),
      this.scroller);
    this.near = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && this.fill(this.blocks[entry.target.block])),
      { root: this.scroller, rootMargin: "1200px" });
    this.text.addEventListener("click", (event) => sentenceClicked(event));
    this.text.addEventListener("keydown", (event) => sentenceKey(event));
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
    this.target = null;
    this.render();
    if (this.turn) this.paint(this.turn);
    return true;
  },

  showNothing() {
    Object.assign(this, { article: null, turn: null, target: null, blocks: [], where: [] });
    this.heading.textContent = "No article yet";
    this.about.textContent = "";
    this.text.replaceChildren(make("div", { class: "empty" }, make("p", {}, "Add an article to ask about: drop a file anywhere on this page, or paste its text."),
      make("button", { type: "button", class: "button primary", onclick: () => openAddArticle() }, "Add an article")));
    this.refreshChoice();
  },

  /** Refreshes the title, the facts under it, and the choice among several articles. */
  refreshChoice() {
    this.choice.replaceChildren(...app.articles.map((one) => make("option", { value: one.id }, oneLine(one.title))));
    this.choice.hidden = app.articles.length < 2;
    this.panel.querySelector(".bar-name").hidden = !this.choice.hidden;
    const entry = app.articles.find((one) => one.id === this.article?.id);
    if (!entry) return;
    this.choice.value = entry.id;
    this.heading.textContent = entry.title;
    // A title that was taken from the first line would only be read twice.
    const first = (this.blocks[0]?.paragraphs[0] || []).map((n) => this.article.pieces[n * 2 + 1]).join(" ").replace(/^#+ /, "");
    this.heading.classList.toggle("unseen", oneLine(first).startsWith(entry.title.replace(/…$/, "")));
    const facts = [`${entry.minutes} min read`, plural(entry.n_sentences, "sentence"), `added ${new Date(entry.added).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })}`];
    this.about.replaceChildren(facts.join(" · "), ...(entry.source ? [" · ", isolated(entry.source)] : []));
  },

  render() {
    this.near.disconnect();
    this.blocks = [];
    this.where = [];
    this.turn = null;
    const pieces = this.article.pieces;
    let block = null, paragraph = null;
    for (let n = 0; n * 2 + 1 < pieces.length; n++) {
      const gap = pieces[n * 2], sentence = pieces[n * 2 + 1];
      if (!paragraph || gap.includes("\n")) {
        if (!block || block.characters > BLOCK_CHARACTERS) this.blocks.push((block = { paragraphs: [], characters: 0, filled: false }));
        block.paragraphs.push((paragraph = []));
      }
      paragraph.push(n);
      block.characters += sentence.length;
      this.where.push(this.blocks.length - 1);
    }
    this.text.replaceChildren(...this.blocks.map((one, index) => this.outline(one, index)));
    this.refreshChoice();
    this.scroller.scrollTop = 0;
  },

  /** Returns a block as plain text of about the height that it will have: the browser can search and scroll it. */
  outline(block, index) {
    const text = block.paragraphs.map((numbers) => numbers.map((n) => this.article.pieces[n * 2 + 1]).join(" ")).join("\n\n");
    const height = Math.round(block.characters / 62 + block.paragraphs.length) * 28;
    block.element = make("div", { class: "block plain", style: `contain-intrinsic-size: auto ${height}px` }, text);
    block.element.block = index;
    this.near.observe(block.element);
    return block.element;
  },

  fill(block) {
    if (!block || block.filled) return;
    block.filled = true;
    this.near.unobserve(block.element);
    block.sentences = new Map();
    const paragraphs = block.paragraphs.map((numbers) => {
      const first = this.article.pieces[numbers[0] * 2 + 1];
      const isHeading = /^#{1,6}\s/.test(first) || (numbers.length === 1 && first.length < 80 && /[\p{L}\p{N}]$/u.test(first) && this.where.length > 3);
      const paragraph = make("p", { class: isHeading ? "paragraph heading" : "paragraph", dir: "auto" });
      for (const n of numbers) {
        if (n === 0 && first.replace(/^#+ /, "") === this.heading.textContent) paragraph.classList.add("title");
        const span = make("span", { class: "sentence", id: `s${n + 1}`, tabindex: n === 0 ? "0" : "-1" }, this.article.pieces[n * 2 + 1]);
        span.position = n;
        block.sentences.set(n, span);
        if (n !== numbers[0]) paragraph.append(this.article.pieces[n * 2] || "");
        paragraph.append(span);
      }
      return paragraph;
    });
    block.element.classList.remove("plain");
    block.element.replaceChildren(...paragraphs);
  },

  sentence(position) {
    const block = this.blocks[this.where[position]];
    this.fill(block);
    return block?.sentences.get(position) || null;
  },

  /** Highlights what an answer cites, with its markers in the margin and its short answer darker. */
  paint(turn) {
    this.clear();
    this.turn = turn;
    for (const citation of turn.answer.citations) {
      if (citation.article_id !== this.article?.id) continue;
      const span = this.sentence(citation.position);
      if (!span) continue;
      span.classList.add("cited");
      const marker = make("a", { class: "margin-marker", href: places.address(citation.article_id, citation.position), tabindex: "-1", "aria-label": `Cited as ${citation.marker}: back to the answer`,
        onclick: (event) => { event.preventDefault(); event.stopPropagation(); backToAnswer(turn, citation.marker); } }, String(citation.marker));
      span.replaceChildren(marker, ...withShortAnswer(citation, isWholeSentence(turn.answer) ? [] : turn.answer.short_spans));
    }
  },

  /** Brings the first cited sentence into view, unless one of them is. */
  reveal() {
    const cited = [...this.text.querySelectorAll(".sentence.cited")];
    const box = this.scroller.getBoundingClientRect();
    const seen = cited.some((span) => { const { top, bottom } = span.getBoundingClientRect(); return bottom > box.top && top < box.bottom - 40; });
    if (cited.length > 0 && !seen) this.scrollTo(cited[0]);
  },

  clear() {
    this.turn = null;
    for (const span of this.text.querySelectorAll(".sentence.cited")) {
      span.classList.remove("cited");
      span.replaceChildren(this.article.pieces[span.position * 2 + 1]);
    }
    this.mark(null);
  },

  /** Marks one sentence as the one that was asked for; null for none. */
  mark(position) {
    this.text.querySelector(".sentence.target")?.classList.remove("target");
    const span = position === null ? null : this.sentence(position);
    this.target = span ? position : null;
    span?.classList.add("target");
    if (span) this.makeCurrent(span);
    return span;
  },

  makeCurrent(span) {
    for (const other of this.text.querySelectorAll('.sentence[tabindex="0"]')) other.tabIndex = -1;
    span.tabIndex = 0;
  },

  goTo(position) {
    const span = this.mark(position);
    if (!span) return notify("This article has no such sentence.");
    this.scrollTo(span);
    span.focus({ preventScroll: true });
  },

  scrollTo(span) {
    const distance = Math.abs(span.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top);
    const near = distance < 2 * this.scroller.clientHeight && !still();
    span.scrollIntoView({ block: "center", behavior: near ? "smooth" : "instant" });
    // The heights on the way were guesses until they came near: look again once they are known.
    if (!near) requestAnimationFrame(() => requestAnimationFrame(() => span.scrollIntoView({ block: "center", behavior: "instant" })));
  },
};

/** Returns a quotation's nodes, with the short answer inside it marked; offsets count whole characters, as Python does. */
function withShortAnswer(citation, spans) {
  const characters = Array.from(citation.text);
  const inside = spans.filter(([id, start, end]) => id === citation.article_id && start >= citation.start && end <= citation.end)
    .map(([, start, end]) => [start - citation.start, end - citation.start]).sort((a, b) => a[0] - b[0]);
  const nodes = [];
  let at = 0;
  for (const [start, end] of inside) {
    if (start < at) continue;
    nodes.push(characters.slice(at, start).join(""), make("mark", { class: "short" }, characters.slice(start, end).join("")));
    at = end;
  }
  return [...nodes, characters.slice(at).join("")].filter((node) => node !== "");
}
