"use strict";
// Predictions: a reader answers, or asks for the result, before it is uncovered. Answers stay in this browser.
{
const name = location.pathname.split("/").at(-1);
const store = {
  get: (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set: (key, value) => {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Storage can be closed to pages opened from a file; an answer then lasts as long as the page.
    }
  },
};
const make = (kind, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children);
  return made;
};
const button = (textContent, onclick, className = "") => make("button", { type: "button", textContent, onclick, className });

const asked = [...document.querySelectorAll("p.predict[id]")].map((paragraph) => {
  const next = paragraph.nextElementSibling;
  const sketch = next.matches("p.sketch") ? next : null;
  const box = next.matches(".answer") ? next : next.nextElementSibling;
  const covered = document.querySelectorAll(`[data-answers="${paragraph.id}"]`);
  return { sketch, box, covered, key: `predict ${name} ${paragraph.id} ${paragraph.textContent.length}` };
});

const showsAll = () => store.get("predictions") === "show";
function ask(one) {
  const { box, sketch } = one;
  const form = [...box.childNodes];
  const inputs = box.querySelector(".inputs");
  const [commit, skip] = box.querySelectorAll(".commit-row button");
  const input = inputs.querySelector("input[type=text]");
  let drawn;

  function read() {
    if (sketch) return drawn.values();
    return input ? `${input.value.trim()} ${inputs.querySelector(".unit").textContent}`.trim() : inputs.querySelector(":checked").value;
  }
  const done = (value) => {
    one.value = value;
    store.set(one.key, value);
    uncover(one);
    said();
    box.querySelector(".said").focus();
  };
  one.done = done;
  function said() {
    const text = one.value === null ? "" : sketch ? "Your sketch:" : `You said: ${one.value}. Compare it with the result below.`;
    const again = button("Answer again", () => {
      store.set(one.key, null);
      open();
      inputs.querySelector("input").focus();
    });
    box.replaceChildren(make("p", { className: "said", tabIndex: -1 }, text, " ", again));
    if (sketch && one.value) box.append(pad(sketch, one.value).root);
  }
  function open() {
    commit.disabled = true;
    if (sketch) {
      drawn = pad(sketch, null, () => (commit.disabled = false));
      inputs.replaceChildren(drawn.root);
    }
    if (input) input.value = "";
    for (const radio of inputs.querySelectorAll("[type=radio]")) radio.checked = false;
    box.replaceChildren(...form);
  }
  inputs.addEventListener("change", ({ target }) => target.type === "radio" && (commit.disabled = false));
  input?.addEventListener("input", () => (commit.disabled = !input.value.trim()));
  input?.addEventListener("keydown", ({ key }) => key === "Enter" && commit.click());
  commit.addEventListener("click", () => done(read()));
  skip.addEventListener("click", () => done(null));

  const answer = store.get(one.key);
  if (answer === null) open();
  else (one.value = answer), said();
  if (answer === null && !showsAll()) cover(one);
  else uncover(one);
}
function cover(one) {
  const [first] = one.covered;
  if (first && !one.note) {
    one.note = button("Covered until you predict. Show the result", () => one.done(null), "cover-note");
    first.before(one.note);
    first.parentElement.classList.add("holds-note");
  }
  for (const part of one.covered) {
    part.inert = true;
    part.classList.add("covered");
  }
}
function uncover(one) {
  one.note?.remove();
  delete one.note;
  for (const part of one.covered) {
    part.inert = false;
    part.classList.remove("covered");
  }
}

// A place to draw a line: by pointer, or by a slider for each of its points.
function pad(source, values, changed) {
  const Points = 7;
  const [x, y] = ["x", "y"].map((axis) => {
    const [title, low, high, scale] = source.dataset[axis].split("|");
    return { title, low: Number(low), high: Number(high), isLog: scale === "log" };
  });
  const at = ({ low, high, isLog }, part) => (isLog ? low * (high / low) ** part : low + (high - low) * part);
  const text = (value) => String(Number(value.toPrecision(2)));
  const [W, H] = [320, 160];
  const svg = (kind, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  };
  const board = svg("svg", { viewBox: `0 0 ${W} ${H}`, class: "pad", "aria-hidden": true });
  const line = svg("polyline", { fill: "none", stroke: "currentColor", "stroke-width": 2.5 });
  board.append(svg("rect", { width: W, height: H, fill: "none", stroke: "currentColor", "stroke-opacity": 0.4 }), line);
  const heights = values ? values.map((value) => Number(value)) : Array(Points).fill(0.5);
  const sliders = heights.map((height, i) =>
    make("input", {
      type: "range", min: 0, max: 1, step: 0.02, value: height,
      ariaLabel: `${y.title} at ${x.title} ${text(at(x, i / (Points - 1)))}`,
      oninput: ({ target }) => ((heights[i] = Number(target.value)), draw(), changed?.()),
    }),
  );
  function draw() {
    line.setAttribute("points", heights.map((height, i) => `${(i / (Points - 1)) * W},${(1 - height) * H}`).join(" "));
    sliders.forEach((slider, i) => {
      slider.value = heights[i];
      slider.ariaValueText = text(at(y, heights[i]));
    });
  }
  const set = (event) => {
    if (!changed || !event.buttons) return;
    const box = board.getBoundingClientRect();
    const i = Math.round(((event.clientX - box.left) / box.width) * (Points - 1));
    if (i < 0 || i >= Points) return;
    heights[i] = Number(Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height)).toFixed(2));
    draw();
    changed();
  };
  board.addEventListener("pointerdown", (event) => (board.setPointerCapture(event.pointerId), set(event)));
  board.addEventListener("pointermove", set);
  draw();
  const ends = (axis) => [text(axis.low), text(axis.high)];
  const root = make("div", { className: "sketchpad" },
    make("span", { className: "y-title", textContent: `${y.title} (${ends(y).join(" to ")}${y.isLog ? ", logarithmic" : ""})` }), board,
    make("span", { className: "x-title" }, make("span", { textContent: ends(x)[0] }), make("span", { textContent: x.title }), make("span", { textContent: ends(x)[1] })));
  if (changed) root.prepend(make("span", { textContent: "Draw in the box, or move a point with its slider." }));
  if (changed) root.append(make("div", { className: "points" }, ...sliders));
  return { root, values: () => [...heights] };
}

if (asked.length) {
  const toggle = document.querySelector(".predictions button");
  const note = document.querySelector(".predictions span");
  const covers = note.textContent;
  const say = () => {
    toggle.textContent = showsAll() ? "Cover the results until I predict them" : "Show all results";
    note.textContent = showsAll() ? "All results are shown." : covers;
  };
  toggle.addEventListener("click", () => {
    store.set("predictions", showsAll() ? null : "show");
    if (showsAll()) document.documentElement.dataset.results = "shown";
    else delete document.documentElement.dataset.results;
    for (const one of asked) if ((one.value ?? null) === null) showsAll() ? uncover(one) : cover(one);
    say();
  });
  say();
  asked.forEach(ask);
  // A link may lead to what is covered.
  const reach = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.closest("[data-answers]");
    if (part) asked.filter((one) => [...one.covered].includes(part)).forEach(uncover);
  };
  addEventListener("hashchange", reach);
  // Who runs a cell asks for what it shows.
  addEventListener("uncover", ({ target }) => {
    const parts = [target, ...target.querySelectorAll("[data-answers]")].map((part) => part.closest("[data-answers]"));
    for (const one of asked) if (one.value === undefined && parts.some((part) => [...one.covered].includes(part))) uncover(one);
  });
  reach();
}
}
