// The list of articles: which one is shown, which ones are asked, renaming and removing.

const MANY_ARTICLES = 5; // more are found by typing

function renderArticles() {
  const list = app.shell.querySelector(".article-list");
  const filter = app.shell.querySelector(".article-filter");
  filter.hidden = app.articles.length <= MANY_ARTICLES;
  if (filter.hidden) filter.value = "";
  const several = app.articles.length > 1;
  app.scope = app.scope.filter((id) => app.articles.some((one) => one.id === id));
  if (app.scope.length === app.articles.length) app.scope = [];
  list.replaceChildren(...app.articles.filter((article) => hasWords(article, filter.value)).map((article) => {
    const title = oneLine(article.title);
    const more = iconButton("more", `Actions for article ${title}`, () => openArticleMenu(more, article), { class: "icon-button quiet" });
    const asked = app.scope.length === 0 || app.scope.includes(article.id);
    const box = make("input", { type: "checkbox", "aria-label": `Ask ${title}`, title: "Ask this article", onchange: () => chooseArticle(article.id, box) });
    box.checked = asked;
    return make("li", { class: "row", "data-id": article.id }, several && box,
      make("button", { type: "button", class: "row-name", dir: "auto", title, onclick: () => showArticle(article.id) }, title), more,
      isDescribed(article) && make("small", { class: "row-about", dir: "auto" }, [article.author, article.date, ...(article.tags || []).map((tag) => `#${tag}`)].filter(Boolean).join(" · ")));
  }));
  pane.refresh();
  composer.fit();
}

function isDescribed(article) {
  return Boolean(article.author || article.date || article.tags?.length);
}

/** Whether each word stands in an article's title, author, or tags. */
function hasWords(article, words) {
  const told = [article.title, article.author, ...(article.tags || [])].join("\n").toLowerCase();
  return words.toLowerCase().split(/[\s#,]+/).every((word) => told.includes(word));
}

async function showArticle(id) {
  closeDrawer();
  if (await pane.open(id)) { renderArticles(); openSheet(); }
}

function showArticleSheet() {
  history.replaceState(places.snapshot(), "");
  history.pushState(null, "", places.address(pane.article?.id || "", highlights.target ?? 0));
  openSheet();
  history.replaceState(places.snapshot(), "");
}

async function chooseArticle(id, box) {
  const asked = app.articles.map((one) => one.id).filter((one) => (one === id ? box.checked : app.scope.length === 0 || app.scope.includes(one)));
  if (asked.length === 0) {
    box.checked = true;
    return notify("Choose at least one article to ask.");
  }
  app.scope = asked.length === app.articles.length ? [] : asked;
  composer.fit();
  if (app.chat) await attempt(() => server.call("choose_articles", app.chat.id, app.scope));
  if (app.turns.length === 0) conversation.render();
}

function openArticleMenu(button, article) {
  const others = app.articles.length > 1;
  openMenu(button, [
    ["Show", () => showArticle(article.id)],
    ...(others ? [["Ask only this one", () => askOnly(article.id)]] : []),
    ["Rename", () => renameArticle(article)],
    ["Author, date, tags", () => describeArticle(article)],
    ["Remove", () => removeArticle(article)],
  ]);
}

async function askOnly(id) {
  app.scope = [id];
  renderArticles();
  if (app.chat) await attempt(() => server.call("choose_articles", app.chat.id, app.scope));
  if (app.turns.length === 0) conversation.render();
}

async function renameArticle(article) {
  const title = await askForText("Rename article", "Title", article.title, "Rename");
  if (title === null) return;
  const reply = await attempt(() => server.call("rename_article", article.id, title));
  if (reply) takeArticles(reply.articles);
}

function describeArticle(article) {
  const author = make("input", { type: "text", value: article.author || "", maxlength: 200, dir: "auto", autofocus: true, autocomplete: "off" });
  const date = make("input", { type: "date", value: article.date || "" });
  const tags = make("input", { type: "text", value: (article.tags || []).join(", "), maxlength: 1600, dir: "auto", autocomplete: "off" });
  const form = make("form", { onsubmit: async (event) => {
    event.preventDefault();
    const reply = await attempt(() => server.call("describe_article", article.id, author.value, date.value, tags.value));
    if (!reply) return;
    dialog.close();
    takeArticles(reply.articles);
  } }, field("Author", author), field("Date", date), field("Tags, commas between", tags),
  make("div", { class: "buttons" }, make("button", { class: "button primary" }, "Save")));
  const dialog = openDialog("Author, date, tags", form);
}

async function removeArticle(article) {
  const reply = await attempt(() => server.call("remove_article", article.id));
  if (!reply) return;
  pane.cache.delete(article.id);
  takeArticles(reply.articles);
  notify("Article removed.", { undo: async () => {
    takeArticles((await server.call("restore_article", article.id)).articles);
    await pane.open(article.id);
    renderArticles();
  } });
}

/** Takes over a changed list of articles; where the one shown is gone, another one is. */
function takeArticles(articles) {
  const wasEmpty = app.articles.length === 0;
  app.articles = articles;
  if (!articles.some((one) => one.id === pane.article?.id)) pane.open(articles.at(-1)?.id).then(() => renderArticles());
  renderArticles();
  if (app.turns.length === 0 && (wasEmpty || articles.length === 0)) conversation.render();
}
