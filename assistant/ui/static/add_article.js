// Adding an article: a dropped or chosen file, or pasted text, with its progress and its errors in place.

function openAddArticle(files = []) {
  const picker = make("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-label": "Files", onchange: () => addFiles([...picker.files]) });
  const drop = make("div", { class: "drop" }, make("p", {}, "Drop files here"),
    make("button", { type: "button", class: "button", onclick: () => picker.click() }, "Choose files"), picker);
  const text = make("textarea", { rows: 7, dir: "auto", placeholder: "Paste the text of an article" });
  const title = make("input", { type: "text", maxlength: 200, dir: "auto", placeholder: "Its first line, if left empty", autocomplete: "off" });
  const jobs = make("div", { class: "jobs", role: "status" });
  const form = make("form", { onsubmit: (event) => { event.preventDefault(); addText(); } },
    field("Or paste text", text), field("Title", title), make("div", { class: "buttons" }, make("button", { class: "button primary" }, "Add text")));
  const dialog = openDialog("Add an article", drop, form, jobs,
    make("p", { class: "hint" }, `Text, Markdown and PDF, up to ${app.settings.max_article_megabytes} MB a file. It stays in your library.`));
  dialog.classList.add("adding");
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => { event.preventDefault(); event.stopPropagation(); addFiles([...event.dataTransfer.files]); });

  async function addFiles(chosen) {
    let failed = false;
    for (const file of chosen) failed = !(await addOne(file.name, (job) => sendFile(file, job))) || failed;
    if (!failed && chosen.length > 0) dialog.close();
  }

  async function addText() {
    if (!text.value.trim()) return text.focus();
    if (await addOne(title.value || "Pasted text", (job) => sendText(text.value, title.value, job))) dialog.close();
  }

  /** Runs one job under its own bar; returns whether the article was added. */
  async function addOne(name, work) {
    const bar = make("progress", { max: 1, "aria-label": `Adding ${name}` });
    const state = make("span", { class: "job-state" }, "Sending…");
    const job = make("div", { class: "job" }, isolated(name, "span", { class: "job-name" }), state, bar);
    jobs.append(job);
    try {
      const reply = await work({ say: (said, share) => { state.textContent = said; if (share === null) bar.removeAttribute("value"); else bar.value = share; } });
      await added(reply.article);
      job.remove();
      return true;
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      bar.remove();
      job.classList.add("failed");
      job.setAttribute("role", "alert");
      state.textContent = error.message;
      return false;
    }
  }

  if (files.length > 0) addFiles(files);
}

async function sendFile(file, job) {
  if (file.size > app.settings.max_article_megabytes * 1e6) {
    throw new Refused(`This file has ${Math.ceil(file.size / 1e6)} MB; the limit is ${app.settings.max_article_megabytes} MB. Split it, or paste the part you need.`);
  }
  if (file.size === 0) throw new Refused("This file is empty. Choose one with text in it.");
  return send(await server.upload(file, file.name, (share) => job.say("Sending…", share)), "", job);
}

async function sendText(text, title, job) {
  return send(await server.upload(text, "", (share) => job.say("Sending…", share)), title, job);
}

function send(upload, title, job) {
  job.say("Splitting into sentences…", null);
  return server.stream("add_article", [upload, title], {
    onwait: (n) => job.say(n > 0 ? `Waiting: ${n} before this one` : "Waiting: next in line", null),
    onpart: (part) => part.total && job.say(`Reading: ${part.done.toLocaleString("en")} of ${plural(part.total, "sentence")}`, part.done / part.total),
  });
}

/** Shows an article that has just been added. */
async function added(id) {
  const isKnown = app.articles.some((one) => one.id === id);
  if (app.scope.length > 0 && !app.scope.includes(id)) app.scope.push(id);
  takeArticles((await server.call("list_articles")).articles);
  await pane.open(id);
  renderArticles();
  if (app.turns.length === 0) conversation.render();
  notify(isKnown ? "This article was in the library already." : "Article added.");
}

/** Lets files be dropped anywhere on the page. */
function acceptDrops(shell) {
  shell.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    shell.classList.add("dropping");
  });
  shell.addEventListener("dragleave", (event) => event.relatedTarget || shell.classList.remove("dropping"));
  shell.addEventListener("drop", (event) => {
    shell.classList.remove("dropping");
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    if (!shell.querySelector("dialog.adding")) openAddArticle([...event.dataTransfer.files]);
  });
}
