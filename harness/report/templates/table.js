// The table of all cells: filters, sorts and pages what is in #payload.
// Every text reaches the page through textContent, never as markup.
const PAGE = 50;
const payload = JSON.parse(document.getElementById("payload").textContent);
const rows = payload.rows.map((values, at) =>
  Object.fromEntries([["at", at], ...payload.fields.map((field, i) => [field, values[i]])]));
const haystack = rows.map((row) =>
  [row.dataset, row.model, row.metric, row.kind, row.statusText, row.reason, row.about, row.version, row.runs, row.paper,
    row.reproduced === null ? "" : row.reproduced ? "reproduced" : "not reproduced"].join("\n").toLowerCase());

const table = document.getElementById("cell-table");
const form = document.querySelector("form.filters");
const heads = [...table.tHead.rows[0].cells];
const words = new Intl.Collator(undefined, { numeric: true });
const state = { key: null, sign: 1, page: 0 };

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const rules = {
  all: () => true,
  headline: (row) => row.headline,
  holes: (row) => row.value === null,
  is: (row, field, wanted) => row[field] === wanted,
};

function chosen() {
  const text = form.elements.text.value.trim().toLowerCase();
  const selects = [...form.querySelectorAll("select")];
  const tests = selects.map((select) => {
    const option = select.selectedOptions[0];
    return (row) => rules[option.dataset.rule](row, select.name, option.value);
  });
  return rows.filter((row) => (!text || haystack[row.at].includes(text)) && tests.every((test) => test(row)));
}

function compare(one, other) {
  const [a, b] = [one[state.key], other[state.key]];
  // What has no number stays at the end, whichever way the rest is sorted.
  if (a === null || b === null) return (a === null) - (b === null) || one.at - other.at;
  const order = typeof a === "string" ? words.compare(a, b) : a - b;
  return state.sign * order || one.at - other.at;
}

function copyButton(short, full) {
  const button = element("button", "copy", short);
  button.type = "button";
  button.title = full;
  button.dataset.full = full;
  return button;
}

function valueCells(row) {
  if (row.value !== null) {
    const value = element("td", "num strong");
    if (row.best) value.append(element("span", "dot"), element("span", "unseen", "best or tied "));
    value.append(row.valueText);
    return [value, element("td", "num", row.lowText), element("td", "num", row.nText)];
  }
  const why = element("td", "why");
  why.colSpan = 3;
  why.append(element("span", row.status === "failed" ? "badge bad" : "badge warn", row.statusText), " ");
  why.append(element("bdi", "", row.reason));
  return [why];
}

function publishedCell(row) {
  const cell = element("td", "paper");
  if (row.reproduced === null) return cell;
  cell.append(element("span", row.reproduced ? "badge good" : "badge warn", row.reproduced ? "reproduced" : "not reproduced"));
  cell.append(element("small", "", row.paper));
  return cell;
}

function line(row) {
  const tr = element("tr", `${row.value === null ? "hole" : ""} ${row.human ? "human" : "model"}`);
  const model = element("th");
  model.scope = "row";
  model.append(element("bdi", "", row.model), element("small", "to-tablet", row.dataset));
  if (row.about) model.append(element("small", "", row.about));
  const dataset = element("td", "from-tablet");
  dataset.append(element("bdi", "", row.dataset), element("small", "", row.kind));
  const parameters = element("td", "num", row.parametersText);
  if (row.parameters !== null) parameters.title = row.parameters.toLocaleString("en");
  const version = element("td", "nowrap");
  version.append(copyButton(row.versionText, row.version));
  tr.append(model, dataset, element("td", "", row.metric), ...valueCells(row), element("td", "num", row.seedsText),
    element("td", "num", row.secondsText), parameters, publishedCell(row), version);
  return tr;
}

function draw() {
  const found = chosen();
  if (state.key) found.sort(compare);
  const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
  state.page = Math.min(Math.max(state.page, 0), last);
  const from = state.page * PAGE;
  const shown = found.slice(from, from + PAGE);
  const none = element("tr");
  none.append(Object.assign(element("td", "none", "No cell matches these filters."), { colSpan: heads.length }));
  table.tBodies[0].replaceChildren(...(shown.length ? shown.map(line) : [none]));
  const span = shown.length ? `${from + 1}–${from + shown.length} of ${found.length}` : "0";
  document.getElementById("cell-count").textContent = `${span} (${rows.length} cells in all)`;
  for (const button of document.querySelectorAll("[data-step]"))
    button.disabled = state.page === (button.dataset.step === "1" ? last : 0);
}

// A first click sorts up, a second down, a third goes back to the order of the suite.
function sortBy(head) {
  const now = head.getAttribute("aria-sort");
  for (const other of heads) other.removeAttribute("aria-sort");
  const next = now === null ? "ascending" : now === "ascending" ? "descending" : null;
  if (next) head.setAttribute("aria-sort", next);
  Object.assign(state, { key: next && head.dataset.key, sign: next === "descending" ? -1 : 1, page: 0 });
  draw();
}

async function copy(button) {
  let how = "Copied";
  await navigator.clipboard.writeText(button.dataset.full).catch(() => { how = "Could not copy"; });
  document.getElementById("copied").textContent = `${how} ${button.dataset.full}`;
}

for (const head of heads) head.firstElementChild.addEventListener("click", () => sortBy(head));
for (const button of document.querySelectorAll("[data-step]"))
  button.addEventListener("click", () => { state.page += Number(button.dataset.step); draw(); });
table.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (button) copy(button);
});
const refilter = () => { state.page = 0; draw(); };
form.addEventListener("input", refilter);
form.addEventListener("reset", () => setTimeout(refilter));
form.addEventListener("submit", (event) => event.preventDefault());
for (const part of document.querySelectorAll(".needs-js")) part.hidden = false;
draw();
