(function (id, page) {
  const Narrow = 520;
  const Dwell = 130; // of a frame that plays, in milliseconds
  const views = (window.notebookFigures ??= {});
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
    "#6FA8CC": "#2F6A91",
  };

  // There is a frame for every combination: of the values first, then of those of each choice.
  function frameOf({ values, active, choices = [] }, at = active, chosen = choices.map((choice) => choice.active)) {
    return choices.reduceRight((frame, choice, c) => frame * choice.values.length + chosen[c], 0) * values.length + at;
  }
  // Which figure is shown: a frame replaces parts of traces and of the layout.
  function composed(figure, at = figure.control && frameOf(figure.control)) {
    const frame = figure.frames?.[at];
    if (!frame) return figure;
    const data = [...figure.data];
    frame.traces?.forEach((t, k) => data[t] && (data[t] = { ...data[t], ...frame.data[k] }));
    const layout = { ...figure.layout, ...frame.layout };
    for (const key of Object.keys(layout)) if (layout[key] === null) delete layout[key];
    return { ...figure, data, layout };
  }

  // A long title takes the lines that it needs beside the tools; on a phone letters are smaller, and the legend lies between title and plot.
  function fit({ data, layout }, width, least) {
    const narrow = width < Narrow;
    const size = narrow ? 14 : 17;
    const lines = wrapped(layout.title?.text ?? "", Math.floor((width - 99) / (size * 0.52)));
    const more = Math.max(0, lines.length - (narrow ? 0 : 1)) * (size + 4);
    const fitted = { ...layout, width, margin: { ...layout.margin } };
    let height = least;
    if (lines.length)
      fitted.title = {
        ...layout.title,
        text: lines.join("<br>"),
        font: { ...layout.title.font, size },
        ...{ xref: "container", x: 0, xanchor: "left", yref: "container", y: 1, yanchor: "top" },
        // plotly.js moves a title of several lines up by half a line.
        pad: { l: 4, t: lines.length > 1 ? 10 + size / 2 : 8 },
      };
    if (!narrow) {
      height += more;
      fitted.margin.t = (layout.margin?.t ?? 48) + more;
      if (layout.legend?.yref) fitted.legend = { ...layout.legend, y: 1 - ((1 - layout.legend.y) * least + more) / height };
      return { data, layout: { ...fitted, height } };
    }
    const names = data.filter((trace) => trace.name && trace.showlegend !== false).map((trace) => trace.name.length);
    const isLegend = layout.showlegend !== false && (names.length > 1 || (layout.showlegend && names.length));
    const columns = Math.max(1, Math.floor((width - 20) / (46 + 5.6 * Math.max(...names, 1))));
    const rows = isLegend ? Math.ceil(names.length / columns) : 0;
    const top = 10 + more;
    fitted.font = { ...layout.font, size: 11 };
    fitted.legend = {
      ...layout.legend,
      ...{ itemsizing: "constant", orientation: "h", x: 0, xref: "container", xanchor: "left", yref: "container", yanchor: "top" },
    };
    // Names at the ends of lines keep their room.
    const right = data.some((trace) => trace.cliponaxis === false) ? (layout.margin.r * 11) / 13 : 12;
    fitted.margin = { ...fitted.margin, t: top + 19 * rows + (layout.annotations?.length ? 26 : 12), r: right };
    height += Math.max(0, fitted.margin.t - 64);
    fitted.legend.y = 1 - top / height;
    // Panels side by side need the width of the scale, whose colours are the points' too.
    if ("xaxis2" in layout) data = data.map((trace) => ({ ...trace, showscale: false }));
    fitted.annotations = layout.annotations?.map((note) => ({ ...note, font: { ...note.font, size: 11 } }));
    if ("xaxis2" in layout && layout.yaxis?.scaleanchor) {
      height = inTwoColumns(fitted, width);
      fitted.legend.y = 1 - top / height;
      data = data.map((trace) => (trace.marker ? { ...trace, marker: { ...trace.marker, size: 3 } } : trace));
    }
    const eye = layout.scene?.camera?.eye;
    if (eye)
      fitted.scene = {
        ...layout.scene,
        camera: { ...layout.scene.camera, eye: { x: eye.x * 1.3, y: eye.y * 1.3, z: eye.z * 1.3 } },
      };
    return { data, layout: { ...fitted, height } };
  }
  // Square maps of the same plane, as large as the width allows. Returns the height of the figure.
  function inTwoColumns(layout, width) {
    const names = Object.keys(layout).filter((key) => /^xaxis\d*$/.test(key));
    const rows = Math.ceil(names.length / 2);
    const [across, between] = [10, 30];
    const { l, r, t, b } = layout.margin;
    const [wide, side] = [width - l - r, (width - l - r - across) / 2];
    const high = rows * side + (rows - 1) * between;
    names.forEach((x, i) => {
      const [left, from] = [(i % 2) * (side + across), high - side - Math.floor(i / 2) * (side + between)];
      const isLowest = i + 2 >= names.length;
      const y = x.replace("x", "y");
      const title = layout[i % 2 ? y : "yaxis"].title;
      layout[x] = { ...layout[x], domain: [left / wide, (left + side) / wide], showticklabels: isLowest, title: isLowest ? layout[x].title : {} };
      layout[y] = { ...layout[y], domain: [from / high, (from + side) / high], showticklabels: i % 2 === 0, title };
    });
    return high + t + b;
  }
  function wrapped(text, letters) {
    const lines = [];
    for (const word of text.split(/\s+/).filter(Boolean))
      if (lines.length && `${lines.at(-1)} ${word}`.length <= letters) lines[lines.length - 1] += ` ${word}`;
      else lines.push(word);
    return lines;
  }

  // Where the letters are light, the paper is dark.
  function coloured(figure, text) {
    const letters = text.match(/[\d.]+/g).slice(0, 3).map(Number);
    if (Math.max(...letters) < 128) return figure;
    const swap = (part) => {
      if (typeof part === "string") return dark[part] ?? part;
      if (Array.isArray(part)) return typeof part.at(-1) === "number" ? part : part.map(swap);
      if (part === null || typeof part !== "object") return part;
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, swap(inner)]));
    };
    return swap(figure);
  }
  function themed(layout, text, family) {
    const faint = text.replace(/rgba?\(([^,]+,[^,]+,[^,)]+).*/, "rgba($1,0.22)");
    const themed = { ...layout, font: { ...layout.font, color: text, family } };
    for (const axis of Object.keys(layout).filter((key) => /^[xy]axis/.test(key)))
      themed[axis] = {
        gridcolor: faint,
        zerolinecolor: faint,
        linecolor: faint,
        automargin: true,
        ...layout[axis],
        title: { standoff: 10, ...layout[axis].title },
      };
    return themed;
  }

  // A view is a figure in its place: plot, tools and controls. A page may hold the same output twice (a second view of
  // it, a copied cell), and an output that is updated comes with a new place, which takes the view over.
  function View() {
    const view = { at: 0, isZooming: false, ranges: {}, root: element("div", "notebook-view") };
    view.plot = element("div", "notebook-plot", { role: "img" });
    view.tools = element("div", "notebook-tools");
    view.controls = element("div", "notebook-controls");
    const zoom = button("Zoom", () => zoomed(!view.isZooming));
    const unzoomed = () => {
      view.ranges = {};
      view.isNew = true;
    };
    const reset = button("Reset", () => (unzoomed(), render(view)));
    view.tools.append(zoom);
    function zoomed(isZooming) {
      view.isZooming = isZooming;
      zoom.setAttribute("aria-pressed", isZooming);
      reset.hidden = !isZooming;
      view.plot.tabIndex = isZooming ? 0 : -1;
      if (!isZooming) unzoomed();
      else view.plot.focus({ preventScroll: true });
      render(view);
    }
    zoomed.keys = { "+": 0.8, "=": 0.8, "-": 1.25, ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    zoom.setAttribute("aria-pressed", false);
    zoom.title = "Zoom by dragging, or with + - and the arrow keys";
    reset.hidden = true;
    view.plot.addEventListener("keydown", (event) => {
      if (!view.isZooming || event.target !== view.plot) return;
      if (event.key === "Escape") (zoomed(false), zoom.focus());
      else if (zoomed.keys[event.key]) (event.preventDefault(), move(view, zoomed.keys[event.key]));
    });
    // A finger scrolls the page, unless the reader asked to zoom.
    for (const kind of ["touchstart", "touchmove", "touchend"])
      view.plot.addEventListener(kind, (event) => !view.isZooming && event.stopPropagation(), { capture: true, passive: true });
    view.plot.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true, passive: true });
    view.root.append(view.plot, view.tools, view.controls, reset);
    new ResizeObserver(() => {
      if (view.isAsked && view.root.clientWidth && view.root.clientWidth !== view.width) render(view);
    }).observe(view.root);
    return view;
  }
  function move(view, how) {
    const layout = view.graph._fullLayout;
    for (const axis of Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))) {
      const [low, high] = layout[axis].range;
      const span = high - low;
      const shift = Array.isArray(how) ? how[axis[0] === "x" ? 0 : 1] * 0.1 * span : 0;
      const grown = Array.isArray(how) ? 0 : ((how - 1) * span) / 2;
      view.ranges[axis] = [low + shift - grown, high + shift + grown];
    }
    render(view);
  }
  function element(name, style, attributes = {}) {
    const made = document.createElement(name);
    if (style) made.className = style;
    for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
    return made;
  }
  function button(text, press) {
    const made = element("button", "", { type: "button" });
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  }

  // Two or three states are buttons of which one is chosen; more are a slider, which can play.
  function control(view) {
    const { quantity, values, active, plays, choices = [], readings } = view.figure.control;
    const state = JSON.stringify([quantity, values, choices]);
    if (state === view.state) return;
    view.state = state;
    view.at = active;
    view.chosen = choices.map((choice) => choice.active);
    view.stop?.();
    if (values.length <= 3) {
      view.controls.replaceChildren(buttons(view.figure.control, (i) => show(view, i)));
      view.moved = () => {};
    } else {
      const label = element("label");
      const input = element("input", "", { type: "range", min: 0, max: values.length - 1, step: 1 });
      const output = element("output");
      const name = element("span");
      name.textContent = quantity;
      label.append(name, input, output);
      view.moved = () => {
        input.value = view.at;
        output.textContent = values[view.at];
        input.setAttribute("aria-valuetext", `${quantity} ${values[view.at]}`);
      };
      input.addEventListener("input", () => (view.stop(), show(view, Number(input.value))));
      const play = button("Play", () => (view.timer ? view.stop() : start()));
      const start = () => {
        play.textContent = "Pause";
        output.setAttribute("aria-live", "off");
        if (view.at === values.length - 1) show(view, 0);
        view.timer = setInterval(() => {
          if (!view.root.isConnected) return view.stop();
          show(view, view.at + 1);
          if (view.at === values.length - 1) view.stop();
        }, Dwell);
      };
      view.stop = () => {
        clearInterval(view.timer);
        view.timer = 0;
        play.textContent = "Play";
        output.removeAttribute("aria-live");
      };
      view.controls.replaceChildren(...(plays ? [play] : []), label);
    }
    choices.forEach((choice, c) =>
      view.controls.append(
        buttons(choice, (i) => {
          view.chosen[c] = i;
          show(view, view.at);
        }),
      ),
    );
    if (readings) {
      const moved = view.moved;
      const reading = element("p", "notebook-reading", { role: "status" });
      view.moved = () => (moved(), (reading.textContent = readings[frameNow(view)]));
      view.controls.append(reading);
    }
    // Notebooks take keys for themselves.
    view.controls.onkeydown = (event) => event.stopPropagation();
    view.moved();
  }
  function buttons({ quantity, values, active }, choose) {
    const group = element("fieldset");
    const legend = element("legend");
    legend.textContent = quantity;
    const name = `${id} ${Math.random()}`;
    const labels = values.map((value, i) => {
      const label = element("label");
      const input = element("input", "", { type: "radio", name });
      input.checked = i === active;
      input.addEventListener("change", () => choose(i));
      label.append(input, value);
      return label;
    });
    group.append(legend, ...labels);
    return group;
  }
  const frameNow = (view) => view.figure.control && frameOf(view.figure.control, view.at, view.chosen);
  function show(view, at) {
    view.at = at;
    view.moved();
    render(view);
    view.slot.dispatchEvent(new CustomEvent("figurechange", { bubbles: true }));
  }

  // One drawing at a time: what is asked meanwhile is drawn next.
  async function render(view) {
    view.isAsked = view.isStale = true;
    if (view.isDrawing) return;
    view.isDrawing = true;
    try {
      const Plotly = await plotly(view);
      while (view.isStale && view.root.isConnected) {
        view.isStale = false;
        await draw(Plotly, view);
      }
    } catch {
      if (!view.slot.querySelector("img"))
        view.plot.textContent = `The chart needs plotly.js, which could not be loaded: ${view.plot.ariaLabel}`;
    } finally {
      view.isDrawing = false;
    }
  }
  async function draw(Plotly, view) {
    // What is hidden has no width; it is drawn when it gets one.
    view.width = view.root.clientWidth;
    if (!view.width) return;
    const graph = (view.graph ??= element("div"));
    if (!graph.parentNode) view.plot.replaceChildren(graph);
    const { color, fontFamily } = getComputedStyle(view.root);
    const { data, layout } = fit(coloured(composed(view.figure, frameNow(view)), color), view.width, view.height);
    // plotly.js writes into what it gets.
    const shown = structuredClone(themed(layout, color, fontFamily));
    for (const axis of Object.keys(view.ranges)) shown[axis] = { ...shown[axis], range: view.ranges[axis], autorange: false };
    shown.dragmode = view.isZooming ? "zoom" : false;
    if (shown.scene) shown.scene = { ...shown.scene, dragmode: view.isZooming ? "zoom" : "turntable" };
    const config = { displayModeBar: false, scrollZoom: false, doubleClick: false };
    // A figure that others made may have frames for controls of plotly.js.
    const frames = view.figure.control ? undefined : view.figure.frames;
    await Plotly[view.isNew ? "newPlot" : "react"](graph, { data, layout: shown, config, frames });
    if (view.isNew) view.isListening = view.isNew = false;
    if (!view.isListening)
      graph.on("plotly_relayout", () => {
        if (view.isZooming)
          for (const axis of Object.keys(graph._fullLayout).filter((key) => /^[xy]axis\d*$/.test(key)))
            view.ranges[axis] = [...graph._fullLayout[axis].range];
      });
    view.isListening = true;
    view.slot.style.height = "";
    view.slot.style.minHeight = "";
    view.root.classList.add("is-live");
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
  // A Jupyter server has files beside the course's kernel.
  function beside(file) {
    const config = document.getElementById("jupyter-config-data");
    const base = document.body.dataset.baseUrl ?? (config && JSON.parse(config.textContent).baseUrl);
    return base ? [`${base}kernelspecs/notebooksupport/${file}`] : [];
  }
  function plotly(view) {
    if (page) return page.plotly(view.figure);
    if (window.Plotly) return window.Plotly;
    const file = "plotly-2.28.0.min.js";
    const places = [...beside(file), `https://cdn.plot.ly/${file}`];
    return (window.notebookPlotly ??= places.reduce((loading, url) => loading.catch(() => load(url)), Promise.reject()));
  }

  // What a figure looks like wherever it is shown.
  const style = `
.notebook-view { position: relative; font: 14px/1.4 system-ui, sans-serif; }
.notebook-view img { display: block; width: 100%; height: auto; }
.notebook-plot .draglayer, .notebook-plot .nsewdrag { touch-action: pan-x pan-y pinch-zoom; }
.notebook-plot:focus-visible { outline: 2px solid currentColor; }
.notebook-tools { position: absolute; top: 0; right: 0; }
.notebook-tools button { opacity: 0; }
.notebook-view:hover button, .notebook-view:focus-within button, .notebook-tools [aria-pressed=true] { opacity: 1; }
@media (hover: none) { .notebook-tools button { opacity: .75; } }
.notebook-view button { min-height: 32px; padding: 2px 12px; border: 1px solid; border-radius: 6px; background: none; color: inherit; font: inherit; cursor: pointer; }
.notebook-view [aria-pressed=true] { border-width: 2px; font-weight: 600; }
.notebook-controls { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; padding: 4px; }
.notebook-controls label { display: inline-flex; flex: 1 1 12em; gap: 10px; align-items: center; min-height: 32px; }
.notebook-controls input[type=range] { flex: 1; min-width: 6em; height: 24px; margin: 0; accent-color: currentColor; }
.notebook-controls output { min-width: 5em; font-variant-numeric: tabular-nums; }
.notebook-controls button { min-width: 5.5em; }
.notebook-controls fieldset { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: center; margin: 0; padding: 0; border: 0; }
.notebook-controls legend { float: left; width: auto; margin: 0 6px 0 0; padding: 0; border: 0; color: inherit; font: inherit; }
.notebook-controls fieldset label { flex: none; gap: 6px; }
.notebook-reading { flex: 1 0 100%; margin: 0; }`;

  function mount(slot, copy) {
    const figure = JSON.parse(slot.nextElementSibling.textContent);
    const view = (views[`${id} ${copy}`] ??= View());
    const isFirst = view.slot !== slot;
    Object.assign(view, { slot, figure, height: Number(slot.dataset.height) || 450 });
    if (isFirst) {
      for (const words of ["aria-label", "aria-describedby"]) {
        if (slot.hasAttribute(words)) view.plot.setAttribute(words, slot.getAttribute(words));
        slot.removeAttribute(words);
      }
      slot.removeAttribute("role");
      // The still picture stays until the chart is drawn.
      if (!view.graph) view.plot.replaceChildren(...slot.childNodes);
      slot.replaceChildren(view.root);
    }
    if (figure.control) control(view);
    return view;
  }
  if (id) {
    if (!document.getElementById("notebook-figure-style"))
      document.head.append(Object.assign(element("style", "", { id: "notebook-figure-style" }), { textContent: style }));
    const slots = [...document.querySelectorAll(`.notebook-figure[id="${id}"]`)].map(mount);
    if (!page)
      for (const view of slots) {
        view.draw = view.render = () => render(view);
        view.draw();
        // The kernel computes what a reader moves.
        for (const src of view.figure.live ? beside("live.js") : [])
          (window.notebookLive ??= new Promise((loaded) => document.head.append(Object.assign(element("script"), { src, onload: loaded })))).then(
            () => view.moving ?? moveFigure(view),
          );
      }
    else page.shown(slots, render, (view) => composed(view.figure, frameNow(view)));
  }
  return { fit, composed, themed };
})
