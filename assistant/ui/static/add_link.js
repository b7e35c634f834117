// A link: fetched by the server, shown as the text that was got, mended by hand where that is needed, then added.

function isLink(text) {
  return /^\s*https?:\/\/\S+\s*$/i.test(text);
}

/** Whether a text is an address without its scheme in front: one word with a dot in its host, and a path or www. */
function isBareAddress(text) {
  return /^\s*(?:www\.[\w-]+(?:\.[\w-]+)+(?:\/\S*)?|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\/\S*)\s*$/i.test(text);
}

/** Returns the form that a link is given in; `get` is called with it. */
function linkForm(get) {
  const address = make("input", { type: "text", inputmode: "url", dir: "ltr", placeholder: "Address of a page, a PDF or a text", autocomplete: "off", spellcheck: "false", maxlength: 4000 });
  return make("form", { onsubmit: (event) => {
    event.preventDefault();
    const given = address.value.trim();
    if (!given) return address.focus();
    // What is typed without a scheme is meant as a browser takes it.
    get(/^[a-z][a-z\d+.-]*:/i.test(given) && !/^[\w.-]+:\d/.test(given) ? given : ["https:", "", given].join("/"));
  } }, make("div", { class: "link-row" }, field("Or paste a link", address), make("button", { class: "button" }, "Get its text")));
}

function fetchPage(address, job) {
  job.say("Getting the page…", null);
  return server.stream("fetch_page", [address], { onwait: (n) => job.say(n > 0 ? `Waiting: ${n} before this one` : "Waiting: next in line", null) });
}

/** Returns what shows a page that was fetched: its text can be mended, and is added only then. */
function pagePreview(page, { add, back }) {
  const title = make("input", { type: "text", maxlength: 200, dir: "auto", value: page.title, autocomplete: "off" });
  const text = make("textarea", { rows: 12, dir: "auto", class: "page-text", value: page.text, readonly: !page.is_whole });
  const notes = page.notes.map((note) => make("p", { class: "page-note", dir: "auto" }, note));
  if (!page.is_whole) notes.push(make("p", { class: "page-note" }, "This is the beginning of a long text. All of it is added, as it is."));
  const submit = async (event) => {
    event.preventDefault();
    if (!text.value.trim()) return text.focus();
    const isMended = page.is_whole && text.value !== page.text;
    const given = title.value.trim() === page.title.trim() ? "" : title.value;
    buttons.forEach((button) => { button.disabled = true; });
    await add((job) => (isMended ? server.upload(text.value, "", (share) => job.say("Sending…", share)) : ""), given);
    buttons.forEach((button) => { button.disabled = false; });
  };
  const buttons = [make("button", { class: "button primary" }, "Add article"), make("button", { type: "button", class: "button", onclick: back }, "Back")];
  return make("form", { class: "page-preview", onsubmit: submit },
    make("div", {}, make("h3", { tabindex: "-1" }, "This is the text that was got"), make("p", { class: "hint origin" }, ...originOf(page))),
    ...notes, field("Title", title),
    field("Text", text, page.is_whole ? "Take out what is not the article, or put in what is missing." : ""),
    make("div", { class: "buttons" }, ...buttons));
}
