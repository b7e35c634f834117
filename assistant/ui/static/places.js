// Where the reader is: each jump to a sentence is a step in the browser's history, and has an address: #s12.

const places = {
  /** Returns which sentence an address names: {article, position}, article "" for the one shown; null if none. */
  parse(hash) {
    const found = /^#(?:([0-9a-f]{16})-)?s(\d{1,7})$/.exec(hash);
    return found && Number(found[2]) > 0 ? { article: found[1] || "", position: Number(found[2]) - 1 } : null;
  },

  /** Returns the address of a sentence; the article is named where there are several. */
  address(article, position) {
    return app.articles.length > 1 ? `#${article}-s${position + 1}` : `#s${position + 1}`;
  },

  snapshot() {
    return {
      article: pane.article?.id || "", articleTop: articleText.scroller.scrollTop, pagesTop: articlePages.scroller.scrollTop, target: highlights.target,
      chatTop: conversation.scroller.scrollTop, turn: highlights.turn?.id ?? null, sheet: app.shell.classList.contains("sheet-open"),
      focus: app.root.activeElement?.id || "",
    };
  },

  /** Notes where the reader is, so that Back returns there, then goes to a sentence. */
  async go(article, position, turn = null) {
    history.replaceState(this.snapshot(), "");
    history.pushState(null, "", this.address(article, position));
    await this.show(article, position, turn);
    history.replaceState(this.snapshot(), "");
  },

  async show(article, position, turn = null) {
    if (!(await pane.open(article || pane.article?.id))) return;
    if (turn) highlights.paint(turn);
    openSheet();
    highlights.goTo(position);
  },

  /** Goes back to what was noted, or to the sentence that the address names. */
  async restore(state) {
    if (!state || !("articleTop" in state)) {
      const place = this.parse(location.hash);
      if (place) return this.show(place.article, place.position);
      return closeSheet();
    }
    if (state.article) await pane.open(state.article);
    const turn = app.turns.find((one) => one.id === state.turn);
    if (turn) highlights.paint(turn); else highlights.clear();
    state.sheet ? openSheet() : closeSheet();
    highlights.mark(state.target);
    articleText.scroller.scrollTop = state.articleTop;
    articlePages.paint();
    articlePages.scroller.scrollTop = state.pagesTop || 0;
    conversation.scroller.scrollTop = state.chatTop;
    if (state.focus) app.root.getElementById(state.focus)?.focus({ preventScroll: true });
  },

  /** Takes back the step that opened the sheet, where there is one to take back. */
  leaveSheet() {
    if (places.parse(location.hash) && history.state) history.back();
    else closeSheet();
  },
};

/** On a narrow screen the article is a sheet over the conversation; on a wide one this changes nothing. */
function openSheet() {
  if (!app.narrow.matches) return;
  app.shell.classList.add("sheet-open");
  conversation.panel.inert = true;
  if (!pane.panel.contains(app.root.activeElement)) pane.panel.querySelector(".sheet-close").focus();
}

function closeSheet() {
  app.shell.classList.remove("sheet-open");
  conversation.panel.inert = false;
}
