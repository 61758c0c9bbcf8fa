"use strict";
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
  // Names at the ends of lines keep their room.
  const isNamed = figure.data.some((trace) => trace.cliponaxis === false);
  layout.margin = { ...layout.margin, t: top + 12, r: isNamed ? (layout.margin.r * 10) / 13 : 10 };
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

// The colours changed; paper shows every figure.
addEventListener("themed", () => {
  if (document.documentElement.dataset.paper !== undefined && window.Plotly) figures.forEach((_, id) => drawn.add(id));
  drawn.forEach(draw);
});
