// How the blocks of an article are drawn: headings, items, quotes, lines of code, and tables whose rows are sentences.

const MAX_COLUMNS = 100, MAX_IN_ONE_LINE = 20;

/** Returns the article's blocks with the numbers of their sentences; rows of one table share its columns. */
function numberedBlocks({ pieces, blocks }) {
  let n = 0, table = null;
  const numbered = blocks.map((block) => {
    const numbers = Array.from({ length: block.n }, () => n++);
    if (!block.cells) table = null;
    else if (!table || pieces[numbers[0] * 2].includes("\n\n")) table = { columns: [] };
    if (table) placesOf(table.columns, block.cells, true);
    return { kind: "text", level: 0, depth: 0, ...block, numbers, table };
  });
  return numbered.map((block) => (block.table?.columns.length > MAX_COLUMNS ? { ...block, table: null } : block));
}

/** Returns the number of the column that each cell stands in, left to right; with `grows`, missing columns are put in. */
function placesOf(columns, cells, grows = false) {
  let last = -1;
  return cells.map(([name]) => {
    let at = columns.indexOf(name, last + 1);
    if (!name) at = last + 1;
    if (grows && at < 0 && columns.length <= MAX_COLUMNS) columns.splice((at = last + 1), 0, name);
    if (grows && at === columns.length) columns.push("");
    return (last = Math.max(at, last + 1));
  });
}

/** Returns the elements of some blocks, and notes the elements of their sentences by number. */
function renderBlocks(pieces, blocks, sentences) {
  const elements = [];
  let before = null, inside = null;
  for (const block of blocks) {
    const goesOn = before && block.kind === before.kind && block.table === before.table;
    if (block.table) {
      if (!goesOn) elements.push(tableAround(block.table, (inside = make("tbody"))));
      inside.append(renderRow(pieces, block, sentences));
    } else if (block.kind === "code" && goesOn) {
      inside.append(pieces[block.numbers[0] * 2], ...spansOf(pieces, block.numbers, sentences));
    } else {
      elements.push((inside = renderParagraph(pieces, block, sentences)));
    }
    before = block;
  }
  return elements;
}

function renderParagraph(pieces, block, sentences) {
  const spans = spansOf(pieces, block.numbers, sentences);
  if (block.kind === "code") return make("pre", { class: "paragraph code", dir: "ltr" }, indentOf(pieces[block.numbers[0] * 2]), ...spans);
  const attributes = { class: "paragraph", dir: "auto" };
  if (block.level) Object.assign(attributes, { class: `paragraph heading level${block.level}`, role: "heading", "aria-level": Math.min(6, (block.level % 7) + 2) });
  if (block.kind === "item") Object.assign(attributes, { class: `paragraph item ${markerOf(sentenceIn(pieces, block.numbers[0]))}`, style: `--depth: ${Math.min(block.depth, 8)}` });
  if (block.kind === "quote") attributes.class = "paragraph quoted";
  const paragraph = make("p", attributes, ...spans);
  if (block.numbers[0] === 0 && sentenceIn(pieces, 0).replace(/^#+ /, "") === pane.heading.textContent) paragraph.classList.add("title");
  return paragraph;
}

/** Returns the spans of a block's sentences with what stands between them. */
function spansOf(pieces, numbers, sentences) {
  return numbers.flatMap((n) => {
    const span = sentenceElement("span", n, sentences);
    span.append(sentenceIn(pieces, n));
    return n === numbers[0] ? [span] : [pieces[n * 2], span];
  });
}

function sentenceElement(tag, n, sentences) {
  const element = make(tag, { class: "sentence", id: `s${n + 1}`, tabindex: n === 0 ? "0" : "-1" });
  element.position = n;
  sentences.set(n, element);
  return element;
}

const indentOf = (between) => between.slice(between.lastIndexOf("\n") + 1);
const markerOf = (text) => (/^[-–*+•◦▪●‣·]\s/u.test(text) ? "dashed" : /^\S{1,12}[.):\]]\s/u.test(text) ? "numbered" : "unmarked");

function tableAround(table, body) {
  const head = table.columns.some(Boolean) && make("thead", {}, make("tr", {}, ...table.columns.map((name) => make("th", { scope: "col", dir: "auto" }, name))));
  return make("div", { class: "paragraph table-around", tabindex: "-1" }, make("table", {}, head, body));
}

function renderRow(pieces, block, sentences) {
  const row = sentenceElement("tr", block.numbers[0], sentences);
  row.block = block;
  fillRow(row, Array.from(sentenceIn(pieces, row.position)), []);
  return row;
}

/** Puts a row's cells in, with what lies in the spans marked. */
function fillRow(row, characters, spans) {
  const { cells, table } = row.block;
  const places = placesOf(table.columns, cells);
  if (cells.length === 1 && !cells[0][0] && table.columns.length > 1) {
    row.replaceChildren(make("td", { colspan: table.columns.length, dir: "auto" }, ...markedNodes(characters, spans, cells[0][1], cells[0][2])));
    return;
  }
  row.replaceChildren(...table.columns.map((_, column) => {
    const cell = cells[places.indexOf(column)];
    const isLong = cell && cell[2] - cell[1] > MAX_IN_ONE_LINE;
    return make("td", { dir: "auto", class: isLong ? "long" : "" }, ...(cell ? markedNodes(characters, spans, cell[1], cell[2]) : []));
  }));
}

/** Puts a sentence's own text in, with the spans marked and a marker before it. */
function fillSentence(element, spans = [], marker = null) {
  const characters = Array.from(sentenceIn(articleText.pieces, element.position));
  if (element.block) fillRow(element, characters, spans);
  else element.replaceChildren(...markedNodes(characters, spans, 0, characters.length));
  if (marker) (element.block ? element.firstElementChild : element).prepend(marker);
}

/** Returns the nodes of `characters` from `start` to `end`, with what lies in the spans marked. */
function markedNodes(characters, spans, start, end) {
  const nodes = [];
  let at = start;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const first = Math.max(from, at), last = Math.min(to, end);
    if (from < at && from >= start || first >= last) continue;
    nodes.push(characters.slice(at, first).join(""), make("mark", { class: "short" }, characters.slice(first, last).join("")));
    at = last;
  }
  return [...nodes, characters.slice(at, end).join("")].filter((node) => node !== "");
}
