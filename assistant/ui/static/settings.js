// The settings panel. Every change holds at once.

const CAREFULNESS = [
  ["low", "Answer more", "Answers when it is somewhat sure; errs more often."],
  ["normal", "Balanced", "Answers when it is fairly sure."],
  ["high", "Refuse more", "Answers only when it is very sure; misses more."],
];
const THEMES = [["", "Like the system"], ["light", "Light"], ["dark", "Dark"]];

function radios(name, legend, options, chosen, onchange) {
  return make("fieldset", {}, make("legend", {}, legend), options.map(([value, label, hint]) => {
    const input = make("input", { type: "radio", name, value, onchange: () => onchange(value) });
    input.checked = value === chosen;
    return make("label", { class: "choice" }, input, make("span", {}, label, hint && make("small", {}, hint)));
  }));
}

function openSettings() {
  closeDrawer();
  const { settings } = app;
  const model = make("input", { type: "text", value: settings.language_model || kept.get("model"), placeholder: "provider:model", autocomplete: "off", spellcheck: "false" });
  const use = make("input", { type: "checkbox" });
  use.checked = Boolean(settings.language_model);
  const modelField = field("Which one", model, "Any that LangChain opens, such as ollama:llama3.2. It rewrites the cited sentences; every sentence it writes is checked against them.");
  modelField.hidden = !use.checked;
  const save = async (carefulness = app.settings.carefulness) => {
    kept.set("model", model.value.trim());
    const reply = await attempt(() => server.call("save_settings", carefulness, use.checked ? model.value.trim() : ""));
    if (reply) { app.settings = reply.settings; notify("Settings kept."); }
  };
  use.addEventListener("change", () => {
    modelField.hidden = !use.checked;
    if (use.checked && !model.value.trim()) model.focus(); else save();
  });
  model.addEventListener("change", () => save());
  openDialog("Settings",
    radios("carefulness", "How careful", CAREFULNESS, settings.carefulness, (value) => save(value)),
    settings.chooses_model && make("fieldset", {}, make("legend", {}, "Wording"), make("label", { class: "choice" }, use, make("span", {}, "Let a language model word the answers", make("small", {}, "Off: answers are the article’s own sentences, and nothing leaves this computer."))), modelField),
    radios("theme", "Colours", THEMES, kept.get("theme"), (value) => { kept.set("theme", value); applyTheme(); }),
    make("fieldset", {}, make("legend", {}, "Data"),
      settings.library && [make("p", { class: "hint" }, "Articles and conversations are kept in this folder:"), make("code", { class: "path" }, settings.library)],
      settings.n_questions > 0 && make("button", { type: "button", class: "button", onclick: () => saveOwnQuestions() }, `Save my questions (${settings.n_questions.toLocaleString("en")})`),
      renderDeleteEverything()));
}

function renderDeleteEverything() {
  const word = make("input", { type: "text", autocomplete: "off" });
  return make("details", { class: "danger" }, make("summary", {}, "Delete everything"),
    make("p", { class: "hint" }, "All articles, and all your conversations and questions, are deleted for good."),
    make("form", { onsubmit: (event) => { event.preventDefault(); deleteEverything(word.value); } },
      field("Type “delete” to confirm", word), make("button", { class: "button dangerous" }, "Delete everything")));
}

async function deleteEverything(word) {
  const reply = await attempt(() => server.call("delete_everything", word));
  if (!reply) return;
  Object.assign(app, { articles: [], chats: [], scope: [] });
  pane.cache.clear();
  app.shell.querySelector("dialog")?.close();
  history.replaceState(null, "", location.pathname + location.search);
  await pane.open("");
  await conversation.open("");
  renderArticles();
  notify("Everything was deleted.");
}

function applyTheme() {
  const chosen = kept.get("theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  app.shell.dataset.theme = dark ? "dark" : "light";
  document.body.classList.toggle("dark", dark);
}
