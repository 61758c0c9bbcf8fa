"use strict";
{
const figures = [...document.querySelectorAll("script[data-figure]")];

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// Charts of the plane need the smaller script. A page that has another figure loads the whole one for all of them.
const Plane = ["scatter", "bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "image", "pie", "violin"];
const isPlane = ({ data }) => data.every(({ type }) => Plane.includes(type ?? "scatter"));
let all = [];
let allMounted;
const mounted = new Promise((resolve) => (allMounted = resolve)).then(() => all.every((view) => isPlane(view.figure)));
const plotly = {};
async function loadPlotly(figure) {
  const name = (await mounted) && isPlane(figure) ? "plotly-cartesian" : "plotly";
  const fetched = () => load(`assets/plotly/${name}.min.js`);
  plotly[name] ??= fetched().catch(fetched).then(() => window.Plotly);
  try {
    return await plotly[name];
  } catch (failure) {
    delete plotly[name]; // The next figure tries again.
    throw failure;
  }
}

// A figure is drawn when a reader turns to it; one without a still picture when it comes near.
const drawn = new Set();
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) all.find((view) => view.slot === target)?.draw();
  },
  { rootMargin: "800px" },
);
// The still picture of a map keeps its colours, and so its white paper.
const isLightInTheDark = ({ slot }) =>
  slot.closest(".of-colours") !== null && getComputedStyle(document.documentElement).colorScheme === "dark";
const page = {
  plotly: loadPlotly,
  shown([view], render, composed) {
    view.composed = () => composed(view);
    view.draw = () => {
      if (drawn.has(view)) return;
      drawn.add(view);
      render(view);
    };
    if (!view.slot.querySelector("img") || isLightInTheDark(view)) near.observe(view.slot);
    if (view.figure.live) window.moveFigure?.(view);
    let dwell;
    view.slot.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType === "mouse") dwell = setTimeout(view.draw, 80);
    });
    view.slot.addEventListener("pointerleave", () => clearTimeout(dwell));
    view.slot.addEventListener("click", view.draw);
    view.slot.addEventListener("focusin", view.draw);
    view.slot.addEventListener("figurechange", () => drawn.add(view));
    view.render = () => drawn.has(view) && render(view);
    all.push(view);
  },
};
addEventListener("themed", () =>
  all.forEach((view) => {
    view.render();
    if (isLightInTheDark(view)) near.observe(view.slot);
  }),
);
addEventListener("beforeprint", () => {
  document.querySelectorAll("img").forEach((image) => (image.loading = "eager"));
  document.querySelectorAll(".notebook-card details").forEach((measurements) => (measurements.open = true));
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
function withTable(view, data) {
  const details = data.parentElement.querySelector("details.data");
  const box = document.createElement("div");
  Object.assign(box, { className: "scroll", tabIndex: 0 });
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Data: ${view.plot.getAttribute("aria-label")}`);
  details.append(box);
  const fill = () => {
    if (!details.open) return;
    const { data, layout } = view.composed();
    box.replaceChildren(...data.filter((trace) => trace.visible !== false).map((trace, i) => tableOf(trace, i, layout)));
  };
  details.addEventListener("toggle", fill);
  view.slot.addEventListener("figurechange", fill);
}

// A figure's name is its title, of the state that it shows.
addEventListener("figurechange", ({ target }) => {
  const view = all.find(({ slot }) => slot === target);
  const title = view?.composed().layout.title?.text;
  if (title) view.plot.setAttribute("aria-label", title);
});

// One figure after the other, so that the page answers meanwhile.
(function mount() {
  const data = figures.shift();
  if (!data) return allMounted();
  drawFigure(data.dataset.figure, page);
  withTable(all.at(-1), data);
  setTimeout(mount);
})();

// The figures of cells that run on the page are drawn at once, and again where the same place gets other data.
window.liveFigures = {
  prepare: () => loadPlotly({ data: [] }).catch(() => {}),
  show(id) {
    drawFigure(id, {
      ...page,
      shown([view], render, composed) {
        drawn.add(view);
        view.composed = () => composed(view);
        view.draw = view.render = () => render(view);
        if (!all.includes(view)) all.push(view);
        if (view.figure.live && !view.moving) window.moveFigure?.(view);
        withTable(view, view.slot.nextElementSibling);
        render(view);
      },
    });
  },
  forget(id) {
    const view = window.notebookFigures?.[`${id} 0`];
    if (!view) return;
    delete window.notebookFigures[`${id} 0`];
    view.stop?.();
    all = all.filter((other) => other !== view);
    drawn.delete(view);
    const { graph } = view;
    if (graph) for (const loaded of Object.values(plotly)) loaded.then(({ purge }) => graph._fullLayout && purge(graph), () => {});
  },
};
}
