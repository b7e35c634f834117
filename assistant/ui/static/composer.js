// Where the question is written.

const composer = {
  editing: null, // the turn that is edited

  create() {
    this.input = make("textarea", { rows: 1, dir: "auto", "aria-label": "Your question", placeholder: "Ask about the article…", enterkeyhint: "send",
      oninput: () => this.fit(), onkeydown: (event) => this.key(event) });
    this.send = make("button", { class: "send", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
    this.note = make("p", { class: "composer-note" });
    this.form = make("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.note, make("div", { class: "composer-box" }, this.input, this.send));
    return this.form;
  },

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!asking.busy) this.submit();
    } else if (event.key === "Escape" && this.editing !== null) this.reset();
  },

  submit() {
    if (asking.busy) return asking.stop();
    const question = this.input.value, replaced = this.editing;
    if (!question.trim()) return this.input.focus();
    if (app.articles.length === 0) return openAddArticle();
    this.reset();
    asking.ask(question, replaced);
  },

  /** Puts a question into the box; with a turn it takes the place of that one once it is sent. */
  fill(question, turn = null) {
    this.editing = turn;
    this.input.value = question;
    this.fit();
    this.input.focus();
    this.input.setSelectionRange(question.length, question.length);
  },

  reset() {
    this.editing = null;
    this.input.value = "";
    this.fit();
  },

  showBusy(busy) {
    this.send.replaceChildren(icon(busy ? "stop" : "send"));
    this.send.setAttribute("aria-label", busy ? "Stop" : "Send");
    this.send.title = busy ? "Stop" : "Send (Enter)";
    this.send.classList.toggle("busy", busy);
  },

  /** Makes the box as high as its text, and says what the reader should know before sending. */
  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 180)}px`;
    const left = this.input.maxLength - this.input.value.length;
    const several = app.scope.length > 0 ? `Asking ${app.scope.length} of ${plural(app.articles.length, "article")}.` : "";
    if (this.editing !== null) {
      const later = app.turns.length - app.turns.indexOf(this.editing) - 1;
      this.note.replaceChildren(later > 0 ? `Editing: this and ${plural(later, "later answer")} will be replaced. ` : "Editing this question. ",
        make("button", { type: "button", class: "link", onclick: () => { this.reset(); this.input.focus(); } }, "Cancel"));
    } else if (this.input.maxLength > 0 && left < this.input.maxLength / 10) this.note.replaceChildren(`${plural(left, "character")} left.`);
    else this.note.replaceChildren(several);
  },
};
