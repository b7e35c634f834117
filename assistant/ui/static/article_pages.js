// The pages of an article that was read from a PDF, as pictures; what is cited is marked on them. The text stays the first view.

const NARROW_PICTURE = 900, WIDE_PICTURE = 1600;

const articlePages = {
  shown: false,
  article: "", // whose pages stand in the scroller
  sheets: [],
  painting: 0, // counts what was begun: only the last is finished
  boxes: new Map(), // by position: [page, left, top, right, bottom], in shares of the page

  create() {
    this.textButton = make("button", { type: "button", "aria-pressed": "true", onclick: () => this.show(false) }, "Text");
    this.pagesButton = make("button", { type: "button", "aria-pressed": "false", onclick: () => this.show(true) }, "Pages");
    this.largerButton = make("button", { type: "button", "aria-pressed": "false", hidden: true, onclick: () => this.enlarge() }, "Larger");
    this.choice = make("div", { class: "view-switch", role: "group", "aria-label": "View of the article", hidden: true }, this.textButton, this.pagesButton, this.largerButton);
    this.scroller = make("div", { class: "scroller pages", tabindex: "0", role: "region", "aria-label": "Pages of the article", hidden: true });
    this.near = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && this.draw(entry.target)),
      { root: this.scroller, rootMargin: "600px" });
    return this.scroller;
  },

  /** Another article is shown: its text first. */
  forget(article) {
    this.near.disconnect();
    Object.assign(this, { article: "", sheets: [], boxes: new Map() });
    this.scroller.replaceChildren();
    this.choice.hidden = !article?.has_pages;
    this.turnTo(false);
  },

  turnTo(pages) {
    this.shown = pages;
    this.textButton.setAttribute("aria-pressed", String(!pages));
    this.pagesButton.setAttribute("aria-pressed", String(pages));
    this.scroller.hidden = this.largerButton.hidden = !pages;
    articleText.scroller.hidden = pages;
  },

  /** Shows the pages larger than the pane is wide, or as wide again, where the reader is. */
  enlarge() {
    const { scroller } = this, share = scroller.scrollTop / scroller.scrollHeight;
    const larger = scroller.classList.toggle("larger");
    this.largerButton.setAttribute("aria-pressed", String(larger));
    scroller.scrollTop = share * scroller.scrollHeight;
    if (highlights.target !== null) this.scrollTo(highlights.target);
  },

  /** Shows the pages, or the text, at the sentence that stands out. */
  async show(pages) {
    if (pages === this.shown) return;
    this.turnTo(pages);
    const cited = highlights.turn?.answer.citations.find((one) => one.article_id === pane.article?.id);
    const position = highlights.target ?? cited?.position ?? null;
    if (!pages) return position === null ? null : articleText.scrollTo(articleText.sentence(position));
    if (!(await this.fill())) return null;
    await this.paint();
    return position === null ? null : this.scrollTo(position);
  },

  /** Makes a sheet for each page, to be drawn once it comes near; returns whether the pages are there. */
  async fill() {
    const id = pane.article.id;
    if (this.article === id) return true;
    this.scroller.replaceChildren(make("p", { class: "hint" }, "Opening the pages…"));
    const reply = await attempt(() => server.call("open_pages", id));
    if (pane.article?.id !== id) return false;
    if (!reply) { this.turnTo(false); return false; }
    this.article = id;
    this.sheets = reply.sizes.map(([width, height], index) => {
      const sheet = make("div", { class: "sheet", style: `aspect-ratio: ${width} / ${height}` });
      sheet.number = index + 1;
      this.near.observe(sheet);
      return sheet;
    });
    this.scroller.replaceChildren(...this.sheets.flatMap((sheet) => [sheet, make("p", { class: "page-name" }, `Page ${sheet.number} of ${this.sheets.length}`)]));
    return true;
  },

  draw(sheet) {
    this.near.unobserve(sheet);
    const width = sheet.clientWidth * devicePixelRatio > NARROW_PICTURE ? WIDE_PICTURE : NARROW_PICTURE;
    const picture = make("img", { alt: `Page ${sheet.number} of ${oneLine(pane.heading.textContent)}`, src: `${server.root}/pages/${this.article}/${sheet.number}?width=${width}` });
    picture.onerror = () => {
      picture.remove();
      sheet.dataset.problem = "This page could not be drawn. Its words are in the text.";
      sheet.classList.add("failed");
    };
    sheet.prepend(picture);
  },

  /** Marks what stands out in the text: the sentences that an answer cites, and the one that was asked for. */
  async paint() {
    if (!this.shown || this.article !== pane.article?.id) return;
    const { article } = this, { turn, target } = highlights, painting = (this.painting += 1);
    const citations = (turn?.answer.citations || []).filter((one) => one.article_id === article);
    const wanted = [...new Set([...citations.map((one) => one.position), ...(target === null ? [] : [target])])];
    const missing = wanted.filter((position) => !this.boxes.has(position)).map(String);
    if (missing.length > 0) {
      const reply = await attempt(() => server.call("place_sentences", article, missing));
      if (!reply || this.article !== article) return;
      for (const [position, boxes] of Object.entries(reply.boxes)) this.boxes.set(Number(position), boxes);
      if (painting !== this.painting) return;  // something else stands out by now
    }
    this.clear();
    for (const position of wanted) this.mark(position, position === target);
    for (const citation of citations) this.number(turn, citation);
  },

  clear() {
    for (const mark of this.scroller.querySelectorAll(".page-box, .page-marker")) mark.remove();
  },

  mark(position, isTarget) {
    for (const [page, left, top, right, bottom] of this.boxes.get(position) || []) {
      // A little wider than the ink, so that the marked words are not cut.
      const style = `left: calc(${left * 100}% - 2px); top: calc(${top * 100}% - 2px); width: calc(${(right - left) * 100}% + 4px); height: calc(${(bottom - top) * 100}% + 4px)`;
      const box = make("div", { class: isTarget ? "page-box target" : "page-box", style });
      box.position = position;
      this.sheets[page - 1]?.append(box);
    }
  },

  number(turn, citation) {
    const [first] = this.boxes.get(citation.position) || [];
    if (!first) return;
    this.sheets[first[0] - 1]?.append(make("a", { class: "page-marker", style: `${first[1] < 0.5 ? "left" : "right"}: 6px; top: calc(${first[2] * 100}% - 3px)`, href: places.address(citation.article_id, citation.position), "aria-label": `Cited as ${citation.marker}: back to the answer`,
      onclick: (event) => { event.preventDefault(); backToAnswer(turn, citation.marker); } }, String(citation.marker)));
  },

  /** Brings the sentence into view; returns whether it stands on a page. */
  scrollTo(position) {
    const [first] = this.boxes.get(position) || [];
    const sheet = first && this.sheets[first[0] - 1];
    if (!sheet) return false;
    const top = sheet.offsetTop + first[2] * sheet.clientHeight - this.scroller.clientHeight / 3;
    const left = sheet.offsetLeft + first[1] * sheet.clientWidth - this.scroller.clientWidth / 4;
    this.scroller.scrollTo({ top, left, behavior: Math.abs(top - this.scroller.scrollTop) < 2 * this.scroller.clientHeight && !still() ? "smooth" : "instant" });
    return true;
  },

  /** Brings the first cited sentence into view. */
  async revealFirst() {
    const cited = highlights.turn?.answer.citations.find((one) => one.article_id === this.article);
    await this.paint();
    if (cited) this.scrollTo(cited.position);
  },

  async goTo(position) {
    await this.paint();
    if (!this.scrollTo(position)) notify("This sentence has no place on the pages. Its words are in the text.");
    this.scroller.focus({ preventScroll: true });
  },
};
