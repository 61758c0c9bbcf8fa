"use strict";
const root = document.documentElement;
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

// Mathematics.
for (const math of document.querySelectorAll(".math")) {
  const tex = math.textContent.trim().replace(/^\\[([]|\\[)\]]$/g, "");
  const displayMode = math.tagName === "DIV" || math.classList.contains("display");
  katex.render(tex, math, { displayMode, throwOnError: false });
  if (displayMode) math.tabIndex = 0;
  else if (tex.length < 30) keep(math);
}

// No line begins with the comma after a formula.
function keep(math) {
  const [, mark] = /^([.,;:!?)\]]+)/.exec(math.nextSibling?.data ?? "") ?? [];
  if (!mark) return;
  const after = math.nextSibling.splitText(mark.length);
  const unit = document.createElement("span");
  unit.className = "kept";
  math.before(unit);
  unit.append(math, after.previousSibling);
}

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// Figures: drawn when they come near, drawn again when the colours change.
const figures = new Map([...document.querySelectorAll("script[data-figure]")].map((data) => [data.dataset.figure, data]));
const drawn = new Set();
function draw(id) {
  drawn.add(id);
  const [name, figure, ...rest] = JSON.parse(figures.get(id).textContent);
  drawFigure(name, fit(figure, document.getElementById(id).clientWidth), ...rest);
}
// As wide as its place, which paper changes. On a phone letters are small, the title takes the lines
// that it needs, and the legend lies above the plot.
const isNarrow = (width) => width < 520;
function fit(figure, width) {
  const layout = { ...figure.layout, width };
  if (!isNarrow(width)) return { ...figure, layout };
  const letters = Math.floor(width / 8);
  const lines = layout.title?.text?.match(new RegExp(`.{1,${letters}}(?=\\s|$)|\\S+`, "g")) ?? [];
  if (lines.length)
    layout.title = {
      ...layout.title,
      text: lines.map((line) => line.trim()).join("<br>"),
      font: { ...layout.title.font, size: 14 },
      xref: "container",
      x: 0.02,
      yref: "container",
      y: 1,
      yanchor: "top",
      pad: { t: 8 },
    };
  layout.font = { ...layout.font, size: 10 };
  layout.legend ??= { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom" };
  layout.margin = { ...layout.margin, t: 24 + 18 * lines.length, r: 10 };
  return { ...figure, layout };
}
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting && !drawn.has(target.id)) draw(target.id);
  },
  { rootMargin: "800px" },
);
if (figures.size)
  load("assets/plotly.min.js").then(() => {
    for (const id of figures.keys()) near.observe(document.getElementById(id));
  });

// The data of a figure as a table, made when it is first opened.
function numbers(values) {
  if (!values) return [];
  if (Array.isArray(values)) return values;
  const bytes = Uint8Array.from(atob(values.bdata), (c) => c.charCodeAt(0));
  const kinds = { f4: Float32Array, f8: Float64Array, i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array };
  const flat = [...new kinds[values.dtype](bytes.buffer)];
  if (!values.shape) return flat;
  const columns = Number(values.shape.split(",")[1]);
  return Array.from({ length: flat.length / columns }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
}
function tableOf(trace, number) {
  const table = document.createElement("table");
  table.createCaption().textContent = trace.name || `Series ${number + 1}`;
  const [x, y, z] = [numbers(trace.x), numbers(trace.y), numbers(trace.z)];
  const isGrid = Array.isArray(z[0]);
  const head = isGrid ? ["y, then x", ...(x.length ? x : z[0].map((_, i) => i))] : z.length ? ["x", "y", "z"] : ["x", "y"];
  const rows = isGrid
    ? z.map((row, i) => [y[i] ?? i, ...row])
    : (y.length ? y : x).map((_, i) => [x[i] ?? i, y[i] ?? "", ...(z.length ? [z[i]] : [])]);
  const header = table.createTHead().insertRow();
  for (const text of head) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = text;
    header.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = value;
  }
  return table;
}
for (const [id, data] of figures) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const box = document.createElement("div");
  details.className = "data";
  summary.textContent = "Data as a table";
  Object.assign(box, { className: "scroll", tabIndex: 0 });
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Data: ${document.getElementById(id).getAttribute("aria-label")}`);
  details.append(summary, box);
  details.addEventListener("toggle", () => {
    if (!box.firstChild) box.append(...JSON.parse(data.textContent)[1].data.map(tableOf));
  });
  data.after(details);
}

// Theme.
const button = document.getElementById("theme");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : darkSystem.matches);
function themed() {
  button.textContent = isDark() ? "Light" : "Dark";
  button.setAttribute("aria-label", `Change to the ${isDark() ? "light" : "dark"} theme`);
  drawn.forEach(draw);
}
button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // The choice then lasts as long as the page.
  }
  themed();
});

// Paper is light, and shows every figure.
let onScreen;
addEventListener("beforeprint", () => {
  onScreen = root.dataset.theme;
  root.dataset.theme = "light";
  root.dataset.paper = "";
  if (window.Plotly) figures.forEach((_, id) => drawn.add(id));
  themed();
});
addEventListener("afterprint", () => {
  delete root.dataset.paper;
  if (onScreen) root.dataset.theme = onScreen;
  else delete root.dataset.theme;
  themed();
});

darkSystem.addEventListener("change", themed);
themed();

// Search: the index is loaded when it is first wanted.
const query = document.getElementById("query");
const found = document.getElementById("found");
let index;
let chosen = -1;
function loadIndex() {
  return (index ??= load("assets/search.js").then(() => window.courseText));
}
function result(section, word, i) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const text = document.createElement("span");
  const at = Math.max(0, section.text.toLowerCase().indexOf(word) - 30);
  item.id = `found-${i}`;
  item.setAttribute("role", "option");
  link.href = section.page + (section.anchor && `#${section.anchor}`);
  link.tabIndex = -1;
  link.textContent = section.heading === section.title ? section.title : `${section.heading} · ${section.title}`;
  text.textContent = (at > 0 ? "…" : "") + section.text.slice(at, at + 110);
  link.append(text);
  item.append(link);
  return item;
}
function choose(i) {
  const items = [...found.children];
  chosen = items.length ? (i + items.length) % items.length : -1;
  items.forEach((item, k) => item.setAttribute("aria-selected", k === chosen));
  items[chosen]?.scrollIntoView({ block: "nearest" });
  query.setAttribute("aria-activedescendant", items[chosen]?.id ?? "");
}
async function search() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const sections = words.length ? await loadIndex() : [];
  const weight = ({ heading, text }) => {
    const [h, t] = [heading.toLowerCase(), text.toLowerCase()];
    return words.every((word) => h.includes(word) || t.includes(word))
      ? words.filter((word) => h.includes(word)).length + 1
      : 0;
  };
  const hits = sections
    .filter(weight)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, 8);
  const items = hits.map((section, i) => result(section, words[0], i));
  if (words.length && !items.length) {
    const none = document.createElement("li");
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    none.textContent = "Nothing found";
    items.push(none);
  }
  found.replaceChildren(...items);
  show(words.length > 0);
  choose(0);
}
function show(isOpen) {
  found.hidden = !isOpen;
  query.setAttribute("aria-expanded", isOpen);
}
query.addEventListener("focus", loadIndex);
query.addEventListener("input", search);
query.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter") found.children[chosen]?.querySelector("a")?.click();
  else if (event.key === "Escape") show(false);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("search")) show(false);
});
found.addEventListener("click", () => show(false));

// Only what scrolls needs a stop of the Tab key.
const scrolling = document.querySelectorAll("pre[tabindex], .scroll, div.output, .math[tabindex]");
function stops() {
  for (const box of scrolling) box.tabIndex = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight ? 0 : -1;
}
stops();
addEventListener("resize", stops);

// Where the reader is, in the contents of the page.
const entries = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
const passing = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen)
      if (isIntersecting) {
        entries.forEach((a) => a.removeAttribute("aria-current"));
        entries.get(target.id).setAttribute("aria-current", "true");
      }
  },
  { rootMargin: "-10% 0% -75% 0%" },
);
for (const id of entries.keys()) passing.observe(document.getElementById(decodeURIComponent(id)));
