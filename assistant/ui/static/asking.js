// Asking: a question goes to the server, its steps are shown, and its answer takes their place.

const STEPS = { understand: "Understanding the question", search: "Searching the article", read: "Reading what was found", write: "Writing the answer" };

const asking = {
  busy: null, // { turn, controller } while an answer is awaited

  /** Asks a question; in place of a turn and all after it, where one is given. */
  async ask(question, replaced = null) {
    if (this.busy || !question.trim()) return;
    const turn = this.begin(question.trim(), replaced);
    try {
      const reply = await this.send(turn);
      if (!reply?.turn) throw new Refused("The server stopped before the answer came. Try again.");
      await this.finish(turn, reply);
    } catch (error) {
      this.fail(turn, error);
    } finally {
      this.busy = null;
      composer.showBusy(false);
    }
  },

  /** Asks the question of a turn again, in its place. */
  retry(turn) {
    return this.ask(turn.question, turn);
  },

  stop() {
    this.busy?.controller.abort();
  },

  /** When the server is back, what was asked meanwhile is asked again. */
  resume() {
    const last = app.turns.at(-1);
    if (last?.lost) this.retry(last);
  },

  begin(question, replaced) {
    // What was never kept has no place of its own: it takes the one that it was meant for, or comes after all that is kept.
    const place = replaced ? (replaced.id === null ? replaced.place : replaced.position) : -1;
    const turn = { id: null, place, question, rating: 0 };
    app.turns.splice(replaced ? app.turns.indexOf(replaced) : app.turns.length, Infinity, turn);
    this.busy = { turn, controller: new AbortController() };
    composer.showBusy(true);
    conversation.render();
    conversation.toEnd();
    announce("Searching the article.");
    return turn;
  },

  send(turn) {
    return server.stream("answer", [app.chat?.id || "", turn.question, app.scope, turn.place], {
      signal: this.busy.controller.signal,
      onwait: (n) => showStep(turn, n > 0 ? `Busy: ${n} before you` : "Busy: you are next"),
      onpart: (part) => part.step && showStep(turn, `${part.detail || STEPS[part.step] || "Working"}…`),
    });
  },

  async finish(turn, reply) {
    const waiting = turn.element;
    const isShown = waiting.isConnected;
    Object.assign(turn, reply.turn);
    waiting.replaceWith(renderTurn(turn));
    app.chats = [reply.chat, ...app.chats.filter((one) => one.id !== reply.chat.id)];
    if (isShown) { app.chat = reply.chat; kept.set("chat", app.chat.id); conversation.renderBar(); }
    renderChats();
    if (isShown) await this.show(turn);
  },

  /** Shows an answer that has just come, and what it cites. */
  async show(turn) {
    const { answer } = turn;
    turn.element.classList.add("fresh");
    conversation.reveal(turn);
    const before = highlights.turn;
    if (answer.citations.length > 0 && !answer.citations.some((one) => one.article_id === pane.article?.id)) await pane.open(answer.citations[0].article_id);
    if (!highlights.turn || highlights.turn === before) {  // else the reader has followed a citation meanwhile, and keeps that place
      highlights.paint(turn);
      highlights.reveal();
    }
    announce(answer.abstained ? answer.text : `Answer: ${answer.short_answer || answer.text}. ${plural(answer.citations.length, "citation")}.`);
  },

  fail(turn, error) {
    if (error.name === "AbortError") turn.problem = "Stopped.";
    else if (error instanceof Unreachable || error instanceof Refused) turn.problem = error.message;
    else { turn.problem = "Something went wrong on this page. Reload it and try again."; console.error(error); }
    turn.lost = error instanceof Unreachable;
    if (turn.element.isConnected) turn.element.replaceWith(renderTurn(turn));
    conversation.toEnd();
  },
};
