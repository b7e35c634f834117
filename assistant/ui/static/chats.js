// The list of conversations, and what can be done with one.

function renderChats() {
  const list = app.shell.querySelector(".chat-list");
  if (app.chats.length === 0) return list.replaceChildren(make("li", { class: "hint" }, "Your conversations are kept here."));
  list.replaceChildren(...app.chats.map((chat) => {
    const more = iconButton("more", `Actions for conversation ${oneLine(chat.title)}`, () => openChatMenu(more, chat), { class: "icon-button quiet" });
    const isOpen = chat.id === app.chat?.id;
    return make("li", { class: isOpen ? "row current" : "row" },
      make("button", { type: "button", class: "row-name", dir: "auto", "aria-current": isOpen ? "true" : false, title: oneLine(chat.title), onclick: () => { closeDrawer(); conversation.open(chat.id); } }, oneLine(chat.title)), more);
  }));
}

function newChat() {
  closeDrawer();
  return conversation.open("").then(() => composer.input.focus());
}

function openChatMenu(button, chat) {
  openMenu(button, [
    ["Rename", () => renameChat(chat)],
    ["Export as Markdown", () => exportChat(chat, "markdown")],
    ["Export as a web page", () => exportChat(chat, "html")],
    ["Export as JSON", () => exportChat(chat, "json")],
    ["Delete", () => deleteChat(chat)],
  ]);
}

async function renameChat(chat) {
  const title = await askForText("Rename conversation", "Name", chat.title, "Rename");
  if (title === null) return;
  const reply = await attempt(() => server.call("rename_chat", chat.id, title));
  if (!reply) return;
  app.chats = app.chats.map((one) => (one.id === chat.id ? reply.chat : one));
  if (app.chat?.id === chat.id) { app.chat = reply.chat; conversation.renderBar(); }
  renderChats();
}

async function deleteChat(chat) {
  if (!(await attempt(() => server.call("delete_chat", chat.id)))) return;
  const wasOpen = app.chat?.id === chat.id;
  app.chats = app.chats.filter((one) => one.id !== chat.id);
  if (wasOpen) await conversation.open("");
  renderChats();
  notify("Conversation deleted.", { undo: async () => {
    await server.call("restore_chat", chat.id);
    app.chats = (await server.call("list_chats")).chats;
    renderChats();
    if (wasOpen) await conversation.open(chat.id);
  } });
}

async function exportChat(chat, form) {
  const file = await attempt(() => server.call("export_chat", chat.id, form));
  if (file) saveFile(file);
}

/** Lets the browser save what an endpoint has given: { name, type, text }. */
function saveFile(file) {
  const address = URL.createObjectURL(new Blob([file.text], { type: file.type }));
  const link = make("a", { href: address, download: file.name, class: "unseen", tabindex: "-1" }, "Download");
  app.shell.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
