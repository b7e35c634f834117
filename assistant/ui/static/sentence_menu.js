// What can be done with a sentence of the article: by click, tap, or Enter; arrows move from sentence to sentence.

function sentenceClicked(event) {
  const span = event.target.closest(".sentence");
  // Selecting words to copy them is no click.
  if (!span || event.target.closest("a") || isSelecting()) return;
  articleText.makeCurrent(span);
  openSentenceMenu(span);
}

function sentenceKey(event) {
  const span = event.target.closest(".sentence");
  if (!span) return;
  const to = { ArrowDown: span.position + 1, ArrowRight: span.position + 1, ArrowUp: span.position - 1, ArrowLeft: span.position - 1, Home: 0, End: articleText.where.length - 1 }[event.key];
  if (to !== undefined && to >= 0 && to < articleText.where.length) {
    event.preventDefault();
    const next = articleText.sentence(to);
    articleText.makeCurrent(next);
    next.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openSentenceMenu(span);
  }
}

function openSentenceMenu(span) {
  const { id } = pane.article;
  const text = oneLine(sentenceIn(pane.article.pieces, span.position));
  span.setAttribute("aria-label", `Sentence ${span.position + 1}`);
  openMenu(span, [
    ["Ask what is said about this", () => { closeSheet(); composer.fill(questionAbout(text)); }],
    ["Copy quote with reference", () => copyText(`“${text}” — ${referenceTo(span.position)}`, "Quote copied.")],
    ["Copy link to this sentence", () => copyText(location.href.split("#")[0] + places.address(id, span.position), "Link copied.")],
  ]);
  span.removeAttribute("aria-label");
}

function questionAbout(text) {
  const words = text.replace(/[“”"«»]/g, "").split(" ");
  return `What is said about “${words.length > 14 ? `${words.slice(0, 14).join(" ")} …` : words.join(" ").replace(/[.!?。！？]+$/u, "")}”?`;
}

function referenceTo(position) {
  const speaker = pane.article.speakers[position], page = pane.article.pages[position];
  return [speaker && `${speaker}, in `, `“${oneLine(pane.heading.textContent)}”`, page && `, page ${page}`, `, sentence ${position + 1}`].filter(Boolean).join("");
}
