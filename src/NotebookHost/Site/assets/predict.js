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
  const kind = next?.matches("ul.choices") ? "choice" : next?.matches("p.sketch") ? "sketch" : paragraph.querySelector(".blank") ? "number" : "words";
  return { paragraph, next, kind, key: `predict ${name} ${paragraph.id} ${paragraph.textContent.length}` };
});

// What answers a prediction: the outputs and texts after it, up to the next heading or prediction.
function answers({ paragraph, box }) {
  const found = [];
  for (let part = box.nextElementSibling; part; part = part.nextElementSibling) {
    if (/^H[1-6]$/.test(part.tagName) || part.matches("p.predict")) return found;
    found.push(part);
  }
  for (let part = paragraph.closest("section")?.nextElementSibling; part; part = part.nextElementSibling) {
    if (part.matches("div.cell")) found.push(...part.querySelectorAll(":scope > .output, :scope > p.note"));
    else
      for (const child of part.children) {
        if (/^H[1-6]$/.test(child.tagName) || child.matches("p.predict")) return found;
        found.push(child);
      }
  }
  return found;
}

const showsAll = () => store.get("predictions") === "show";
let choices = 0;
function ask(one) {
  const { paragraph, next, kind } = one;
  const box = make("div", { className: "answer" });
  (next?.matches("ul.choices, p.sketch") ? next : paragraph).after(box);
  if (kind === "choice" || kind === "sketch") next.hidden = true;
  one.box = box;
  one.covered = answers(one);
  const answer = store.get(one.key);

  one.done = (value) => {
    one.value = value;
    store.set(one.key, value);
    uncover(one);
    said();
    box.querySelector(".said").focus();
  };
  function said() {
    const text = one.value === null ? "" : kind === "sketch" ? "Your sketch:" : `You said: ${one.value}. Compare it with the result below.`;
    const status = make("p", { className: "said", tabIndex: -1 }, text, " ", button("Answer again", () => (store.set(one.key, null), form(), box.querySelector("input, button")?.focus())));
    box.replaceChildren(status);
    if (kind === "sketch" && one.value) box.append(pad(next, one.value).root);
  }
  function form() {
    const commit = button("Show the result", () => one.done(one.read()), "commit");
    const skip = button("Show it without an answer", () => one.done(null), "quiet");
    commit.disabled = true;
    const ready = () => (commit.disabled = false);
    const inputs = make("div", { className: "inputs" });
    if (kind === "choice") {
      const group = make("fieldset", {}, make("legend", { className: "unseen", textContent: paragraph.textContent }));
      const name = `choice-${choices++}`;
      for (const item of next.children) {
        const text = make("span");
        text.append(...[...item.cloneNode(true).childNodes]);
        group.append(make("label", {}, make("input", { type: "radio", name, value: item.textContent.trim(), onchange: ready }), text));
      }
      inputs.append(group);
      one.read = () => group.querySelector(":checked").value;
    } else if (kind === "sketch") {
      const drawn = pad(next, null, ready);
      inputs.append(drawn.root);
      one.read = () => drawn.values();
    } else {
      const unit = kind === "number" ? (paragraph.querySelector(".blank").nextSibling?.textContent ?? "").trim() : "";
      const input = make("input", { type: "text", autocomplete: "off", maxLength: 120, oninput: () => (commit.disabled = !input.value.trim()) });
      if (kind === "number") input.inputMode = "decimal";
      input.addEventListener("keydown", ({ key }) => key === "Enter" && !commit.disabled && commit.click());
      inputs.append(make("label", {}, make("span", { textContent: "Your prediction" }), input, unit));
      one.read = () => `${input.value.trim()} ${unit}`.trim();
    }
    box.replaceChildren(inputs, make("div", { className: "commit-row" }, commit, skip));
  }
  one.form = form;
  if (answer !== null) (one.value = answer), said();
  else {
    form();
    if (!showsAll()) cover(one);
  }
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
  const all = make("p", { className: "predictions" });
  const toggle = button("", () => {
    store.set("predictions", showsAll() ? null : "show");
    for (const one of asked) if ((one.value ?? null) === null) showsAll() ? uncover(one) : one.form && cover(one);
    say();
  });
  const say = () => {
    toggle.textContent = showsAll() ? "Cover the results until I predict them" : "Show all results";
    all.firstChild.textContent = showsAll() ? "All results are shown. " : `This page asks for ${asked.length} predictions, and covers each result until you give one or ask for it. `;
  };
  all.append("", toggle);
  asked[0].paragraph.before(all);
  say();
  asked.forEach(ask);
  // A link may lead to what is covered.
  const reach = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) asked.filter((one) => one.covered.some((part) => part.contains(target))).forEach(uncover);
  };
  addEventListener("hashchange", reach);
  reach();
}
}
