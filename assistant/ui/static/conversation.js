// The conversation: its turns, one below the other, and the bar above them.

const conversation = {
  create() {
    this.list = make("div", { class: "turns" });
    this.scroller = make("div", { class: "scroller", tabindex: "-1" }, this.list);
    this.title = make("h1", { dir: "auto" }, "New conversation");
    this.more = iconButton("more", "Actions for this conversation", () => openChatMenu(this.more, app.chat));
    this.panel = make("section", { class: "conversation-panel", "aria-label": "Conversation" },
      make("header", { class: "bar" },
        iconButton("menu", "Conversations, articles and settings", () => openDrawer(), { class: "icon-button drawer-button" }),
        this.title, this.more,
        make("button", { type: "button", class: "button sheet-button", onclick: () => showArticleSheet() }, icon("book"), "Article")),
      this.scroller, composer.create());
    return this.panel;
  },

  render() {
    this.renderBar();
    if (app.turns.length === 0) this.list.replaceChildren(renderWelcome());
    else this.list.replaceChildren(...app.turns.map((turn) => renderTurn(turn)));
    this.list.classList.toggle("is-empty", app.turns.length === 0);
  },

  renderBar() {
    this.title.textContent = app.chat?.title || "New conversation";
    this.more.hidden = !app.chat;
  },

  /** Opens a kept conversation, or a new one when there is no id. */
  async open(id) {
    asking.stop();
    const opened = id ? await attempt(() => server.call("open_chat", id)) : { chat: null, turns: [] };
    if (!opened) return false;
    Object.assign(app, { chat: opened.chat, turns: opened.turns });
    const known = (opened.chat?.articles || []).filter((one) => app.articles.some((article) => article.id === one));
    app.scope = opened.chat ? known : app.scope;
    kept.set("chat", id || "");
    composer.reset();
    this.render();
    renderChats();
    renderArticles();
    highlights.clear();
    const last = app.turns.at(-1);
    if (last?.answer.citations.length) { await pane.open(last.answer.citations[0].article_id); highlights.paint(last); }
    this.toEnd();
    return true;
  },

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    // Turns above have guessed heights until they are drawn.
    requestAnimationFrame(() => { this.scroller.scrollTop = this.scroller.scrollHeight; });
  },

  /** Scrolls so that the answer can be read from its beginning. */
  reveal(turn) {
    const isTall = turn.element.offsetHeight > this.scroller.clientHeight - 40;
    if (isTall) turn.element.scrollIntoView({ block: "start" });
    else this.toEnd();
  },
};
