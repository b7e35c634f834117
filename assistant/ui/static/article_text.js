// An article's text. Long articles stand as plain text until they come near the screen, and only then sentence by sentence.

const BLOCK_CHARACTERS = 4000;
const LINE_CHARACTERS = 62;
const LINE_PIXELS = 28;

const articleText = {
  pieces: [], // what stands before a sentence and the sentence, in turn
  blocks: [], // { paragraphs: numbers of sentences, characters, element, sentences once filled }
  where: [], // the number of the block that each sentence is in

  create(head) {
    this.text = make("div", { class: "article-text", dir: "auto" });
    this.scroller = make("div", { class: "scroller", tabindex: "-1" }, head, this.text);
    this.near = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && this.fill(this.blocks[entry.target.block])),
      { root: this.scroller, rootMargin: "1200px" });
    this.text.addEventListener("click", (event) => sentenceClicked(event));
    this.text.addEventListener("keydown", (event) => sentenceKey(event));
    return this.scroller;
  },

  show(pieces) {
    this.near.disconnect();
    this.pieces = pieces;
    this.blocks = blocksOf(pieces);
    this.where = this.blocks.flatMap((block, index) => block.paragraphs.flat().map(() => index));
    this.text.replaceChildren(...this.blocks.map((block, index) => this.outline(block, index)));
    this.scroller.scrollTop = 0;
  },

  showNothing() {
    this.near.disconnect();
    Object.assign(this, { pieces: [], blocks: [], where: [] });
    this.text.replaceChildren(make("div", { class: "empty" }, make("p", {}, "Add an article to ask about: drop a file anywhere on this page, or paste its text."),
      make("button", { type: "button", class: "button primary", onclick: () => openAddArticle() }, "Add an article")));
  },

  firstParagraph() {
    return (this.blocks[0]?.paragraphs[0] || []).map((n) => sentenceIn(this.pieces, n)).join(" ");
  },

  /** Returns a block as plain text of about the height that it will have: the browser can search and scroll it. */
  outline(block, index) {
    const text = block.paragraphs.map((numbers) => numbers.map((n) => sentenceIn(this.pieces, n)).join(" ")).join("\n\n");
    const height = Math.round(block.characters / LINE_CHARACTERS + block.paragraphs.length) * LINE_PIXELS;
    block.element = make("div", { class: "block plain", style: `contain-intrinsic-size: auto ${height}px` }, text);
    block.element.block = index;
    this.near.observe(block.element);
    return block.element;
  },

  /** Puts a block's sentences in place of its plain text. */
  fill(block) {
    if (!block || block.sentences) return;
    block.sentences = new Map();
    this.near.unobserve(block.element);
    const isShort = this.where.length <= 3;
    const paragraphs = block.paragraphs.map((numbers) => renderParagraph(this.pieces, numbers, block.sentences, isShort));
    block.element.classList.remove("plain");
    block.element.replaceChildren(...paragraphs);
  },

  /** Returns the element of a sentence, null if the article has no such. */
  sentence(position) {
    const block = this.blocks[this.where[position]];
    this.fill(block);
    return block?.sentences.get(position) || null;
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

/** Returns the sentences' numbers by paragraph, and the paragraphs in blocks of about `BLOCK_CHARACTERS`. */
function blocksOf(pieces) {
  const blocks = [];
  let block = null, paragraph = null;
  for (let n = 0; n * 2 + 1 < pieces.length; n++) {
    if (!paragraph || pieces[n * 2].includes("\n")) {
      if (!block || block.characters > BLOCK_CHARACTERS) blocks.push((block = { paragraphs: [], characters: 0, sentences: null }));
      block.paragraphs.push((paragraph = []));
    }
    paragraph.push(n);
    block.characters += sentenceIn(pieces, n).length;
  }
  return blocks;
}

/** Returns a paragraph of an article, and notes the elements of its sentences by number. */
function renderParagraph(pieces, numbers, sentences, isShortArticle) {
  const first = sentenceIn(pieces, numbers[0]);
  const isUnmarkedHeading = numbers.length === 1 && first.length < 80 && /[\p{L}\p{N}]$/u.test(first) && !isShortArticle;
  const paragraph = make("p", { class: /^#{1,6}\s/.test(first) || isUnmarkedHeading ? "paragraph heading" : "paragraph", dir: "auto" });
  if (numbers[0] === 0 && first.replace(/^#+ /, "") === pane.heading.textContent) paragraph.classList.add("title");
  for (const n of numbers) {
    const span = make("span", { class: "sentence", id: `s${n + 1}`, tabindex: n === 0 ? "0" : "-1" }, sentenceIn(pieces, n));
    span.position = n;
    sentences.set(n, span);
    if (n !== numbers[0]) paragraph.append(pieces[n * 2] || "");
    paragraph.append(span);
  }
  return paragraph;
}
