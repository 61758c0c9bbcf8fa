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

// No line begins with the comma after a formula, or ends with the bracket before it.
function keep(math) {
  const [before, after] = [math.previousSibling, math.nextSibling];
  const [opening] = /[([]$/.exec(before?.data ?? "") ?? [];
  const [closing] = /^[.,;:!?)\]]+/.exec(after?.data ?? "") ?? [];
  if (!opening && !closing) return;
  const unit = document.createElement("span");
  unit.className = "kept";
  math.before(unit);
  unit.append(opening ?? "", math, closing ?? "");
  if (opening) before.data = before.data.slice(0, -1);
  if (closing) after.data = after.data.slice(closing.length);
}
// Short code stays whole, and what a title is about begins a line where it does not fit on one.
for (const code of document.querySelectorAll(":not(pre) > code")) if (code.textContent.length < 24) code.classList.add("kept");
const title = document.querySelector("h1")?.firstChild;
const about = title?.data?.search(/\d\d · /) ?? -1;
if (about >= 0) {
  const span = document.createElement("span");
  span.className = "about";
  span.textContent = title.splitText(about).data.replace(" ·", "\u00a0·");
  title.nextSibling.replaceWith(span);
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
  const slot = document.getElementById(id);
  const figure = JSON.parse(figures.get(id).textContent);
  slot.dataset.height ??= parseFloat(slot.style.height);
  slot.style.height = `${Number(slot.dataset.height) + (isNarrow(slot.clientWidth) ? 18 * longLegend(figure, slot.clientWidth) : 0)}px`;
  drawFigure(id, fit(figure, slot));
}
// The lines of a legend, all entries as wide as the widest, beyond the two that a figure has room for.
function longLegend({ data }, width) {
  const names = data.filter((trace) => trace.name && trace.showlegend !== false).map((trace) => trace.name.length);
  const columns = Math.max(1, Math.floor((width - 70) / (50 + 6 * Math.max(...names))));
  return Math.max(0, Math.ceil(names.length / columns) - 2);
}
// As wide as its place, which paper changes; a slider begins behind its button. On a phone letters are small,
// the title takes the lines that it needs, the legend lies between it and the plot, and a surface is further away.
const isNarrow = (width) => width < 520;
function fit(figure, { clientWidth: width, style }) {
  const height = parseFloat(style.height);
  const layout = { ...figure.layout, width, height };
  const behind = isNarrow(width) ? 0.3 : 0.17;
  layout.sliders = layout.sliders?.map((slider) => {
    const x = Math.max(slider.x, behind);
    return { ...slider, x, len: 1 - x };
  });
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
      // plotly.js moves a title up by half a line for every line more.
      pad: { t: 8 + 10 * (lines.length - 1) },
    };
  const top = 12 + 20 * lines.length;
  layout.font = { ...layout.font, size: 10 };
  layout.legend = {
    ...layout.legend,
    orientation: "h",
    x: 0,
    xanchor: "left",
    yref: "container",
    y: 1 - top / height,
    yanchor: "top",
  };
  layout.margin = { ...layout.margin, t: top + 12, r: 10 };
  // Panels side by side need the width of the scale, whose colours are the points' too.
  const hasPanels = "xaxis2" in layout;
  const data = hasPanels ? figure.data.map((trace) => ({ ...trace, showscale: false })) : figure.data;
  layout.annotations = layout.annotations?.map((note) => ({ ...note, font: { ...note.font, size: 11 } }));
  const eye = layout.scene?.camera?.eye;
  if (eye)
    layout.scene = {
      ...layout.scene,
      camera: { ...layout.scene.camera, eye: { x: eye.x * 1.3, y: eye.y * 1.3, z: eye.z * 1.3 } },
    };
  return { ...figure, data, layout };
}
// What is in view first; the rest, one at a time, after it can be seen.
const waiting = new Set();
function drawNext() {
  const [id] = waiting;
  if (!id) return;
  waiting.delete(id);
  if (!drawn.has(id)) draw(id);
  setTimeout(drawNext);
}
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target, boundingClientRect: box } of entries) {
      if (!isIntersecting || drawn.has(target.id)) continue;
      if (box.top < innerHeight && box.bottom > 0) draw(target.id);
      else waiting.add(target.id);
    }
    requestAnimationFrame(() => setTimeout(drawNext));
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
const nameOf = (part, otherwise) => part?.title?.text ?? otherwise;
function tableOf(trace, number, layout) {
  const table = document.createElement("table");
  table.createCaption().textContent = trace.name || nameOf(trace.colorbar, `Series ${number + 1}`);
  const axes = layout.scene ?? layout;
  const [left, up, high] = [nameOf(axes.xaxis, "x"), nameOf(axes.yaxis, "y"), nameOf(axes.zaxis, "z")];
  const [x, y, z] = [numbers(trace.x), numbers(trace.y), numbers(trace.z)];
  const isGrid = Array.isArray(z[0]);
  const head = isGrid ? [`${up} ↓ ${left} →`, ...(x.length ? x : z[0].map((_, i) => i))] : z.length ? [left, up, high] : [left, up];
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
    if (box.firstChild) return;
    const figure = JSON.parse(data.textContent);
    box.append(...figure.data.map((trace, i) => tableOf(trace, i, figure.layout)));
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
  item.id = `found-${i}`;
  item.setAttribute("role", "option");
  link.href = section.page + (section.anchor && `#${section.anchor}`);
  link.tabIndex = -1;
  link.textContent = section.heading === section.title ? section.title : `${section.heading} · ${section.title}`;
  link.append(excerpt(section.text, word));
  item.append(link);
  return item;
}
// Whole words and formulas, from a little before the word that was found.
function excerpt(text, word) {
  const parts = text.match(/\\\(.*?\\\)|\S+/g) ?? [];
  const from = Math.max(0, parts.findIndex((part) => part.toLowerCase().includes(word)) - 5);
  const span = document.createElement("span");
  span.append(from > 0 ? "… " : "");
  for (const part of parts.slice(from, from + 18)) {
    const tex = /^\\\((.*)\\\)$/.exec(part)?.[1];
    const place = document.createElement("i");
    if (tex) katex.render(tex, place, { throwOnError: false });
    span.append(tex ? place : part, " ");
  }
  return span;
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
  // A heading counts more than the text, and a lesson more than its solutions.
  const weight = ({ page, heading, text }) => {
    const [h, t] = [heading.toLowerCase(), text.toLowerCase()];
    if (!words.every((word) => h.includes(word) || t.includes(word))) return 0;
    const headings = words.filter((word) => h.includes(word)).length;
    const often = Math.min(4, t.split(words[0]).length);
    return (8 * headings + often) / (page.includes("solutions") ? 9 : 1);
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
