// Dialogs, short notices with an undo, and what is read out to those who do not see the page.

/** Opens a dialog that keeps the keyboard inside and closes on Escape; returns it. */
function openDialog(title, ...content) {
  const before = app.root.activeElement;
  const heading = make("h2", { id: "dialog-title", tabindex: "-1" }, title);
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "dialog-title" },
    make("header", {}, heading, iconButton("close", "Close", () => dialog.close())), make("div", { class: "dialog-body" }, ...content));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => { dialog.remove(); before?.isConnected && before.focus(); });
  app.shell.append(dialog);
  dialog.showModal();
  (dialog.querySelector("[autofocus]") || heading).focus();
  return dialog;
}

/** Asks for one line of text; resolves with it, or null when it was given up. */
function askForText(title, label, value, action) {
  return new Promise((resolve) => {
    const input = make("input", { type: "text", value, maxlength: 200, dir: "auto", autofocus: true, autocomplete: "off" });
    let result = null;
    const form = make("form", { onsubmit: (event) => { event.preventDefault(); result = input.value; dialog.close(); } },
      field(label, input), make("div", { class: "buttons" }, make("button", { class: "button primary" }, action)));
    const dialog = openDialog(title, form);
    input.select();
    dialog.addEventListener("close", () => resolve(result));
  });
}

/** Shows a notice at the bottom; with `undo`, or an `offer` [label, action], it stays longer. */
function notify(text, { undo = null, offer = null, error = false } = {}) {
  app.shell.querySelector(".notice")?.remove();
  const notice = make("div", { class: error ? "notice error" : "notice", role: error ? "alert" : "status" }, isolated(text, "span"),
    undo && make("button", { type: "button", class: "link", onclick: () => { notice.remove(); attempt(undo); } }, "Undo"),
    offer && make("button", { type: "button", class: "link", onclick: () => { notice.remove(); offer[1](); } }, offer[0]),
    iconButton("close", "Dismiss", () => notice.remove()));
  app.shell.append(notice);
  setTimeout(() => notice.remove(), undo || offer || error ? 10000 : 4000);
}

/** Runs what may fail and shows why it did. */
async function attempt(work) {
  try { return await work(); }
  catch (error) {
    if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
    notify(error.message, { error: true });
  }
}

function announce(text) {
  app.live.textContent = "";
  setTimeout(() => { app.live.textContent = text; }, 60);
}

/** Opens a small menu under a button: [[label, action], …]; arrows move, Escape closes. */
function openMenu(button, items) {
  closeMenu();
  const entries = items.map(([label, action]) => make("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => { closeMenu(); action(); } }, label));
  const menu = make("div", { class: "menu", role: "menu", "aria-label": button.getAttribute("aria-label") || "Actions" }, ...entries);
  app.shell.append(menu);
  const box = button.getBoundingClientRect(), size = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${box.bottom + size.height + 8 > innerHeight ? Math.max(8, box.top - size.height - 4) : box.bottom + 4}px`;
  menu.addEventListener("keydown", (event) => {
    const at = entries.indexOf(app.root.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); entries[(to + entries.length) % entries.length].focus(); }
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); event.stopPropagation(); closeMenu(); button.focus(); }
  });
  app.menu = menu;
  entries[0].focus();
}

function closeMenu() {
  app.menu?.remove();
  app.menu = null;
}

/** Copies a text and says so. */
async function copyText(text, said) {
  try { await navigator.clipboard.writeText(text); }
  catch {
    const area = make("textarea", { value: text, class: "unseen" });
    app.shell.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  notify(said);
}
