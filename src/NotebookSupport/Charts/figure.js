(function (id, fitted) {
  // A figure names the colours for light paper. These are the same on dark paper; ChartStyle.cs has both.
  const dark = {
    "#0072B2": "#56B4E9",
    "#C27C00": "#F2C230",
    "#00996E": "#1FC28A",
    "#A62F7C": "#E05CB4",
    "#9C2F00": "#E0601F",
    "#20242A": "#E9ECEE",
    "#FDFCFA": "#16191D",
    "#F4F3F1": "#262B31",
    "#B3D4E8": "#123A55",
    "#F3CDB0": "#4F2510",
  };
  // Where the letters are light, the paper is dark.
  function coloured(slot, figure) {
    const letters = getComputedStyle(slot).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    if (Math.max(...letters) < 128) return figure;
    const swap = (part) => {
      if (typeof part === "string") return dark[part] ?? part;
      if (Array.isArray(part)) return typeof part.at(-1) === "number" ? part : part.map(swap);
      if (part === null || typeof part !== "object") return part;
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, swap(inner)]));
    };
    return swap(figure);
  }
  const graphs = (window.notebookFigures ??= {});
  function themed(slot, figure) {
    const text = getComputedStyle(slot).color;
    const faint = text.replace(/rgba?\(([^,]+,[^,]+,[^,)]+).*/, "rgba($1,0.22)");
    const layout = {
      ...figure.layout,
      font: { ...figure.layout.font, color: text, family: getComputedStyle(slot).fontFamily },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: faint, activecolor: text },
    };
    for (const axis of Object.keys(layout).filter((key) => /^[xy]axis/.test(key)))
      layout[axis] = {
        gridcolor: faint,
        zerolinecolor: faint,
        linecolor: faint,
        automargin: true,
        ...layout[axis],
        title: { standoff: 10, ...layout[axis].title },
      };
    if (layout.title) layout.title = { x: 0, xref: "paper", xanchor: "left", ...layout.title };
    return layout;
  }
  // A page may hold the same output twice: a second view of it, a copied cell.
  const slots = () => [...document.querySelectorAll(`.notebook-figure[id="${id}"]`)];
  function draw(Plotly) {
    slots().forEach((slot, copy) => {
      const figure = coloured(slot, fitted ?? JSON.parse(slot.nextElementSibling.textContent));
      const graph = (graphs[`${id} ${copy}`] ??= document.createElement("div"));
      graph.style.height = slot.style.height;
      if (graph.parentNode !== slot) slot.replaceChildren(graph);
      Plotly.react(graph, {
        data: figure.data,
        layout: themed(slot, figure),
        config: { responsive: true, displaylogo: false },
        frames: figure.frames,
      });
    });
  }
  // To the script of plotly.js, and to no other, the page looks like CommonJS: so plotly.js comes back here whatever
  // AMD loader the page has, or gets meanwhile, and does not become a module of that loader under another's name.
  function load(url) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const module = {};
      for (const name of ["module", "exports"]) {
        let others = window[name];
        Reflect.defineProperty(window, name, {
          configurable: true,
          get: () => (document.currentScript === script ? module : others),
          set: (value) => (others = value),
        });
      }
      script.src = url;
      script.onload = () => ((window.Plotly ??= module.exports) ? resolve(window.Plotly) : reject());
      script.onerror = reject;
      document.head.append(script);
    });
  }
  function loadFirst(urls) {
    return urls.reduce((loading, url) => loading.catch(() => load(url)), Promise.reject());
  }
  // A Jupyter server has plotly.js beside the course's kernel; elsewhere it comes from its own host.
  function places() {
    const config = document.getElementById("jupyter-config-data");
    const base = document.body.dataset.baseUrl ?? (config && JSON.parse(config.textContent).baseUrl);
    const file = "plotly-2.28.0.min.js";
    return [...(base ? [`${base}kernelspecs/notebooksupport/${file}`] : []), `https://cdn.plot.ly/${file}`];
  }
  if (window.Plotly) return draw(window.Plotly);
  window.notebookPlotly ??= loadFirst(places());
  window.notebookPlotly.then(draw, () => {
    for (const slot of slots())
      if (!slot.querySelector("img"))
        slot.textContent = "The chart needs plotly.js, which could not be loaded: " + slot.getAttribute("aria-label");
  });
})
