// What stands under an answer: how sure it is, how long it took, and what can be done with it.

// Rules of `assistant.answering.decision` that claim nothing about the article, so that there is nothing to be sure of.
const CLAIMING_NOTHING = ["greeting", "no_question", "no_article"];

/** Returns how sure the assistant is, in words. */
function sureness(answer) {
  if (answer.abstained) return answer.confidence >= 0.85 ? "Almost certainly not in the article" : answer.confidence >= 0.6 ? "Probably not in the article" : "Unsure: it may be there in other words";
  return answer.confidence >= 0.85 ? "Very likely right" : answer.confidence >= 0.65 ? "Probably right" : answer.confidence >= 0.4 ? "Unsure: check the sentence" : "A guess: check the sentence";
}

function renderFoot(turn) {
  const { answer } = turn;
  const percent = `${Math.round(answer.confidence * 100)} %`;
  const level = answer.abstained ? "none" : answer.confidence >= 0.85 ? "high" : answer.confidence >= 0.65 ? "fair" : "low";
  const thumb = (name, label, rating) => iconButton(name, label, () => rate(turn, turn.rating === rating ? 0 : rating), { "aria-pressed": String(turn.rating === rating), class: "icon-button quiet" });
  return make("footer", { class: "foot" },
    !CLAIMING_NOTHING.includes(answer.decided_by) && make("span", { class: `confidence ${level}`, tabindex: "0", "data-number": `${percent} sure` }, sureness(answer), make("span", { class: "unseen" }, `, ${percent} sure`)),
    make("span", { class: "seconds" }, answer.seconds < 0.05 ? "under 0.1 s" : `${answer.seconds < 10 ? answer.seconds.toFixed(1) : Math.round(answer.seconds)} s`),
    make("span", { class: "foot-actions" },
      thumb("up", "Good answer", 1), thumb("down", "Bad answer", -1),
      iconButton("copy", "Copy this answer", () => copyText(answerAsText(turn), "Answer copied."), { class: "icon-button quiet" }),
      iconButton("retry", "Ask again", () => asking.retry(turn), { class: "icon-button quiet" })));
}

/** Keeps a rating, and leaves the focus on the button that was pressed. */
async function rate(turn, rating) {
  const focused = rating === -1 || (rating === 0 && turn.rating === -1) ? "Bad answer" : "Good answer";
  if (!(await attempt(() => server.call("rate", turn.id, rating)))) return;
  turn.rating = rating;
  const foot = turn.element.querySelector(".foot");
  foot.replaceWith(renderFoot(turn));
  turn.element.querySelector(`[aria-label="${focused}"]`).focus();
  if (rating > 0) notify("Thank you. Your rating is kept.");
  if (rating < 0) notify("Thank you. Your rating is kept.", { offer: ["Add it to my questions", () => openOwnQuestion(turn)] });
}

function answerAsText({ question, answer }) {
  const head = answer.abstained || answer.mode === "written" ? answer.text : shortAnswers(answer).map(([text]) => text).join("; ");
  const quoted = (citations) => citations.map((one) => `[${one.marker}] “${oneLine(one.text)}”`);
  if (answer.sides?.length) {
    const sides = answer.sides.map((side) => [oneLine(side.name), ...quoted(answer.citations.filter((one) => side.markers.includes(one.marker)))]);
    return [question, ...sides.map((lines) => (lines.length > 1 ? lines : [...lines, "The article does not say."]).join("\n"))].join("\n\n");
  }
  const quotes = quoted(answer.citations);
  return [question, head, ...quotes].filter(Boolean).join("\n\n");
}
