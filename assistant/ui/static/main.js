// Puts the page together, inside a shadow root: the styles around it do not reach in, ours do not reach out.

const app = {
  root: null, shell: null, live: null, menu: null, narrow: matchMedia("(max-width: 760px)"),
  articles: [], chats: [], settings: {}, chat: null, turns: [], scope: [],
};

function createShell() {
  const sidebar = make("nav", { class: "sidebar", "aria-label": "Conversations and articles" },
    make("div", { class: "brand" }, make("span", { class: "brand-mark", "aria-hidden": "true" }, "¶"), "Article Assistant",
      iconButton("close", "Close this menu", () => closeDrawer(), { class: "icon-button drawer-close" })),
    make("button", { type: "button", class: "button wide", onclick: () => newChat() }, icon("plus"), "New conversation"),
    make("h2", {}, "Conversations"), make("ul", { class: "chat-list" }),
    make("h2", {}, "Articles"),
    make("input", { type: "search", class: "article-filter", hidden: true, placeholder: "Title, author or tag", "aria-label": "Show only articles with", autocomplete: "off", oninput: () => renderArticles() }),
    make("ul", { class: "article-list" }),
    make("button", { type: "button", class: "button wide subtle", onclick: () => { closeDrawer(); openAddArticle(); } }, icon("plus"), "Add an article"),
    make("button", { type: "button", class: "button wide subtle settings-button", onclick: () => openSettings() }, icon("gear"), "Settings"),
    make("a", { class: "button wide subtle evaluate-link", href: "./evaluate" }, icon("check"), "Evaluate"));
  app.live = make("div", { class: "unseen", role: "status", "aria-live": "polite" });
  app.banner = make("div", { class: "banner", role: "alert", hidden: true });
  app.shell = make("div", { class: "shell" }, app.banner, sidebar, make("div", { class: "shade", onclick: () => (app.shell.classList.contains("sheet-open") ? places.leaveSheet() : closeDrawer()) }),
    conversation.create(), pane.create(), app.live);
  app.sidebar = sidebar;
  return app.shell;
}

function openDrawer() {
  app.shell.classList.add("drawer-open");
  conversation.panel.inert = true;
  app.sidebar.querySelector(".drawer-close").focus();
}

function closeDrawer() {
  if (!app.shell.classList.contains("drawer-open")) return;
  app.shell.classList.remove("drawer-open");
  conversation.panel.inert = app.shell.classList.contains("sheet-open");
}

function listen() {
  app.shell.addEventListener("pointerdown", (event) => app.menu && !app.menu.contains(event.target) && closeMenu());
  app.shell.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (app.shell.classList.contains("drawer-open")) closeDrawer();
    else if (app.shell.classList.contains("sheet-open")) places.leaveSheet();
    else if (asking.busy) asking.stop();
  });
  addEventListener("popstate", (event) => places.restore(event.state));
  app.narrow.addEventListener("change", () => closeSheet());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyTheme());
  acceptDrops(app.shell);
  server.onlost = () => { app.banner.hidden = false; app.banner.textContent = "The assistant cannot be reached. Connecting again…"; };
  server.onback = async () => {
    app.banner.hidden = true;
    notify("Connected again.");
    await attempt(() => refresh());
    asking.resume();
  };
}

async function refresh() {
  const { articles, chats, settings } = await server.call("start");
  Object.assign(app, { articles, chats, settings });
  composer.input.maxLength = settings.max_question_characters;
  renderChats();
  renderArticles();
}

/** Fills in what the address asks: ./?article=…&ask=…, as the report of an evaluation links to it. Any page may hold such a link, so it is for the reader to ask. */
async function askFromAddress() {
  const wanted = new URLSearchParams(location.search), question = wanted.get("ask");
  if (!question) return;
  history.replaceState(history.state, "", location.pathname);
  await conversation.open("");
  app.scope = app.articles.some((one) => one.id === wanted.get("article")) ? [wanted.get("article")] : [];
  renderArticles();
  composer.fill(question);
}

async function start(element) {
  app.root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  app.root.adoptedStyleSheets = [sheet];
  app.root.append(createShell());
  applyTheme();
  server.connect();
  listen();
  pane.showNothing();
  conversation.render();
  if (!(await attempt(() => refresh().then(() => true)))) return;
  const place = places.parse(location.hash);
  const last = app.chats.find((one) => one.id === kept.get("chat"));
  await conversation.open(last?.id || "");
  if (!pane.article) await pane.open(app.articles.at(-1)?.id);
  if (place) await places.show(place.article || app.articles[0]?.id, place.position);
  renderArticles();
  app.shell.dataset.ready = "";
  await askFromAddress();
  if (!app.narrow.matches && !place) composer.input.focus();
}
