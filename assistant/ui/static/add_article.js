// Adding an article: a dropped or chosen file, a link, or pasted text, with its progress and its errors in place.

function openAddArticle(files = []) {
  const picker = make("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-label": "Files", onchange: () => addFiles([...picker.files]) });
  const drop = make("div", { class: "drop" }, make("p", {}, "Drop files here"),
    make("button", { type: "button", class: "button", onclick: () => picker.click() }, "Choose files"), picker);
  const text = make("textarea", { rows: 7, dir: "auto", placeholder: "Paste the text of an article" });
  const title = make("input", { type: "text", maxlength: 200, dir: "auto", placeholder: "Its first line, if left empty", autocomplete: "off" });
  const jobs = make("div", { class: "jobs", role: "status" });
  const form = make("form", { onsubmit: (event) => { event.preventDefault(); addText(); } },
    field("Or paste text", text), field("Title", title), make("div", { class: "buttons" }, make("button", { class: "button primary" }, "Add text")));
  const link = linkForm((address) => getLink(address));
  const hint = make("p", { class: "hint" }, `Files up to ${app.settings.max_article_megabytes} MB: text, Markdown, PDF, Word, CSV, web pages, zip archives of these. What you add stays in your library; a link is fetched from where it leads.`);
  const dialog = openDialog("Add an article", drop, link, form, jobs, hint);
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
    if (isLink(text.value)) return getLink(text.value.trim());
    if (isBareAddress(text.value)) {
      link.querySelector("input").value = text.value.trim();
      link.querySelector("input").focus();
      jobs.querySelectorAll(".failed").forEach((job) => job.remove());
      return jobs.append(make("div", { class: "job failed", role: "alert" }, make("span", { class: "job-state" }, "This looks like an address, not a text. It stands in the field for links now: press “Get its text”.")));
    }
    if (await addOne(title.value || "Pasted text", (job) => sendText(text.value, title.value, job))) dialog.close();
  }

  /** Fetches a link and shows what it gave, before anything is added. */
  async function getLink(address) {
    jobs.querySelectorAll(".failed").forEach((job) => job.remove());
    const page = await runOne(address, `Getting ${address}`, (job) => fetchPage(address, job));
    if (!page || !dialog.isConnected) return;
    const parts = [drop, link, form, hint];
    const shown = pagePreview(page, {
      add: async (upload, title) => {
        if (await addOne(title || page.title || page.url, async (job) => send(await upload(job), title, job, page.page))) dialog.close();
      },
      back: () => { shown.remove(); parts.forEach((part) => { part.hidden = false; }); link.querySelector("input").focus(); },
    });
    parts.forEach((part) => { part.hidden = true; });
    jobs.before(shown);
    shown.querySelector("h3").focus();
  }

  /** Runs one job under its own bar; returns whether the article was added. */
  async function addOne(name, work) {
    const reply = await runOne(name, `Adding ${name}`, async (job) => {
      const told = await work(job);
      if (told.article) await added(told.article, told.files);
      return told;
    });
    return Boolean(reply) && showFiles(name, reply.files || []);
  }

  /** Tells what came of the files of an archive; returns whether all could be read. */
  function showFiles(name, files) {
    const failed = files.filter((one) => one.error);
    if (failed.length === 0) return true;
    jobs.append(make("div", { class: "job failed", role: "alert" }, isolated(name, "span", { class: "job-name" }),
      make("span", { class: "job-state" }, `${files.length - failed.length} of ${plural(files.length, "file")} are in the library. The others:`),
      make("ul", { class: "job-files" }, failed.map((one) => isolated(oneLine(one.error), "li")))));
    return false;
  }

  /** Runs one job under its own bar; returns its reply, or null where it failed, which is said there. */
  async function runOne(name, label, work) {
    const bar = make("progress", { max: 1, "aria-label": label });
    const state = make("span", { class: "job-state" }, "Sending…");
    const job = make("div", { class: "job" }, isolated(name, "span", { class: "job-name" }), state, bar);
    jobs.append(job);
    try {
      const reply = await work({ say: (said, share) => { state.textContent = said; if (share === null) bar.removeAttribute("value"); else bar.value = share; } });
      job.remove();
      return reply;
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      bar.remove();
      job.classList.add("failed");
      job.setAttribute("role", "alert");
      state.textContent = error.message;
      return null;
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

function send(upload, title, job, page = "") {
  job.say("Splitting into sentences…", null);
  return server.stream("add_article", [upload, title, page], {
    onwait: (n) => job.say(n > 0 ? `Waiting: ${n} before this one` : "Waiting: next in line", null),
    onpart: (part) => (part.files_done && job.say(`Reading: ${plural(part.files_done, "file")}`, null)) || (part.total && job.say(`Reading: ${part.done.toLocaleString("en")} of ${plural(part.total, "sentence")}`, part.done / part.total)),
  });
}

/** Shows an article that has just been added. */
async function added(id, files) {
  const isKnown = app.articles.some((one) => one.id === id);
  if (app.scope.length > 0 && !app.scope.includes(id)) app.scope.push(id);
  takeArticles((await server.call("list_articles")).articles);
  await pane.open(id);
  renderArticles();
  if (app.turns.length === 0) conversation.render();
  const n = files?.filter((one) => one.change === "added").length;
  notify(files ? `${plural(n, "article")} added.` : isKnown ? "This article was in the library already." : "Article added.");
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
