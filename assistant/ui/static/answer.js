// One question with its answer.

const MAX_SHORT_CHARACTERS = 220;

/** Returns the element of a turn: its answer, or what is going on while there is none. */
function renderTurn(turn) {
  const answer = turn.answer ? renderAnswer(turn) : renderWaiting(turn);
  turn.element = make("article", { class: "turn", id: `turn-${turn.id ?? "new"}`, "aria-label": `Question: ${oneLine(turn.question).slice(0, 120)}` },
    make("div", { class: "question" }, isolated(turn.question, "p"),
      iconButton("edit", "Edit this question", () => composer.fill(turn.question, turn), { class: "icon-button quiet" })),
    answer);
  return turn.element;
}

function renderWaiting(turn) {
  if (turn.problem) {
    return make("div", { class: "answer problem", role: "alert" }, isolated(turn.problem, "p"),
      make("button", { type: "button", class: "button", onclick: () => asking.retry(turn) }, icon("retry"), "Try again"));
  }
  turn.status = make("p", { class: "status" }, make("span", { class: "dots", "aria-hidden": "true" }), make("span", { class: "status-text" }, "Searching the article…"));
  return make("div", { class: "answer waiting" }, turn.status);
}

function showStep(turn, text) {
  const line = turn.status?.querySelector(".status-text");
  if (line && line.textContent !== text) line.textContent = text;
}

function renderAnswer(turn) {
  const { answer } = turn;
  return make("div", { class: answer.abstained ? "answer refusal" : "answer" },
    answer.standalone_question && oneLine(answer.standalone_question) !== oneLine(turn.question) && make("p", { class: "understood" }, "Understood as: ", isolated(answer.standalone_question)),
    answer.abstained ? renderRefusal(answer) : renderFound(turn),
    answer.reason && !answer.abstained && make("p", { class: "reason", dir: "auto" }, answer.reason),
    renderFoot(turn));
}

function renderFound(turn) {
  const { answer } = turn;
  if (answer.sides?.length) return [renderSides(turn)];
  const parts = [];
  if (answer.mode === "written") parts.push(make("p", { class: "headline written", dir: "auto" }, answer.text, " ", ...answer.citations.map((one) => markerLink(turn, one, false))));
  else parts.push(...shortAnswers(answer).map(([text, citation]) => make("p", { class: text.length > 60 ? "headline long" : "headline", dir: "auto" }, text, " ", markerLink(turn, citation, false))));
  const several = new Set(answer.citations.map((one) => one.article_id)).size > 1 || app.articles.length > 1;
  parts.push(make("ol", { class: "quotes", "aria-label": "From the article" }, answer.citations.map((one) => renderQuote(turn, one, several))));
  return parts;
}

/** Returns what is said of each of several articles, or of two that are compared, which stand beside one another where there is room. */
function renderSides(turn) {
  const { answer } = turn;
  return make("div", { class: answer.decided_by === "compared" ? "sides beside" : "sides" }, answer.sides.map((side) => {
    const quotes = answer.citations.filter((one) => side.markers.includes(one.marker));
    return make("section", { class: "side", "aria-label": oneLine(side.name) }, isolated(oneLine(side.name), "h3"),
      quotes.length > 0 ? make("ol", { class: "quotes", "aria-label": `From ${oneLine(side.name)}` }, quotes.map((one) => renderQuote(turn, one, one.title !== side.name)))
        : make("p", { class: "silent" }, "The article does not say."));
  }));
}

/** Returns the short answers with the citation that each stands in; none where they would only repeat the quotations. */
function shortAnswers(answer) {
  if (!answer.short_answer || isWholeSentence(answer)) return [];
  const found = answer.citations.flatMap((one) => shortSpansIn(one, answer)
    .map(([start, end]) => [oneLine(Array.from(one.text).slice(start, end).join("")), one]));
  const distinct = found.filter(([text], n) => found.findIndex(([other]) => other === text) === n);
  return distinct.reduce((sum, [text]) => sum + text.length, 0) <= MAX_SHORT_CHARACTERS ? distinct : [];
}

/** Returns where the short answers inside a citation start and end, counted from its own start. */
function shortSpansIn(citation, answer) {
  return answer.short_spans.filter(([id, start, end]) => id === citation.article_id && start >= citation.start && end <= citation.end)
    .map(([, start, end]) => [start - citation.start, end - citation.start]);
}

/** Returns whether the short answer is about all of a quotation, which would then only be read twice. */
function isWholeSentence(answer) {
  return answer.citations.some((one) => answer.short_answer.length > 0.8 * one.text.length);
}

function renderQuote(turn, citation, several) {
  const where = [citation.speaker, citation.page && `page ${citation.page}`, citation.place, citation.section !== citation.title && citation.section, several && citation.title].filter(Boolean);
  return make("li", { class: "quote", dir: "auto" }, markerLink(turn, citation, true),
    make("blockquote", { onclick: () => isSelecting() || places.go(citation.article_id, citation.position, turn) },
      ...withShortAnswer(citation, turn.answer)),
    where.length > 0 && make("p", { class: "where" }, ...where.flatMap((text, n) => [n > 0 && " · ", isolated(oneLine(text))]).filter(Boolean)));
}

function markerLink(turn, citation, main) {
  return make("a", { class: "marker", id: `c-${turn.id}-${citation.marker}${main ? "" : "-short"}`, href: places.address(citation.article_id, citation.position), "aria-label": `Citation ${citation.marker}: show it in the article`,
    onclick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      places.go(citation.article_id, citation.position, turn);
    } }, String(citation.marker));
}

function renderRefusal(answer) {
  return [
    make("p", { class: "headline", dir: "auto" }, answer.text),
    answer.reason && make("p", { class: "reason", dir: "auto" }, answer.reason),
    answer.closest.length > 0 && make("details", { class: "closest" },
      make("summary", {}, `Closest ${answer.closest.length === 1 ? "sentence" : "sentences"} in the article`),
      make("p", { class: "hint" }, "These do not answer the question; they only come closest to it."),
      make("ul", {}, answer.closest.map((one) => make("li", { dir: "auto" }, one.text, " ",
        make("a", { class: "show", href: places.address(one.article_id, one.position), onclick: (event) => { event.preventDefault(); places.go(one.article_id, one.position); } }, "Show in article"))))),
  ];
}

/** Goes from a marker in the article's margin to the quotation in the answer. */
function backToAnswer(turn, marker) {
  closeSheet();
  const link = app.root.getElementById(`c-${turn.id}-${marker}`);
  link?.scrollIntoView({ block: "center", behavior: still() ? "instant" : "smooth" });
  link?.focus({ preventScroll: true });
}
