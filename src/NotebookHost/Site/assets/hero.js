"use strict";
// The figure of the first page: a map whose states follow a slider. It moves by itself, gently, until a reader takes over. One
// that the page can compute becomes, when the reader asks for that, the figure that a notebook's page shows.
{
const data = document.querySelector(".hero script[data-figure]");
const figure = data && JSON.parse(data.textContent);
if (figure?.control && figure.data[0]?.type === "heatmap") {
  const { quantity, values, active, choices = [], readings } = figure.control;
  const Round = 24_000; // from end to end and back, in milliseconds
  const map = figure.data[0];
  // Of what can be chosen beside the slider it shows what is chosen at first.
  const first = choices.reduceRight((state, choice) => state * choice.values.length + choice.active, 0) * values.length;
  const isDrawn = ({ type, xaxis }) => type === "scatter" && !xaxis;
  const points = figure.data.filter((trace) => isDrawn(trace) && trace.mode === "markers");
  const line = figure.data.findIndex((trace) => isDrawn(trace) && trace.mode === "lines");
  const states = figure.frames.slice(first, first + values.length).map((frame, i) => ({
    line: frame.data[frame.traces.indexOf(line)] ?? figure.data[line],
    z: table(frame.data[frame.traces.indexOf(0)]?.z ?? map.z),
    finding: readings?.[first + i] ?? frame.layout?.title?.text ?? figure.layout.title?.text ?? "",
  }));
  function table(values) {
    if (!values.bdata) return values;
    const flat = Uint8Array.from(atob(values.bdata), (c) => c.charCodeAt(0));
    const columns = Number(values.shape.split(",")[1]);
    return Array.from({ length: flat.length / columns }, (_, row) => flat.subarray(row * columns, (row + 1) * columns));
  }
  const [rows, columns] = [states[0].z.length, states[0].z[0].length];
  const slot = document.querySelector(".hero .notebook-figure");
  const element = (kind, properties, ...children) => {
    const made = Object.assign(document.createElement(kind), properties);
    made.append(...children);
    return made;
  };
  // A plane whose axes are alike is a square, with its points and lines over the map.
  const range = (name) => figure.layout[name]?.range;
  const isPlane = JSON.stringify(range("xaxis")) === JSON.stringify(range("yaxis")) && Boolean(range("xaxis"));
  const Side = 720;
  const canvas = element("canvas", { width: isPlane ? Side : columns, height: isPlane ? Side : rows, role: "img" });
  const small = element("canvas", { width: columns, height: rows });
  canvas.setAttribute("aria-label", slot.getAttribute("aria-label") ?? "");
  const context = canvas.getContext("2d");
  const finding = element("p", { className: "finding" });
  const input = element("input", { type: "range", min: 0, max: values.length - 1, step: "any", value: active });
  const output = element("output", { ariaLive: "off" });
  const play = element("button", { type: "button" });
  if (isPlane) canvas.className = "square";
  const axis = (name) => figure.layout[name]?.title?.text ?? "";
  const places = map.x ?? [1, columns];

  let colours;
  function readColours() {
    const style = getComputedStyle(document.documentElement);
    const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    colours = ["--paper", "--accent", "--text"].map((name) => {
      probe.fillStyle = style.getPropertyValue(name).trim();
      probe.fillRect(0, 0, 1, 1);
      return probe.getImageData(0, 0, 1, 1).data;
    });
  }
  function draw(at) {
    const low = Math.floor(at);
    const part = at - low;
    const [from, to] = [states[low], states[Math.min(low + 1, states.length - 1)]];
    const inner = small.getContext("2d");
    const pixels = inner.createImageData(columns, rows);
    for (let i = 0, p = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, p += 4) {
        const row = isPlane ? rows - 1 - i : i;
        const value = (1 - part) * (from.z[row][j] ?? 0) + part * (to.z[row][j] ?? 0);
        const share = Math.min(1, Math.max(0, (value - map.zmin) / (map.zmax - map.zmin)));
        for (let k = 0; k < 3; k++) pixels.data[p + k] = colours[0][k] + (colours[1][k] - colours[0][k]) * share;
        pixels.data[p + 3] = 255;
      }
    inner.putImageData(pixels, 0, 0);
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    const nearest = Math.round(at);
    if (isPlane) over(states[nearest].line);
    if (finding.textContent !== states[nearest].finding) finding.textContent = states[nearest].finding;
    output.textContent = values[nearest];
    input.setAttribute("aria-valuetext", `${values[nearest]}: ${states[nearest].finding}`);
    input.value = at;
  }

  /** The lines, then the points: dark ones where the map is light, light ones where it is dark. */
  function over(lines) {
    const [low, high] = range("xaxis");
    const x = (value) => ((value - low) / (high - low)) * Side;
    const y = (value) => Side - x(value);
    context.strokeStyle = context.fillStyle = `rgb(${[...colours[2]].slice(0, 3).join(" ")})`;
    context.lineWidth = 3;
    context.beginPath();
    let isDown = false;
    for (const [i, place] of (lines?.x ?? []).entries()) {
      if (place === null) isDown = false;
      else {
        context[isDown ? "lineTo" : "moveTo"](x(place), y(lines.y[i]));
        isDown = true;
      }
    }
    context.stroke();
    for (const [k, trace] of points.entries())
      for (const [i, place] of trace.x.entries()) {
        context.beginPath();
        context.arc(x(place), y(trace.y[i]), 6.5, 0, 7);
        context.fillStyle = k === 0 ? context.strokeStyle : `rgb(${[...colours[0]].slice(0, 3).join(" ")})`;
        context.fill();
        context.stroke();
      }
  }

  // A wave between the ends that starts where the figure stands.
  const last = values.length - 1;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let isMoving = false;
  let phase = Math.acos(1 - (2 * active) / last);
  let before = 0;
  let isSeen = true;
  function step(now) {
    if (!isMoving) return;
    phase += ((before ? Math.min(now - before, 100) : 0) / Round) * 2 * Math.PI;
    before = now;
    if (isSeen) draw((last * (1 - Math.cos(phase))) / 2);
    requestAnimationFrame(step);
  }
  function move(moves) {
    isMoving = moves;
    play.textContent = moves ? "Pause" : "Play";
    before = 0;
    if (moves) {
      phase = Math.acos(1 - (2 * Number(input.value)) / last);
      requestAnimationFrame(step);
    }
  }
  play.onclick = () => move(!isMoving);
  input.oninput = () => {
    const at = Number(input.value);
    move(false);
    draw(at);
  };
  input.onchange = () => draw(Math.round(Number(input.value)));
  input.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    move(false);
    draw(Math.min(last, Math.max(0, Math.round(Number(input.value)) + by)));
  };
  new IntersectionObserver(([{ isIntersecting }]) => (isSeen = isIntersecting)).observe(canvas);
  addEventListener("themed", () => {
    readColours();
    draw(Number(input.value));
  });

  // The figure itself, with all that draws it, in the place of the map.
  const hero = document.querySelector(".hero");
  const begin = element("button", { type: "button", textContent: "Compute it live" });
  const words = element("span", { ariaLive: "polite" });
  const whole = slot.cloneNode(true);
  async function live() {
    move(false);
    words.textContent = "Starting";
    try {
      for (const script of ["engine", "live", "figure"]) await load(`assets/${script}.js`);
      slot.replaceWith(whole);
      await load("assets/figures.js");
    } catch {
      whole.replaceWith(slot);
      words.textContent = "What computes it is not there, or there is no network.";
      return;
    }
    hero.className = "hero-figure";
    const view = await mounted();
    await view.moving.begin();
    view.root.querySelector(".live-controls input")?.focus({ preventScroll: true });
  }
  function load(url) {
    return new Promise((resolve, reject) => {
      const script = element("script", { src: url, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  }
  async function mounted() {
    for (;;) {
      const view = window.notebookFigures?.[`${whole.id} 0`];
      if (view?.moving) return view;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  begin.onclick = live;

  readColours();
  slot.removeAttribute("role");
  slot.removeAttribute("aria-label");
  slot.removeAttribute("style");
  slot.replaceChildren(
    canvas,
    element("div", { className: "ends" }, element("span", { textContent: `${axis("xaxis")} ${places[0]}` }), element("span", { textContent: `${axis("xaxis")} ${places.at(-1)}` })),
    finding,
    element("div", { className: "control" }, play, element("label", {}, quantity, input), output),
    ...(figure.live && "runs" in hero.dataset ? [element("div", { className: "control" }, begin, words)] : []),
  );
  draw(active);
  move(!still);
}
}
