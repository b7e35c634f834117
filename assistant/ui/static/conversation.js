// The conversation: what was asked and answered, and asking.

const conversation = {
  busy: null, // { turn, controller } while an answer is awaited

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
    this.title.textContent = app.chat?.title || "New conversation";
    this.more.hidden = !app.chat;
    if (app.turns.length === 0) this.list.replaceChildren(renderWelcome());
    else this.list.replaceChildren(...app.turns.map((turn) => renderTurn(turn)));
    this.list.classList.toggle("is-empty", app.turns.length === 0);
  },

  /** Opens a kept conversation, or a new one when there is no id. */
  async open(id) {
    this.stop();
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
    pane.clear();
    const last = app.turns.at(-1);
    if (last?.answer.citations.length) { await pane.open(last.answer.citations[0].article_id); pane.paint(last); }
    this.toEnd();
    return true;
  },

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    // Turns above have guessed heights until they are drawn.
    requestAnimationFrame(() => { this.scroller.scrollTop = this.scroller.scrollHeight; });
  },

  /** Asks a question; in place of a turn and all after it, where one is given. */
  async ask(question, replaced = null) {
    if (this.busy || !question.trim()) return;
    // What was never kept has no place of its own: it takes the one that it was meant for, or comes after all that is kept.
    const position = replaced ? (replaced.id === null ? replaced.place : replaced.position) : -1;
    const turn = { id: null, place: position, question: question.trim(), rating: 0 };
    app.turns.splice(replaced ? app.turns.indexOf(replaced) : app.turns.length, Infinity, turn);
    const controller = new AbortController();
    this.busy = { turn, controller };
    composer.showBusy(true);
    this.render();
    this.toEnd();
    announce("Searching the article.");
    try {
      const reply = await server.stream("answer", [app.chat?.id || "", turn.question, app.scope, position], {
        signal: controller.signal,
        onwait: (n) => showStep(turn, n > 0 ? `Busy: ${n} before you` : "Busy: you are next"),
        onpart: (part) => part.step && showStep(turn, `${part.detail || STEPS[part.step] || "Working"}…`),
      });
      if (!reply?.turn) throw new Refused("The server stopped before the answer came. Try again.");
      await this.finish(turn, reply);
    } catch (error) {
      this.fail(turn, error);
    } finally {
      this.busy = null;
      composer.showBusy(false);
    }
  },

  async finish(turn, reply) {
    const before = turn.element;
    Object.assign(turn, reply.turn);
    const isShown = before.isConnected;
    before.replaceWith(renderTurn(turn));
    app.chats = [reply.chat, ...app.chats.filter((one) => one.id !== reply.chat.id)];
    if (!isShown) return renderChats();
    app.chat = reply.chat;
    kept.set("chat", app.chat.id);
    this.title.textContent = app.chat.title;
    this.more.hidden = false;
    renderChats();
    turn.element.classList.add("fresh");
    this.reveal(turn);
    const first = turn.answer.citations[0];
    const painted = pane.turn;
    if (first && !turn.answer.citations.some((one) => one.article_id === pane.article?.id)) await pane.open(first.article_id);
    if (pane.turn === painted) {  // else the reader has followed a citation meanwhile, and keeps that place
      pane.paint(turn);
      pane.reveal();
    }
    announce(turn.answer.abstained ? turn.answer.text : `Answer: ${turn.answer.short_answer || turn.answer.text}. ${plural(turn.answer.citations.length, "citation")}.`);
  },

  fail(turn, error) {
    if (error.name === "AbortError") turn.problem = "Stopped.";
    else if (error instanceof Unreachable || error instanceof Refused) turn.problem = error.message;
    else { turn.problem = "Something went wrong on this page. Reload it and try again."; console.error(error); }
    turn.lost = error instanceof Unreachable;
    if (turn.element.isConnected) turn.element.replaceWith(renderTurn(turn));
    this.toEnd();
  },

  /** Scrolls so that the answer can be read from its beginning. */
  reveal(turn) {
    const isTall = turn.element.offsetHeight > this.scroller.clientHeight - 40;
    if (isTall) turn.element.scrollIntoView({ block: "start" });
    else this.toEnd();
  },

  stop() {
    this.busy?.controller.abort();
  },

  retry(turn) {
    return this.ask(turn.question, turn);
  },

  edit(turn) {
    composer.fill(turn.question, turn);
  },

  async rate(turn, rating) {
    const focused = rating === -1 || (rating === 0 && turn.rating === -1) ? "Bad answer" : "Good answer";
    if (!(await attempt(() => server.call("rate", turn.id, rating)))) return;
    turn.rating = rating;
    const foot = turn.element.querySelector(".foot");
    foot.replaceWith(renderFoot(turn));
    turn.element.querySelector(`[aria-label="${focused}"]`).focus();
    if (rating > 0) notify("Thank you. Your rating is kept.");
    if (rating < 0) notify("Thank you. Your rating is kept.", { offer: ["Add it to my questions", () => openOwnQuestion(turn)] });
  },

  /** When the server is back, what was asked meanwhile is asked again. */
  resume() {
    const last = app.turns.at(-1);
    if (last?.lost) this.retry(last);
  },
};

function renderWelcome() {
  const empty = app.articles.length === 0;
  const suggestions = make("div", { class: "suggestions" });
  if (!empty) fillSuggestions(suggestions);
  return make("div", { class: "welcome" },
    make("h2", {}, empty ? "Start with an article" : "Ask the article"),
    make("p", {}, empty ? "Add a text, and ask about it. Every answer is made of its own sentences."
      : "Answers are made of the article’s own sentences, each one a click away. When the article does not say, you are told so."),
    empty ? make("button", { type: "button", class: "button primary", onclick: () => openAddArticle() }, icon("plus"), "Add an article") : suggestions);
}

/** Fills in suggested questions as soon as the server has found some that it answers well. */
async function fillSuggestions(box) {
  const scope = [...app.scope];
  for (let tries = 0; tries < 40; tries++) {
    const found = await server.call("suggest", scope).catch(() => null);
    if (!found || (tries > 0 && !box.isConnected)) return;
    if (found.questions.length > 0) {
      box.replaceChildren(make("p", { class: "hint" }, "For example"),
        ...found.questions.map((question) => make("button", { type: "button", class: "suggestion", dir: "auto", onclick: () => conversation.ask(question) }, question)));
    }
    if (found.ready) return;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
}
