"use strict";
// Figures that a reader moves. What can be moved is in a figure's data; the library computes each state, in a worker of the page
// (engine.js) or in the kernel of a notebook (Jupyter/figures.js), and this script draws it over the figure that plotly.js drew, whose axes, names and colours it takes.
// Nothing is loaded before a reader asks for it, and the stored states stay where it cannot be.
{
const Announced = 1000; // between two texts for a screen reader, in milliseconds
const still = matchMedia("(prefers-reduced-motion: reduce)");

// The style of what stands here alone; where a page has its own buttons, those of a point come first.
const style = new CSSStyleSheet();
style.replaceSync(`
.notebook-view [hidden] { display: none; }
.live-bar { align-items: center; display: flex; flex-wrap: wrap; gap: 6px 12px; min-height: 40px; padding: 4px; }
.live-state { color: var(--quiet, inherit); font-variant-numeric: tabular-nums; }
.live-heard { clip-path: inset(50%); height: 1px; margin: 0; overflow: hidden; position: absolute; width: 1px; }
.live-picture, .live-handles { left: 0; pointer-events: none; position: absolute; top: 0; }
.is-moved .cartesianlayer .plot { visibility: hidden; }
:root .notebook-view button.live-handle.live-handle {
  background: none; border: 2px solid var(--accent, #0072b2); border-radius: 50%; cursor: grab; height: 24px;
  margin: -12px 0 0 -12px; min-height: 0; min-width: 0; opacity: 0.85; padding: 0; pointer-events: auto; position: absolute;
  touch-action: none; width: 24px;
}
.live-field { cursor: crosshair; position: absolute; }
.live-field:focus-visible, :root .notebook-view .live-handle:focus-visible { outline: 3px solid currentColor; }
@media print { .live-bar { display: none; } }
`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, style];

function element(kind, properties = {}, ...children) {
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children);
  return made;
}
const button = (text, press) => element("button", { type: "button", textContent: text, onclick: press });
const inMegabytes = (bytes) => (bytes / 1_000_000).toFixed(1).replace(/\.0$/, "");
// What a stored trace lacks is null or the text NaN.
const isNumber = (value) => value !== null && Number.isFinite(Number(value));
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// What is asked and not yet answered, and all figures that are moved.
let asked = new Map();
let count = 0;
const moved = new Set();
function start() {
  const { figureEngine } = window;
  if (!figureEngine.isUsed) {
    figureEngine.isUsed = true;
    figureEngine.use({
      told: {
        progress: ({ loaded, total }) => moved.forEach((figure) => figure.starts(`Starting: ${inMegabytes(loaded)} of ${inMegabytes(total)} MB`)),
        waits: (words) => moved.forEach((figure) => figure.starts(words)),
        ready: () => moved.forEach((figure) => figure.ready()),
        figure({ id, state, message }) {
          const waits = asked.get(id);
          asked.delete(id);
          if (state) waits?.resolve(state);
          else waits?.reject(new Error(message));
        },
      },
      ended(words) {
        const left = [...asked.values()];
        asked = new Map();
        for (const { reject } of left) reject(new Error(words));
        moved.forEach((figure) => figure.failed(words));
      },
    });
  }
  figureEngine.start({ figures: true });
}
function ask(name, values) {
  start();
  return new Promise((resolve, reject) => {
    asked.set(++count, { resolve, reject });
    window.figureEngine.post({ type: "figure", id: count, name, asked: values });
  });
}

// Drawing: what plotly.js has drawn says where the axes lie; a canvas over it shows the traces.
function decoded(values) {
  if (!values?.bdata) return values ?? [];
  const flat = Uint8Array.from(atob(values.bdata), (c) => c.charCodeAt(0));
  const columns = Number(values.shape.split(",")[1]);
  return Array.from({ length: flat.length / columns }, (_, row) => flat.subarray(row * columns, (row + 1) * columns));
}
const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgb(colour) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return probe.getImageData(0, 0, 1, 1).data;
}
/** 256 colours from one end of a scale to the other. */
function shades(scale) {
  const ends = scale.map(([at, colour]) => [at, rgb(colour)]);
  return Array.from({ length: 256 }, (_, i) => {
    const at = i / 255;
    const high = Math.max(1, ends.findIndex(([end]) => end >= at));
    const [[from, one], [to, other]] = [ends[high - 1], ends[high]];
    const part = (at - from) / (to - from || 1);
    return [0, 1, 2].map((k) => Math.round(one[k] + (other[k] - one[k]) * part));
  });
}

function Picture(view) {
  const canvas = element("canvas", { className: "live-picture" });
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  const map = document.createElement("canvas");
  let frame = {};
  let prepared;
  let isAsked = false;

  function prepare() {
    const { _fullLayout: full, _fullData: traces } = view.graph;
    const scale = devicePixelRatio;
    const [width, height] = [full.width, full.height];
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale))
      Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    context.setTransform(scale, 0, 0, scale, 0, 0);
    prepared = {
      size: [width, height],
      traces: view.graph.data.map((given, t) => ({ given, full: traces[t], shades: given.type === "heatmap" && shades(traces[t].colorscale) })),
      paper: getComputedStyle(document.documentElement).getPropertyValue("--paper"),
    };
  }
  function axes(name = "x", other = "y") {
    const { _fullLayout: full } = view.graph;
    const [x, y] = [full[`xaxis${name.slice(1)}`], full[`yaxis${other.slice(1)}`]];
    const [[left, right], [low, high]] = [x.range, y.range];
    return {
      box: [x._offset, y._offset, x._length, y._length],
      x: (value) => x._offset + ((value - left) / (right - left)) * x._length,
      y: (value) => y._offset + (1 - (value - low) / (high - low)) * y._length,
      place: (px, py) => [left + ((px - x._offset) / x._length) * (right - left), low + (1 - (py - y._offset) / y._length) * (high - low)],
      ends: [[left, right], [low, high]],
    };
  }
  function heatmap(trace, shades, { x, y }) {
    const z = decoded(trace.z);
    if (!z.length) return;
    const [rows, columns] = [z.length, z[0].length];
    if (map.width !== columns || map.height !== rows) Object.assign(map, { width: columns, height: rows });
    const brush = map.getContext("2d");
    const pixels = brush.createImageData(columns, rows);
    const [low, high] = [trace.zmin, trace.zmax];
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const value = z[i][j];
        if (value === null || Number.isNaN(value)) continue;
        const p = 4 * ((rows - 1 - i) * columns + j);
        const colour = shades[Math.round(255 * clamp((value - low) / (high - low), 0, 1))];
        pixels.data[p] = colour[0];
        pixels.data[p + 1] = colour[1];
        pixels.data[p + 2] = colour[2];
        pixels.data[p + 3] = 255;
      }
    brush.putImageData(pixels, 0, 0);
    const half = (places) => (places[1] - places[0]) / 2;
    const [xs, ys] = [decoded(trace.x), decoded(trace.y)];
    const [left, right] = [x(xs[0] - half(xs)), x(xs.at(-1) + half(xs))];
    const [bottom, top] = [y(ys[0] - half(ys)), y(ys.at(-1) + half(ys))];
    context.imageSmoothingEnabled = trace.zsmooth === "best";
    context.imageSmoothingQuality = "high";
    context.drawImage(map, left, top, right - left, bottom - top);
  }
  function scatter(trace, full, { x, y }) {
    const [xs, ys] = [decoded(trace.x), decoded(trace.y)];
    if (full.mode.includes("lines")) {
      context.beginPath();
      let isOn = false;
      for (let i = 0; i < xs.length; i++) {
        if (!isNumber(xs[i]) || !isNumber(ys[i])) isOn = false;
        else {
          context[isOn ? "lineTo" : "moveTo"](x(xs[i]), y(ys[i]));
          isOn = true;
        }
      }
      context.strokeStyle = full.line.color;
      context.lineWidth = full.line.width;
      context.stroke();
    }
    if (!full.mode.includes("markers")) return;
    const { size, color, symbol } = full.marker;
    const half = size / 2;
    context.fillStyle = color;
    context.beginPath();
    for (let i = 0; i < xs.length; i++) {
      if (!isNumber(xs[i]) || !isNumber(ys[i])) continue;
      const [px, py] = [x(xs[i]), y(ys[i])];
      if (symbol === "diamond") {
        const far = half * 1.3;
        context.moveTo(px, py - far);
        context.lineTo(px + far, py);
        context.lineTo(px, py + far);
        context.lineTo(px - far, py);
      } else {
        context.moveTo(px + half, py);
        context.arc(px, py, half, 0, 2 * Math.PI);
      }
    }
    context.fill();
  }
  const picture = {
    canvas,
    axes,
    frames: 0,
    /** Draws with the next picture of the screen. */
    show(changes) {
      if (changes) frame = Object.fromEntries(changes.traces.map((t, k) => [t, changes.data[k]]));
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(picture.draw);
    },
    /** Called where plotly.js has drawn anew. */
    forget() {
      prepared = undefined;
      picture.show();
    },
    draw() {
      isAsked = false;
      if (!view.graph?._fullLayout) return;
      if (!prepared) prepare();
      picture.frames++;
      context.clearRect(0, 0, ...prepared.size);
      prepared.traces.forEach(({ given, full, shades }, t) => {
        const trace = frame[t] ? { ...given, ...frame[t] } : given;
        const at = axes(given.xaxis, given.yaxis);
        context.save();
        context.beginPath();
        context.rect(...at.box);
        context.clip();
        if (given.type === "heatmap") heatmap(trace, shades, at);
        else scatter(trace, full, at);
        context.restore();
      });
      picture.over?.(context, axes);
    },
  };
  return picture;
}

// What is read: at once by the eye, at most once a second by a screen reader.
function Reading() {
  const seen = element("p", { className: "notebook-reading" });
  const heard = element("p", { className: "live-heard" });
  heard.setAttribute("role", "status");
  heard.setAttribute("aria-live", "polite");
  let timer;
  return {
    parts: [seen, heard],
    show(text) {
      seen.textContent = text;
      timer ??= setTimeout(() => {
        timer = undefined;
        heard.textContent = seen.textContent;
      }, Announced);
    },
  };
}

/** A slider without steps that show; keys move it by its own step. */
function slider({ quantity, from, to, step, value, isPower }, change) {
  const input = element("input", { type: "range", min: from, max: to, step, value });
  const output = element("output");
  output.setAttribute("aria-live", "off");
  const control = {
    value,
    label: element("label", {}, element("span", { textContent: quantity }), input, output),
    get number() {
      if (!isPower) return control.value;
      return control.value === from ? 0 : 10 ** control.value;
    },
    set(number) {
      control.value = Number(number);
      input.value = control.value;
      output.textContent = isPower ? control.number.toPrecision(2).replace(/\.?0+(?=e|$)/, "") : String(Math.round(control.value * 1000) / 1000);
      input.setAttribute("aria-valuetext", `${quantity} ${output.textContent}`);
    },
  };
  input.oninput = () => {
    control.set(input.value);
    change();
  };
  control.set(value);
  return control;
}
function choice({ quantity, values, active }, change) {
  const group = element("fieldset", {}, element("legend", { textContent: quantity }));
  const name = `live ${Math.random()}`;
  const control = { group, quantity, value: values[active] };
  values.forEach((value, i) => {
    const input = element("input", { type: "radio", name, checked: i === active });
    input.onchange = () => {
      control.value = value;
      change();
    };
    group.append(element("label", {}, input, value));
  });
  return control;
}

/** Gives a figure the button that computes it here; of data that this script does not know, the stored states are all there is. */
window.moveFigure = (view) => {
  try {
    give(view);
  } catch (error) {
    console.info(`A figure cannot be moved: ${error.message}`);
  }
};
function give(view) {
  const { live } = view.figure;
  const begin = button("Compute it live", () => (figure.isOn ? figure.rest() : figure.begin()));
  const state = element("span", { className: "live-state" });
  const bar = element("div", { className: "live-bar" }, begin, state);
  const panel = element("div", { className: "notebook-controls live-controls", hidden: true });
  panel.onkeydown = (event) => event.stopPropagation();

  const picture = Picture(view);
  const reading = Reading();
  const values = {};
  const number = (value) => (/^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value);
  const sliders = live.sliders.map((one) => [one.name, slider(one, () => changed(one.name))]);
  const choices = live.choices.map((one) => [one.name, choice(one, () => changed(one.name))]);
  panel.append(...sliders.map(([, { label }]) => label), ...choices.map(([, { group }]) => group));

  const play = live.play && Play();
  const handles = live.handles && Handles();
  const cells = live.cells && Cells();
  panel.append(...reading.parts);

  function request() {
    const all = { ...live.given, ...values };
    for (const [name, control] of sliders) all[name] = control.value;
    for (const [name, control] of choices) all[name] = number(control.value);
    return all;
  }
  /** A reader moved something. */
  function changed(name) {
    if (cells) return cells.chose();
    if (handles && name === "nudge") handles.free();
    play?.restart();
    next();
  }

  // One question at a time: what changes meanwhile is asked next.
  let isAsking = false;
  let isStale = false;
  async function next() {
    isStale = true;
    if (isAsking || !figure.isOn) return;
    isAsking = true;
    try {
      while (isStale && figure.isOn) {
        isStale = false;
        const since = performance.now();
        const answer = await ask(live.name, request());
        if (!figure.isOn) break;
        figure.said("live");
        play?.shown();
        if (play?.went()) isStale = true;
        picture.show(answer.frame);
        reading.show(answer.reading);
        handles?.show(answer.handles);
        figure.answers++;
        // Not more often than a screen shows it.
        if (isStale && performance.now() - since < 16) await new Promise(requestAnimationFrame);
      }
    } catch (error) {
      figure.failed(error.message);
    } finally {
      isAsking = false;
    }
  }

  /** A quantity that goes on by itself: the steps of a training. */
  function Play() {
    const { name, quantity, to, by } = live.play;
    let isPlaying = false;
    values[name] = 0;
    const steps = slider({ quantity, from: 0, to, step: by, value: 0 }, () => {
      set(false);
      values[name] = steps.value;
      next();
    });
    const toggle = button("Play", () => {
      if (!isPlaying && values[name] >= to) go(0);
      set(!isPlaying);
      next();
    });
    const set = (plays) => {
      isPlaying = plays;
      toggle.textContent = plays ? "Pause" : "Play";
    };
    const go = (at) => (values[name] = at);
    panel.append(toggle, steps.label);
    return {
      restart() {
        go(0);
        set(!still.matches);
      },
      pause: () => set(false),
      shown: () => steps.set(values[name]),
      /** After each answer: whether there is more to ask. */
      went() {
        if (!isPlaying) return false;
        if (values[name] >= to) return set(false), false;
        go(Math.min(to, values[name] + by));
        return true;
      },
    };
  }

  /** Points that are dragged, or moved by the arrow keys. */
  function Handles() {
    const { name, axes, point, at } = live.handles;
    let places = at;
    const layer = element("div", { className: "live-handles" });
    const axis = () => picture.axes(`x${axes}`, `y${axes}`);
    const grips = at.map((_, i) => {
      const grip = element("button", { type: "button", className: "live-handle" });
      grip.onpointerdown = (event) => {
        event.preventDefault();
        grip.focus({ preventScroll: true });
        grip.setPointerCapture(event.pointerId);
        grip.onpointermove = ({ clientX, clientY }) => {
          const box = picture.canvas.getBoundingClientRect();
          move(i, axis().place(clientX - box.left, clientY - box.top));
        };
      };
      grip.onpointerup = grip.onpointercancel = () => (grip.onpointermove = null);
      grip.onkeydown = (event) => {
        const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        if (!by) return;
        event.preventDefault();
        event.stopPropagation();
        const step = event.shiftKey ? 0.01 : 0.1;
        move(i, places[i].map((value, k) => value + step * by[k]));
      };
      layer.append(grip);
      return grip;
    });
    function move(i, to) {
      const { ends } = axis();
      places = places.map((place, k) => (k === i ? to.map((value, d) => Math.round(1000 * clamp(value, ...ends[d])) / 1000) : place));
      values[name] = places;
      set();
      play?.restart();
      next();
    }
    function set() {
      if (!view.graph?._fullLayout) return;
      const { x, y } = axis();
      grips.forEach((grip, i) => {
        Object.assign(grip.style, { left: `${x(places[i][0])}px`, top: `${y(places[i][1])}px` });
        grip.setAttribute("aria-label", `${point} ${i + 1}: ${places[i].map((value) => value.toFixed(2)).join(", ")}`);
      });
    }
    return {
      layer,
      set,
      free: () => delete values[name],
      show(now) {
        if (!values[name]) places = now;
        set();
      },
    };
  }

  /** The cells of a map: a cross hair, and what is computed where a reader presses. */
  function Cells() {
    const { column, row, parts } = live.cells;
    const { x: columns, y: rows } = view.figure.data[0];
    const [across, up] = [decoded(columns), decoded(rows)];
    let at = [Math.floor(across.length / 2), Math.floor(up.length / 4)];
    let painted = empty();
    let queue = [];
    let isPainting = false;
    const words = ([i, j]) => `${column} ${across[i]}, ${row} ${up[j]}`;
    const field = element("div", { className: "live-field", tabIndex: 0 });
    field.setAttribute("role", "application");
    const stop = button("Stop", () => {
      queue = [];
      stop.disabled = true;
      left.textContent = isPainting ? "stops after this one" : "";
    });
    const train = button("Train here", () => press());
    const left = element("span");
    stop.disabled = true;
    panel.append(train, stop, left);
    function empty() {
      return up.map(() => across.map(() => null));
    }
    function show() {
      picture.show({ traces: [0], data: [{ z: painted }] });
    }
    function aim(to) {
      at = [clamp(to[0], 0, across.length - 1), clamp(to[1], 0, up.length - 1)];
      const value = painted[at[1]][at[0]];
      field.setAttribute("aria-label", `Cross hair at ${words(at)}. Arrow keys move it, Enter trains here.`);
      reading.show(`${words(at)}: ${value === null ? "not trained yet" : value}. Enter or a press trains it and the cells around it.`);
      picture.show();
    }
    const nearest = (places, value) => places.reduce((best, place, i) => (Math.abs(place - value) < Math.abs(places[best] - value) ? i : best), 0);
    function under({ clientX, clientY }) {
      const box = picture.canvas.getBoundingClientRect();
      const [x, y] = picture.axes().place(clientX - box.left, clientY - box.top);
      return [nearest(across, x), nearest(up, y)];
    }
    field.onpointermove = (event) => aim(under(event));
    field.onclick = (event) => {
      aim(under(event));
      press();
    };
    field.onkeydown = (event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (event.key === "Enter" || event.key === " ") press();
      else if (event.key === "Escape") stop.click();
      else if (by) aim(at.map((place, k) => place + by[k]));
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    function press() {
      const around = [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [1, -1], [-1, 1], [1, 1]];
      const wanted = around
        .map(([i, j]) => [at[0] + i, at[1] + j])
        .filter(([i, j]) => across[i] !== undefined && up[j] !== undefined && painted[j][i] === null);
      queue = [...wanted, ...queue.filter((cell) => !wanted.some(([i, j]) => cell[0] === i && cell[1] === j))];
      paint();
    }
    async function paint() {
      if (isPainting || !queue.length) return;
      isPainting = true;
      const map = painted;
      try {
        while (queue.length && figure.isOn && map === painted) {
          const cell = queue.shift();
          const [i, j] = cell;
          stop.disabled = false;
          left.textContent = `training ${words(cell)}${queue.length ? `, ${queue.length} to go` : ""}`;
          let answer;
          for (let part = 0; part < parts && (part === 0 || !stop.disabled); part++) {
            answer = await ask(live.name, { ...request(), [column]: across[i], [row]: up[j], part });
            figure.said("live");
            figure.answers++;
          }
          // One that was stopped between its trainings is not what the others are.
          if (stop.disabled || map !== painted) continue;
          painted[j][i] = answer.value;
          reading.show(answer.reading);
          show();
        }
      } catch (error) {
        figure.failed(error.message);
      } finally {
        isPainting = false;
        stop.disabled = true;
        left.textContent = "";
      }
      if (queue.length && figure.isOn) paint();
    }
    picture.over = (context, axes) => {
      const { x, y, box } = axes();
      const [px, py] = [x(across[at[0]]), y(up[at[1]])];
      context.strokeStyle = getComputedStyle(view.root).color;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(box[0], py);
      context.lineTo(box[0] + box[2], py);
      context.moveTo(px, box[1]);
      context.lineTo(px, box[1] + box[3]);
      context.stroke();
      Object.assign(field.style, { left: `${box[0]}px`, top: `${box[1]}px`, width: `${box[2]}px`, height: `${box[3]}px` });
    };
    /** The stored state of the same choice, with its title, lies under what is painted. */
    function like() {
      const { control } = view.figure;
      for (const { quantity, values } of live.choices) {
        const chosen = choices.find(([, { quantity: own }]) => own === quantity)[1].value;
        if (control?.quantity !== quantity || !values.includes(chosen)) continue;
        view.at = control.values.indexOf(chosen);
        view.moved();
        view.render();
      }
    }
    return {
      field,
      begin() {
        like();
        show();
        aim(at);
      },
      chose() {
        like();
        painted = empty();
        queue = [];
        show();
        aim(at);
        if (figure.isOn) figure.said("live");
      },
    };
  }

  const figure = {
    isOn: false,
    answers: 0,
    picture,
    said: (words) => state.textContent !== words && (state.textContent = words),
    ready: () => figure.said("live"),
    starts: (words) => !figure.answers && figure.isOn && figure.said(words),
    async begin() {
      if (figure.isOn) return;
      figure.isOn = true;
      figure.answers = 0;
      moved.add(figure);
      figure.said("Starting");
      begin.textContent = "Show the stored states";
      view.draw();
      await drawn();
      if (!figure.isOn) return;
      view.graph.on("plotly_afterplot", () => {
        picture.forget();
        handles?.set();
      });
      view.root.append(picture.canvas, ...(handles ? [handles.layer] : []), ...(cells ? [cells.field] : []));
      if (cells) {
        on();
        cells.begin();
        start();
        if (window.figureEngine.isReady) figure.ready();
      } else {
        play?.restart();
        await first();
      }
    },
    rest(words = "") {
      figure.isOn = false;
      moved.delete(figure);
      play?.pause();
      view.root.classList.remove("is-moved");
      panel.hidden = true;
      view.controls.hidden = false;
      picture.canvas.remove();
      handles?.layer.remove();
      cells?.field.remove();
      begin.textContent = "Compute it live";
      figure.said(words);
    },
    failed(message) {
      if (figure.isOn) figure.rest(`${message.replace(/Run tries again\.$/, "").trim()} The stored states stay.`);
    },
  };
  /** The live controls in the place of the stored ones. */
  function on() {
    const hadFocus = view.controls.contains(document.activeElement);
    view.controls.hidden = true;
    panel.hidden = false;
    view.root.classList.add("is-moved");
    if (hadFocus) panel.querySelector("input, button")?.focus({ preventScroll: true });
  }
  async function first() {
    const going = next();
    while (figure.isOn && !figure.answers && isAsking) await new Promise((resolve) => setTimeout(resolve, 20));
    if (figure.isOn && figure.answers) on();
    await going;
  }
  async function drawn() {
    const end = performance.now() + 60_000;
    while (!view.graph?._fullLayout?.xaxis?._length && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  view.root.append(panel, bar);
  view.moving = figure;
}
addEventListener("beforeprint", () => moved.forEach((figure) => figure.rest()));
}
