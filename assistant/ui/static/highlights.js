// What stands out in the article's text: the sentences that an answer cites, and the one that was asked for.

const highlights = {
  turn: null, // whose citations are shown
  target: null, // the position of the sentence that was asked for

  /** Another article is shown: nothing of it stands out yet. */
  forget() {
    Object.assign(this, { turn: null, target: null });
  },

  /** Highlights what an answer cites, with its markers in the margin and its short answer darker. */
  paint(turn) {
    this.clear();
    this.turn = turn;
    for (const citation of turn.answer.citations) {
      if (citation.article_id !== pane.article?.id) continue;
      const span = articleText.sentence(citation.position);
      if (!span) continue;
      span.classList.add("cited");
      fillSentence(span, isWholeSentence(turn.answer) ? [] : shortSpansIn(citation, turn.answer), marginMarker(turn, citation));
    }
    articlePages.paint();
  },

  clear() {
    this.turn = null;
    for (const span of articleText.text.querySelectorAll(".sentence.cited")) {
      span.classList.remove("cited");
      fillSentence(span);
    }
    this.mark(null);
    articlePages.clear();
  },

  /** Brings the first cited sentence into view, unless one of them is. */
  reveal() {
    if (articlePages.shown) return articlePages.revealFirst();
    const cited = [...articleText.text.querySelectorAll(".sentence.cited")];
    const box = articleText.scroller.getBoundingClientRect();
    const seen = cited.some((span) => { const { top, bottom } = span.getBoundingClientRect(); return bottom > box.top && top < box.bottom - 40; });
    if (cited.length > 0 && !seen) articleText.scrollTo(cited[0]);
  },

  /** Marks one sentence as the one that was asked for; null for none. */
  mark(position) {
    articleText.text.querySelector(".sentence.target")?.classList.remove("target");
    const span = position === null ? null : articleText.sentence(position);
    this.target = span ? position : null;
    span?.classList.add("target");
    if (span) articleText.makeCurrent(span);
    return span;
  },

  goTo(position) {
    const span = this.mark(position);
    if (!span) return notify("This article has no such sentence.");
    if (articlePages.shown) return articlePages.goTo(position);
    articleText.scrollTo(span);
    span.focus({ preventScroll: true });
  },
};

function marginMarker(turn, citation) {
  return make("a", { class: "margin-marker", href: places.address(citation.article_id, citation.position), tabindex: "-1", "aria-label": `Cited as ${citation.marker}: back to the answer`,
    onclick: (event) => { event.preventDefault(); event.stopPropagation(); backToAnswer(turn, citation.marker); } }, String(citation.marker));
}

/** Returns a quotation's nodes, with the short answer inside it marked; offsets count whole characters, as Python does. */
function withShortAnswer(citation, answer) {
  const characters = Array.from(citation.text);
  return markedNodes(characters, isWholeSentence(answer) ? [] : shortSpansIn(citation, answer), 0, characters.length);
}
