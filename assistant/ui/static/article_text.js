// An article's text. Long articles stand as plain text until they come near the screen, and only then sentence by sentence.

const PART_CHARACTERS = 4000;
const LINE_CHARACTERS = 62;
const LINE_PIXELS = 28;

const articleText = {
  pieces: [], // what stands before a sentence and the sentence, in turn
  parts: [], // { blocks, characters, element, sentences once filled }
  where: [], // the number of the part that each sentence is in

  create(head) {
    this.text = make("div", { class: "article-text", dir: "auto" });
    this.scroller = make("div", { class: "scroller", tabindex: "-1" }, head, this.text);
    this.near = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && this.fill(this.parts[entry.target.part])),
      { root: this.scroller, rootMargin: "1200px" });
    this.text.addEventListener("click", (event) => sentenceClicked(event));
    this.text.addEventListener("keydown", (event) => sentenceKey(event));
    return this.scroller;
  },

  show(article) {
    this.near.disconnect();
    this.pieces = article.pieces;
    this.parts = partsOf(article);
    this.where = this.parts.flatMap((part, index) => part.blocks.flatMap((block) => block.numbers.map(() => index)));
    this.text.replaceChildren(...this.parts.map((part, index) => this.outline(part, index)));
    this.scroller.scrollTop = 0;
  },

  showNothing() {
    this.near.disconnect();
    Object.assign(this, { pieces: [], parts: [], where: [] });
    this.text.replaceChildren(make("div", { class: "empty" }, make("p", {}, "Add an article to ask about: drop a file anywhere on this page, or paste its text."),
      make("button", { type: "button", class: "button primary", onclick: () => openAddArticle() }, "Add an article")));
  },

  firstParagraph() {
    return (this.parts[0]?.blocks[0]?.numbers || []).map((n) => sentenceIn(this.pieces, n)).join(" ");
  },

  /** Returns a part as plain text of about the height that it will have: the browser can search and scroll it. */
  outline(part, index) {
    const text = part.blocks.map(({ numbers }) => numbers.map((n) => sentenceIn(this.pieces, n)).join(" ")).join("\n\n");
    const height = Math.round(part.characters / LINE_CHARACTERS + part.blocks.length) * LINE_PIXELS;
    part.element = make("div", { class: "block plain", style: `contain-intrinsic-size: auto ${height}px` }, text);
    part.element.part = index;
    this.near.observe(part.element);
    return part.element;
  },

  /** Puts a part's sentences in place of its plain text. */
  fill(part) {
    if (!part || part.sentences) return;
    part.sentences = new Map();
    this.near.unobserve(part.element);
    part.element.classList.remove("plain");
    part.element.replaceChildren(...renderBlocks(this.pieces, part.blocks, part.sentences));
  },

  /** Returns the element of a sentence, null if the article has no such. */
  sentence(position) {
    const part = this.parts[this.where[position]];
    this.fill(part);
    return part?.sentences.get(position) || null;
  },

  /** Makes a sentence the one that the Tab key leads to. */
  makeCurrent(span) {
    for (const other of this.text.querySelectorAll('.sentence[tabindex="0"]')) other.tabIndex = -1;
    span.tabIndex = 0;
  },

  scrollTo(span) {
    const distance = Math.abs(span.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top);
    const near = distance < 2 * this.scroller.clientHeight && !still();
    span.scrollIntoView({ block: "center", behavior: near ? "smooth" : "instant" });
    // The heights on the way were guesses until they came near: look again once they are known.
    if (!near) requestAnimationFrame(() => requestAnimationFrame(() => span.scrollIntoView({ block: "center", behavior: "instant" })));
  },
};

function sentenceIn(pieces, n) {
  return pieces[n * 2 + 1];
}

/** Returns the article's blocks in parts of about `PART_CHARACTERS`. */
function partsOf(article) {
  const parts = [];
  let part = null;
  for (const block of numberedBlocks(article)) {
    if (!part || part.characters > PART_CHARACTERS) parts.push((part = { blocks: [], characters: 0, sentences: null }));
    part.blocks.push(block);
    part.characters += block.numbers.reduce((sum, n) => sum + sentenceIn(article.pieces, n).length, 0);
  }
  return parts;
}
