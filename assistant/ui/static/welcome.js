// What stands in an empty conversation: what the page is for, and questions to begin with.

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
        ...found.questions.map((question) => make("button", { type: "button", class: "suggestion", dir: "auto", onclick: () => asking.ask(question) }, question)));
    }
    if (found.ready) return;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
}
