"use strict";
// Cells that a reader runs and changes on the page. The C# that runs them (run/, see runtime-worker.js there), what shows their
// outputs and the editor are loaded when they are first wanted.
{
const page = location.pathname.split("/").at(-1);
const prepared = document.currentScript.dataset.cells;
const { engine } = window;
const { load } = engine;
function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}
const inSeconds = (milliseconds) =>
  milliseconds < 50 ? "less than 0.1 s"
  : milliseconds < 9_950 ? `${(milliseconds / 1000).toFixed(1).replace(".0", "")} s`
  : milliseconds < 99_500 ? `${Math.round(milliseconds / 1000)} s`
  : `${Math.round(milliseconds / 60_000)} min`;
const inMegabytes = (bytes) => (bytes / 1_000_000).toFixed(1).replace(/\.0$/, "");

// What changes is said once, and not each step of it.
const said = document.createElement("p");
said.className = "unseen";
said.setAttribute("role", "status");
document.body.append(said);

const store = {
  get: (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key, text) => {
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      return true;
    } catch {
      return false;
    }
  },
};
const keep = (cell, code) => store.set(cell.key, code === cell.stored ? null : code);

async function figures() {
  if (!window.liveFigures) {
    await load("assets/figure.js");
    await load("assets/figures.js");
  }
  return window.liveFigures;
}

// A cell: its code, its state, and what has run of it. `done` is the code that the runtime has run, `tried` one that it could
// not run to its end, `shows` the one whose outputs stand below it.
const Rest = new Set(["stored", "done", "failed", "stopped"]);
const cells = [...document.querySelectorAll(".cell[data-cell]")].map((root) => {
  const listing = root.querySelector("pre.code");
  const element = listing.querySelector("code");
  const bar = root.querySelector(".run");
  const cell = {
    root,
    listing,
    element,
    bar,
    index: Number(root.dataset.cell),
    number: Number(root.dataset.number),
    raises: "raises" in root.dataset,
    given: root.dataset.given?.split(" ") ?? [],
    isExercise: "exercise" in root.dataset,
    exercise: root.dataset.exercise,
    milliseconds: 1000 * Number(root.dataset.seconds ?? 0),
    key: `code ${page} ${root.dataset.id}`,
    colours: [...element.childNodes],
    stored: element.textContent,
    state: "stored",
    words: "",
  };
  cell.words = cell.unrun = cell.milliseconds ? `Takes about ${inSeconds(cell.milliseconds)} in a browser` : "";
  cell.code = cell.stored;
  if (!bar) return cell;
  cell.buttons = {
    Run: button("Run", () => run(cell)),
    Stop: button("Stop", stop),
    Edit: button("Edit", () => (cell.editor ? leave(cell) : edit(cell))),
    Reset: button("Reset", () => reset(cell)),
  };
  if (cell.exercise && !root.querySelector(".exercise.solved")) cell.buttons.Hint = button("Hint", () => hint(cell));
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", `Cell ${cell.number}`);
  cell.said = document.createElement("span");
  bar.append(...Object.values(cell.buttons), cell.said);
  const kept = store.get(cell.key);
  if (kept !== null && kept !== cell.stored) {
    cell.code = element.textContent = kept;
    cell.words = `Your edit, kept in this browser${cell.unrun ? `. ${cell.unrun}` : ""}`;
  }
  if (cell.exercise) {
    cell.card = root.querySelector(".notebook-card.exercise");
    cell.right = JSON.parse(store.get(`right ${cell.key}`));
    carded(cell);
  }
  shown(cell);
  return cell;
});

// What was judged right once stays solved, for as long as its code is the same.
function judged(cell, code, isGood) {
  const card = cell.live?.box.querySelector(".notebook-card.exercise");
  if (!cell.exercise || !isGood || !card) return;
  if (card.matches(".solved")) cell.right = { code, title: card.querySelector("strong").textContent, checks: [...card.querySelectorAll("li")].map((check) => check.textContent) };
  else if (cell.right?.code === code) cell.right = null;
  else return;
  store.set(`right ${cell.key}`, cell.right && JSON.stringify(cell.right));
}
function carded(cell) {
  if (!cell.card) return;
  cell.solved?.replaceWith(cell.card);
  delete cell.solved;
  if (cell.right?.code !== cell.code) return;
  cell.solved = cell.card.cloneNode();
  cell.solved.classList.add("solved");
  const make = (kind, textContent) => Object.assign(document.createElement(kind), { textContent });
  const list = make("ul", "");
  list.append(...cell.right.checks.map((check) => make("li", check)));
  cell.solved.append(make("strong", cell.right.title), list);
  cell.card.replaceWith(cell.solved);
}

/** Shows a cell's state in its buttons and words. */
function shown(cell) {
  cell.root.dataset.state = cell.state;
  if (!cell.bar) return;
  const focused = document.activeElement;
  const atRest = Rest.has(cell.state);
  cell.buttons.Run.hidden = cell.buttons.Edit.hidden = !atRest;
  cell.buttons.Stop.hidden = atRest;
  cell.buttons.Reset.hidden = !atRest || (cell.code === cell.stored && !cell.live);
  if (cell.buttons.Hint) cell.buttons.Hint.hidden = Boolean(cell.isHinted);
  cell.buttons.Edit.setAttribute("aria-expanded", Boolean(cell.editor));
  cell.said.textContent = cell.words;
  if (focused?.hidden && cell.bar.contains(focused)) cell.buttons[atRest ? "Run" : "Stop"].focus({ preventScroll: true });
}
function set(cell, state, words, isSaid = false) {
  Object.assign(cell, { state, words });
  shown(cell);
  if (isSaid && words) said.textContent = words;
}
/** Back to what a cell was before it was to run. */
function rest(cell, words) {
  const { state, words: before } = cell.rest;
  delete cell.rest;
  set(cell, state, words ?? before, Boolean(words));
}

// The runtime takes one cell at a time.
let current;
let queue = [];
async function boot() {
  engine.start({ compiler: true, cells: prepared });
  try {
    await load("assets/outputs.js");
    next();
  } catch (error) {
    engine.end(engine.unloaded(error));
  }
}

const told = {
  progress: ({ loaded, total }) => {
    if (!current?.began) waiting(`Starting: ${inMegabytes(loaded)} of ${inMegabytes(total)} MB`);
  },
  ready: () => next(),
  started: () => {
    if (!current) return;
    current.began = performance.now();
    clock = setInterval(tick, 1000);
    set(current, "running", "Running", current.isAsked);
    queued();
  },
  output: ({ output }) => {
    if (!current) return;
    const display = outputsOf(current).add(output);
    const id = output.transient?.display_id;
    if (display && id !== undefined) displays.set(id, display);
  },
  update: ({ output }) => displays.get(output.transient?.display_id)?.replace(output),
  done: ({ ok, milliseconds }) => finished(ok, milliseconds),
  hint: ({ cell, text }) => hinted(cell, text),
  completed: (found) => asking.shift()?.(found),
};
engine.use({ told, ended });
let displays = new Map();
let asking = [];
const Long = 5000;

function waiting(words) {
  const isWaiting = current && !current.began;
  for (const cell of isWaiting ? [current, ...queue] : queue) if (cell.isAsked) set(cell, "starting", words);
}
let clock;
function tick() {
  const seconds = Math.floor((performance.now() - current.began) / 1000);
  if (seconds >= 2) set(current, "running", `Running for ${inSeconds(1000 * seconds)}`);
}

function next() {
  if (!engine.isReady || !window.cellOutputs || current || !queue.length) return;
  current = queue.shift();
  queued();
  const { index, code, number, usings } = current;
  current.running = code;
  current.fresh = true;
  delete current.began;
  engine.post({ type: "run", cell: index, code, number, usings, cells: prepared });
}

/** Says in a cell that was asked for how many run before it. */
function queued() {
  const before = queue.findIndex((cell) => cell.isAsked);
  if (before < 0 || current.isAsked) return;
  const left = [current, ...queue.slice(0, before)].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const time = left > Long ? `, about ${inSeconds(left)}` : "";
  waiting((before ? `Running the cells before it: ${before + 1} to go` : "Running the cell before it") + time);
}

/** Where a cell's run shows its outputs: the first one takes the place of those before. */
function outputsOf(cell) {
  if (!cell.fresh) return cell.live.outputs;
  cell.fresh = false;
  const whole = cell.root.querySelector(".outputs") ?? cell.root.appendChild(Object.assign(document.createElement("div"), { className: "outputs" }));
  if (!cell.live) {
    const stored = document.createElement("div");
    const box = document.createElement("div");
    const height = whole.clientHeight;
    stored.append(...whole.childNodes);
    stored.hidden = true;
    const numbers = [...stored.querySelectorAll("figcaption > strong:first-child")].map(({ textContent }) => textContent);
    whole.append(stored, box);
    cell.live = { whole, stored, box, outputs: cellOutputs(box, `run-${cell.index}`, numbers, figures) };
    box.style.minHeight = `${height}px`;
  } else {
    cell.live.box.style.minHeight = `${cell.live.box.clientHeight}px`;
    cell.live.outputs.clear();
  }
  return cell.live.outputs;
}

function finished(ok, milliseconds) {
  const cell = current;
  if (!cell) return;
  current = undefined;
  closed(cell);
  const isGood = ok || cell.raises;
  cell.done = isGood ? cell.running : undefined;
  cell.tried = isGood ? undefined : cell.running;
  judged(cell, cell.running, isGood);
  const { isAsked } = cell;
  delete cell.isAsked;
  delete cell.rest;
  if (isGood) cell.milliseconds = milliseconds;
  const edit = isEditedAbove(cell) ? ", with your edit above" : "";
  set(cell, isGood ? "done" : "failed", isGood ? `Ran in ${inSeconds(milliseconds)}${edit}` : `Ended with an error after ${inSeconds(milliseconds)}`, isAsked || !isGood);
  if (isGood) {
    const isOther = cell.shows !== undefined && cell.shows !== cell.done;
    cell.shows = cell.done;
    if (isOther) for (const other of following(cell)) if (other.state === "done") set(other, "done", "Ran before a change above it");
  } else {
    const left = queue;
    queue = [];
    for (const other of left) {
      const words = other.isAsked ? "Did not run, because a cell before it ended with an error. Run goes on without that one." : undefined;
      delete other.isAsked;
      rest(other, words);
    }
  }
  next();
}
/** A run has ended: what it showed is all there is. */
function closed(cell) {
  clearInterval(clock);
  if (cell.fresh && (cell.live || cell.root.querySelector(".outputs"))) outputsOf(cell);
  cell.fresh = false;
  if (cell.live) cell.live.box.style.minHeight = "";
}

/** The runtime is gone, and with it what the cells had done; the words say why. */
function ended(words) {
  displays = new Map();
  for (const answer of asking.splice(0)) answer(null);
  const left = queue;
  queue = [];
  const stopped = cells.some(({ done }) => done !== undefined) ? "Stopped, and with it went what the cells before had computed: Run starts with them" : "Stopped";
  for (const cell of cells) delete cell.done;
  for (const cell of cells) if (cell.asksHint) unhinted(cell, words);
  if (current) {
    const cell = current;
    current = undefined;
    clearInterval(clock);
    cell.tried = cell.running;
    if (cell.live) cell.live.box.style.minHeight = "";
    cell.fresh = false;
    delete cell.isAsked;
    delete cell.rest;
    set(cell, words ? "failed" : "stopped", words ?? stopped, true);
  }
  for (const cell of left) {
    const { isAsked } = cell;
    delete cell.isAsked;
    if (!isAsked) rest(cell);
    else {
      delete cell.rest;
      set(cell, words ? "failed" : "stopped", words ?? stopped, true);
    }
  }
}
function stop() {
  engine.end();
}

/** The names in code; one behind a dot, with the dot: it is a member, or a method of a cell that extends a type. */
const names = (code) => Array.from(code.matchAll(/(\.*)([\p{L}_]\w*)/gu), ([, dots, name]) => (dots === "." ? `.${name}` : name));
const imports = (code) => (code.match(/^\s*using\s+(static\s+)?[\w.]+\s*;/gm) ?? []).map((line) => line.trim());
/**
 * The cells before that a cell wants to have run: all of them; of an exercise, whose answer is rarely about the experiments
 * before it, those that give a name which stands in it or in another of them, and what was edited.
 */
function wanted(cell) {
  const before = cells.slice(0, cells.indexOf(cell));
  if (!cell.isExercise) return before;
  const mentioned = new Set(names(cell.code));
  return before.reduceRight((chosen, other, i) => {
    if (i > 0 && other.code === other.stored && !other.given.some((name) => mentioned.has(name))) return chosen;
    for (const name of names(other.code)) mentioned.add(name);
    return [other, ...chosen];
  }, []);
}

/** The cells after one that use a name which it gives, or one of such a cell. */
function following(cell) {
  const known = new Set(cell.given);
  return cells.slice(cells.indexOf(cell) + 1).filter((other) => {
    if (!names(other.code).some((name) => known.has(name))) return false;
    for (const name of other.given) known.add(name);
    return true;
  });
}
const isEditedAbove = (cell) =>
  cells.slice(0, cells.indexOf(cell)).some((other) => other.done !== undefined && other.done !== other.stored && following(other).includes(cell));

/** Runs the cells before that it wants and that have not run, then this one. */
function run(cell) {
  if (!Rest.has(cell.state)) return;
  const has = (other) => other.done === other.code || other.tried === other.code || !Rest.has(other.state);
  const chosen = wanted(cell);
  const before = chosen.filter((other) => !has(other));
  // What is stored was compiled ahead; an edit finds the imports of the cells that are left out.
  const left = cells.filter((other) => !chosen.includes(other) && !has(other));
  for (const one of [...before, cell])
    one.usings =
      one === cell || one.code !== one.stored
        ? left.filter((other) => cells.indexOf(other) < cells.indexOf(one)).flatMap(({ code }) => imports(code))
        : [];
  cell.isAsked = true;
  const isNext = !current && !before.length;
  for (const one of [...before, cell]) {
    one.rest = { state: one.state, words: one.words };
    set(one, "starting", one !== cell ? "Waiting" : !engine.isReady ? "Starting" : isNext ? "Waiting for the compiler" : "Waiting", one === cell);
  }
  queue.push(...before, cell);
  cell.root.dispatchEvent(new Event("uncover", { bubbles: true }));
  boot();
  next();
  // What draws is there when the first figure comes.
  if ([...before, cell].some(({ root }) => root.querySelector(".notebook-figure"))) window.liveFigures?.prepare();
}

/** The code and the outputs as they were stored. */
function reset(cell) {
  if (!Rest.has(cell.state)) return;
  const hadFocus = document.activeElement === cell.buttons.Reset;
  cell.code = cell.stored;
  const isKept = keep(cell, cell.stored);
  cell.element.replaceChildren(...cell.colours);
  if (cell.editor) cell.editor.show(cell.stored);
  if (cell.live) {
    const { whole, stored, box, outputs } = cell.live;
    outputs.clear();
    whole.replaceChildren(...stored.childNodes);
    if (!whole.childNodes.length) whole.remove();
    delete cell.live;
  }
  carded(cell);
  set(cell, "stored", isKept ? cell.unrun : Unkept);
  said.textContent = "As stored";
  if (hadFocus) cell.buttons.Run.focus({ preventScroll: true });
}

// Hints of an exercise: one more each time, until the last.
function hint(cell) {
  if (cell.asksHint) return;
  cell.asksHint = true;
  if (!cell.hints) {
    cell.hints = Object.assign(document.createElement("div"), { className: "hints" });
    cell.hints.setAttribute("role", "status");
    cell.bar.after(cell.hints);
  }
  const words = current ? "The hint comes when the cell that runs has ended." : "The hint comes.";
  cell.hints.append(Object.assign(document.createElement("p"), { textContent: words }));
  boot();
  engine.post({ type: "hint", cell: cell.index, exercise: cell.exercise, step: cell.hints.childElementCount });
}
function hinted(index, text) {
  const cell = cells.find((one) => one.index === index);
  cell.asksHint = false;
  // What stands between backticks is code.
  const parts = text.split("`").map((part, i) => (i % 2 ? Object.assign(document.createElement("code"), { textContent: part }) : part));
  cell.hints.lastChild.replaceChildren(...parts);
  const [, step, count] = text.match(/^Hint (\d+) of (\d+)/) ?? [];
  cell.isHinted = step === count;
  shown(cell);
}
function unhinted(cell, words) {
  cell.asksHint = false;
  cell.hints.lastChild.remove();
  set(cell, cell.state, words ?? "Stopped before the hint came", true);
}

// Editing.
const Unkept = "This browser does not keep the edit, because its storage is full or closed; it lasts as long as this page.";
async function edit(cell) {
  const details = cell.listing.closest("details");
  if (details) details.open = true;
  if (!navigator.connection?.saveData) {
    boot();
    engine.post({ type: "compiler" });
  }
  try {
    await load("assets/codemirror/codemirror.js");
  } catch {
    set(cell, cell.state, "The editor could not be loaded: it is not there, or there is no network. Edit tries again.", true);
    return;
  }
  if (cell.editor || !Rest.has(cell.state)) return;
  cell.editor = openEditor(cell.listing.parentElement, {
    code: cell.code,
    label: `Code of cell ${cell.number}`,
    changed: (code) => changed(cell, code),
    run: () => run(cell),
    leave: () => leave(cell),
    complete,
  });
  cell.listing.hidden = true;
  shown(cell);
  cell.editor.focus();
}
function changed(cell, code) {
  cell.code = code;
  cell.element.textContent = code;
  const isKept = keep(cell, code);
  carded(cell);
  if (cell.state === "done" && cell.done !== code) cell.words = "Changed since it ran";
  if (!isKept && cell.words !== Unkept && Rest.has(cell.state)) set(cell, cell.state, Unkept, true);
  else shown(cell);
}
function leave(cell) {
  const hadFocus = cell.editor.hasFocus;
  cell.editor.close();
  delete cell.editor;
  if (cell.code === cell.stored) cell.element.replaceChildren(...cell.colours);
  else colourCode(cell.element, cell.code);
  cell.listing.hidden = false;
  shown(cell);
  if (hadFocus) cell.buttons[Rest.has(cell.state) ? "Edit" : "Stop"].focus({ preventScroll: true });
}
/** What may stand at a place of the code, where the runtime has time to say so. */
function complete(code, position) {
  if (!engine.isReady || current || queue.length) return null;
  return new Promise((resolve) => {
    asking.push(resolve);
    engine.post({ type: "complete", code, position });
  });
}
}
