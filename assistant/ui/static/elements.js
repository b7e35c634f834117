// Elements are made from text nodes and attributes only: nothing that others wrote is ever parsed as HTML.

/** Returns a new element; `on…` functions become listeners, true and false set or leave out an attribute. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  book: "M5 5.5A2.5 2.5 0 0 1 7.5 3H19v15H7.5A2.5 2.5 0 0 0 5 20.5zM5 20.5A2.5 2.5 0 0 0 7.5 21H19",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  up: "M7 11l4-8a2 2 0 0 1 2 2v4h5.5a2 2 0 0 1 2 2.3l-1.1 7a2 2 0 0 1-2 1.7H7zM7 11H4v9h3",
  down: "M17 13l-4 8a2 2 0 0 1-2-2v-4H5.5a2 2 0 0 1-2-2.3l1.1-7a2 2 0 0 1 2-1.7H17zM17 13h3V4h-3",
  copy: "M9 9h10v11H9zM6 15H5V4h10v2",
  retry: "M19 12a7 7 0 1 1-2-4.9L19 9M19 4v5h-5",
  edit: "M5 19h3.5L19 8.5 15.5 5 5 15.5zM13.5 7l3.5 3.5",
  check: "M9 12l2 2 4-4M5 4h14v16H5z",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
};

/** Returns an icon that screen readers skip. */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Returns a button that shows only an icon and is named by its label. */
function iconButton(name, label, onclick, attributes = {}) {
  return make("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

/** Returns a form field under its label. */
function field(label, control, hint = "") {
  const id = `field-${(field.count = (field.count || 0) + 1)}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return make("div", { class: "field" }, make("label", { for: id }, label), control, hint && make("p", { class: "hint", id: `${id}-hint` }, hint));
}

function plural(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

/** Returns a text that cannot turn the reading direction of what stands beside it. */
function isolated(text, tag = "bdi", attributes = {}) {
  return make(tag, { dir: "auto", ...attributes }, text);
}

/** Returns whether words are selected; inside a shadow root, Chromium tells only the root. */
function isSelecting() {
  const selection = app.root.getSelection ? app.root.getSelection() : document.getSelection();
  return Boolean(selection && !selection.isCollapsed);
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Keeps a string in this browser; where the browser forbids it, nothing is kept. */
const kept = {
  get(name) {
    try { return localStorage.getItem(`assistant.${name}`) || ""; } catch { return ""; }
  },
  set(name, value) {
    try { localStorage.setItem(`assistant.${name}`, value); } catch { /* private mode: nothing is kept */ }
  },
};
