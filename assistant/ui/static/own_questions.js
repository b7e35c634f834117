// A bad answer becomes a question of the reader's own test set, with what would have been right.

/** Asks what would have been right and adds the question to the reader's own set. */
function openOwnQuestion(turn) {
  const chat = app.chat.id, told = turn.answer.citations[0]?.article_id || pane.article?.id || app.articles.at(-1)?.id;
  const input = make("input", { type: "text", maxlength: 400, dir: "auto", autocomplete: "off" });
  const says = make("input", { type: "radio", name: "own-question", checked: true, onchange: () => { input.disabled = false; input.focus(); } });
  const silent = make("input", { type: "radio", name: "own-question", onchange: () => { input.disabled = true; } });
  const article = make("select", {}, app.articles.map((one) => make("option", { value: one.id, selected: one.id === told }, oneLine(one.title))));
  const form = make("form", { onsubmit: async (event) => {
    event.preventDefault();
    if (says.checked && !input.value.trim()) return input.focus();
    const added = await attempt(() => server.call("collect_question", chat, turn.id, article.value || told, silent.checked ? "" : input.value));
    if (!added) return;
    dialog.close();
    app.settings.n_questions = added.n_questions;
    notify("Added to your questions.");
  } },
    make("p", { dir: "auto" }, turn.question),
    make("label", { class: "choice" }, says, " The article says"),
    field("Right answer, in the article’s words", input, "Several that are right are separated by |"),
    make("label", { class: "choice" }, silent, " The article does not say"),
    app.articles.length > 1 && field("Article", article),
    make("div", { class: "buttons" }, make("button", { class: "button primary" }, "Add")));
  const dialog = openDialog("What would have been right?", form);
  input.focus();
}

async function saveOwnQuestions() {
  const file = await attempt(() => server.call("export_questions"));
  if (file) saveFile(file);
}
