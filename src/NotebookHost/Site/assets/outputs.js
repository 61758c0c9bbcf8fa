// What cells show that run on this page. It is kept to the rules of the outputs that the site was written with (outputRules,
// from OutputHtml.cs): no script of an output runs, nothing is loaded for it, a figure is drawn from its data alone.
{
const rules = window.outputRules;
const [tags, attributes, addresses, styles] = ["tags", "attributes", "addresses", "styles"].map((list) => new Set(rules[list]));
const harmfulStyle = new RegExp(rules.harmfulStyle, "i");
const Html = "http://www.w3.org/1999/xhtml";
const Pixels = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const Base64 = /^[A-Za-z0-9+/=\s]+$/;
const ShortText = 24;

function make(name, className = "", textContent = "") {
  const made = Object.assign(document.createElement(name), { textContent });
  if (className) made.className = className;
  return made;
}
const joined = (text) => (Array.isArray(text) ? text.join("") : String(text ?? ""));
function pre(kind) {
  const box = make("pre", `output ${kind}`);
  box.tabIndex = 0;
  return box;
}
const note = (sentence) => make("p", "output note", sentence);

// Text as a terminal shows it: what is written over is gone, colours are classes.
const Colours = ["plain", "red", "green", "yellow", "blue", "magenta", "cyan", "plain"];
function terminal(box) {
  const last = make("span");
  box.append(last);
  let line = [];
  let column = 0;
  let style = "";
  let colour = "";
  const marks = new Set();
  let rest = "";

  function styled(codes) {
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i];
      if (code === 0) marks.clear(), (colour = "");
      else if (code === 1) marks.add("bold");
      else if (code === 3) marks.add("italic");
      else if (code === 4) marks.add("underline");
      else if (code === 22) marks.delete("bold");
      else if (code === 23) marks.delete("italic");
      else if (code === 24) marks.delete("underline");
      else if (code >= 30 && code <= 37) colour = Colours[code - 30];
      else if (code === 39) colour = "";
      else if (code === 90) colour = "quiet";
      else if (code > 90 && code <= 97) colour = Colours[code - 90];
      else if (code === 38 || code === 48) i += codes[i + 1] === 2 ? 4 : 2;
    }
    style = [...marks, colour].filter(Boolean).map((mark) => `t-${mark}`).join(" ");
  }
  function shown(letters) {
    const parts = [];
    for (const [letter, look] of letters)
      if (parts.at(-1)?.look === look) parts.at(-1).text += letter;
      else parts.push({ look, text: letter });
    return parts.map(({ look, text }) => (look ? make("span", look, text) : text));
  }
  return (text) => {
    text = rest + text;
    // A control sequence may come in two pieces.
    const cut = /\x1b(\[[ -?]*)?$/.exec(text);
    rest = cut ? cut[0] : "";
    if (cut) text = text.slice(0, cut.index);
    for (const [part] of text.matchAll(/\x1b\[[ -?]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(\x07|\x1b\\)?|\x1b.?|[^\p{Cc}]+|\p{Cc}/gsu))
      if (part[0] === "\x1b") {
        const codes = part.slice(2, -1);
        if (part[1] === "[" && part.endsWith("m")) styled(codes.split(/[;:]/).map(Number));
        else if (part[1] === "[" && part.endsWith("K") && (codes === "" || codes === "0")) line.length = Math.min(line.length, column);
      } else if (part === "\n") {
        last.before(...shown(line), "\n");
        line = [];
        column = 0;
      } else if (part === "\r") column = 0;
      else if (part === "\b") column = Math.max(0, column - 1);
      else if (part === "\t" || !/^\p{Cc}/u.test(part)) for (const letter of part) line[column++] = [letter, style];
    last.replaceChildren(...shown(line));
  };
}

// HTML is parsed where nothing runs and nothing is loaded; only what is allowed is made anew on the page.
function safe(html, place) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  if (parsed.getElementsByTagName("*").length > rules.mostElements)
    return [note(`HTML is not shown that has more than ${rules.mostElements} elements.`)];
  const box = document.createDocumentFragment();
  for (const child of parsed.body.childNodes) append(box, copied(child, place));
  for (const header of box.querySelectorAll("th:empty")) header.replaceWith(make("td"));
  for (const cell of box.querySelectorAll("td")) if (cell.textContent.length < ShortText) cell.classList.add("short");
  for (const code of box.querySelectorAll(":not(pre) > code")) if (code.textContent.length < ShortText) code.classList.add("kept");
  return [...box.childNodes];
}
const append = (box, child) => child && box.append(child);

function copied(node, place) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  if (node.localName === "svg") return picture(node);
  if (node.namespaceURI !== Html || !tags.has(node.localName)) return null;
  const figure = node.classList.contains("notebook-figure") && data(node.nextElementSibling);
  if (figure) return placed(node, figure, place);
  const made = document.createElement(node.localName);
  for (const { name, value } of node.attributes)
    if (name !== "id" && name !== "style" && attributes.has(name) && (!addresses.has(name) || isSafe(node.localName, name, value)))
      made.setAttribute(name, value);
  dress(made, node.style);
  if (made.localName === "img") {
    if (!made.hasAttribute("src")) return null;
    if (!made.hasAttribute("alt")) made.alt = "";
  }
  const card = node.classList.contains("notebook-card") && data(node.lastElementChild);
  const state = card && String(card.verdict ?? card.state ?? "");
  if (state && /^[a-z ]+$/.test(state)) made.classList.add(state.replaceAll(" ", "-"));
  for (const child of node.childNodes) append(made, copied(child, place));
  return made;
}
function dress(made, style) {
  for (const name of style) {
    const isListed = styles.has(name) || [...styles].some((listed) => name.startsWith(`${listed}-`));
    const value = style.getPropertyValue(name);
    if (isListed && value !== "initial" && !harmfulStyle.test(value)) made.style.setProperty(name, value, style.getPropertyPriority(name));
  }
}
function isSafe(tag, name, value) {
  if (tag === "img" && name === "src") return /^data:image\//.test(value);
  if (tag !== "a" || name !== "href") return false;
  try {
    const { protocol, host } = new URL(value, "https://here.invalid/");
    return host === "here.invalid" ? protocol === "https:" : rules.schemes.includes(protocol.slice(0, -1)) && protocol !== "data:";
  } catch {
    return false;
  }
}
function data(script) {
  if (script?.localName !== "script" || script.type !== "application/json") return null;
  try {
    const json = JSON.parse(script.textContent);
    return json !== null && typeof json === "object" && !Array.isArray(json) ? json : null;
  } catch {
    return null;
  }
}

// In a picture no script runs, and nothing is loaded for it.
function picture(svg) {
  const image = make("img");
  image.alt = (svg.getAttribute("aria-label") ?? svg.querySelector("title")?.textContent ?? "").trim();
  return addressed(image, "image/svg+xml", btoa(String.fromCharCode(...new TextEncoder().encode(new XMLSerializer().serializeToString(svg)))));
}
function addressed(image, kind, base64) {
  image.src = `data:${kind};base64,${base64}`;
  return image;
}

// A figure: the place for the script that draws it, its data, its words, and the place of its table.
function placed(node, raw, place) {
  const { figure, hadMap } = harmlessFigure(raw);
  const id = place.next();
  const asked = Number(node.dataset.height);
  const height = Number.isInteger(asked) && asked > 0 ? Math.min(4000, Math.max(20, asked)) : rules.standardHeight;
  const whole = make("figure", "figure");
  if (figure.data.some((trace) => trace?.z !== undefined)) whole.classList.add("of-colours");
  const words = node.getAttribute("aria-label") ?? "";
  const title = figure.layout.title?.text;
  const slot = make("div", "notebook-figure", words);
  slot.id = id;
  slot.setAttribute("role", "img");
  slot.setAttribute("aria-label", typeof title === "string" && title ? title : words || "A figure");
  const high = height + (figure.control ? rules.controlsHeight : 0);
  slot.style.setProperty("--wide", `${high}px`);
  slot.style.setProperty("--narrow", `${high}px`);
  slot.dataset.height = height;
  const json = make("script");
  json.type = "application/json";
  json.textContent = JSON.stringify(figure);
  whole.append(slot, json);
  if (hadMap) whole.append(make("p", "note", "A map is not drawn here, because its tiles come from another host."));
  if (words) {
    const caption = make("figcaption");
    caption.id = `${id}-words`;
    slot.setAttribute("aria-describedby", caption.id);
    const rest = typeof title === "string" && words.startsWith(title) ? words.slice(title.length).replace(/^[. ]+/, "") : "";
    const number = place.number();
    if (number) caption.append(make("strong", "", number), " ");
    caption.append(rest === "" ? words : /^[a-z]{3}/.test(rest) ? rest[0].toUpperCase() + rest.slice(1) : rest);
    whole.append(caption);
  }
  const table = make("details", "data");
  table.append(make("summary", "", "Data as a table"));
  whole.append(table);
  return whole;
}

// SiteFigure.cs does the same where a site is written: what plotly.js would load from elsewhere is left out.
const MapName = /^(mapbox|map|geo)\d*(\.|$)/;
const PictureAddress = /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]*$/i;
const Address = /^\s*([/\\]{2}|(https?|wss?|ftp|file|blob|filesystem|javascript|mapbox):\S|data:[a-z]+\/)|:\/\//i;
const isMap = (item) => typeof item?.type === "string" && rules.maps.includes(item.type);
function harmlessFigure(raw) {
  let hadMap = false;
  function harmless(name, node) {
    if (Array.isArray(node)) {
      if (typeof node[0] === "number") return node.map((item) => (typeof item === "object" || typeof item === "string" ? harmless(name, item) : item));
      return node.filter((item) => !isMap(item) || !(hadMap = true)).map((item) => harmless(name, item));
    }
    if (node !== null && typeof node === "object") {
      const kept = {};
      for (const [key, member] of Object.entries(node))
        if (key === "meta" || key === "customdata" || key === "__proto__") continue;
        else if (MapName.test(key)) hadMap = true;
        else kept[key] = harmless(key, member);
      return kept;
    }
    return typeof node === "string" ? text(name, node) : node;
  }
  function text(name, words) {
    if (name === "bdata") return /^[A-Za-z0-9+/=]*$/.test(words) ? words : "";
    if (rules.maps.includes(words)) return (hadMap = true), "scatter";
    if (PictureAddress.test(words)) return words;
    if (Address.test(words.replace(/[\x00-\x1f]/g, ""))) return "";
    return words.includes("<") && !isPlain(words) ? label(words).textContent : words;
  }
  const label = (words) => new DOMParser().parseFromString(words, "text/html").body;
  const Plain = "b, i, em, strong, s, u, sub, sup, br, span, extra";
  const isPlain = (words) =>
    [...label(words).querySelectorAll("*")].every(
      (part) => part.matches(Plain) && [...part.attributes].every(({ name, value }) => name === "style" && !harmfulStyle.test(value)),
    );

  const figure = {};
  for (const part of ["data", "layout", "frames"]) if (raw[part]) figure[part] = harmless(part, raw[part]);
  if (!Array.isArray(figure.data)) figure.data = [];
  if (figure.layout === null || typeof figure.layout !== "object" || Array.isArray(figure.layout)) figure.layout = {};
  const control = controlOf(raw);
  if (control) figure.control = control;
  else if ("control" in raw) delete figure.frames;
  const live = liveOf(raw);
  if (live) figure.live = live;
  for (const paper of ["paper_bgcolor", "plot_bgcolor"]) figure.layout[paper] ??= "rgba(0,0,0,0)";
  return { figure, hadMap };
}
const isText = (text, longest = 200) => typeof text === "string" && text.length <= longest;
function setting(node) {
  const { quantity, values, active } = node ?? {};
  const fits = Array.isArray(values) && values.length >= 2 && values.length <= 1000 && values.every((value) => isText(value)) && isText(quantity);
  return fits && Number.isInteger(active) && active >= 0 && active < values.length ? { quantity, values, active } : null;
}
const isObject = (node) => node !== null && typeof node === "object" && !Array.isArray(node);
function isSmall(node) {
  if (Array.isArray(node)) return node.length <= 1000 && node.every(isSmall);
  if (isObject(node)) return Object.keys(node).length <= 10 && Object.values(node).every(isSmall);
  return typeof node !== "string" || isText(node);
}
function liveOf({ live }) {
  const fits = isObject(live) && isText(live.name) && isObject(live.given) && Array.isArray(live.sliders) && Array.isArray(live.choices);
  return fits && isSmall(live) ? live : null;
}
function controlOf({ control, frames }) {
  const kept = setting(control);
  const choices = (control?.choices ?? []).map(setting);
  if (!kept || choices.length > 5 || choices.includes(null) || !Array.isArray(frames)) return null;
  const states = [kept, ...choices].reduce((count, { values }) => count * values.length, 1);
  const readings = control.readings ?? [];
  const fits =
    frames.length === states &&
    frames.every((frame) => Array.isArray(frame?.traces) && Array.isArray(frame.data)) &&
    (readings.length === 0 || readings.length === states) &&
    readings.every((text) => isText(text, 500));
  if (!fits) return null;
  return { ...kept, plays: control.plays === true, ...(choices.length ? { choices } : {}), ...(readings.length ? { readings } : {}) };
}

// The richest of what an output holds that a page can show.
function value(bundle, place) {
  const kinds = Object.keys(bundle ?? {});
  if (!kinds.length) return null;
  const box = make("div", "output");
  const base64 = (kind) => kind in bundle && Base64.test(joined(bundle[kind])) && joined(bundle[kind]).replace(/\s/g, "");
  const shot = Pixels.find(base64);
  if ("text/html" in bundle) box.append(...safe(joined(bundle["text/html"]), place));
  else if ("image/svg+xml" in bundle) {
    const drawing = new DOMParser().parseFromString(joined(bundle["image/svg+xml"]), "image/svg+xml").documentElement;
    box.append(picture(drawing));
  } else if (shot) box.append(addressed(Object.assign(make("img"), { alt: joined(bundle["text/plain"]) }), shot, base64(shot)));
  else {
    const kind = ["text/markdown", "text/latex", "application/json", "text/plain"].find((one) => one in bundle);
    if (!kind) return note(`An output of a kind that pages do not show: ${kinds.join(", ")}.`);
    const written = kind === "application/json" ? JSON.stringify(bundle[kind], null, 2) : joined(bundle[kind]);
    const lines = pre("value");
    terminal(lines)(written);
    return written ? lines : null;
  }
  return box;
}

/** Where the outputs of one run of a cell go. `name` begins the ids of its figures, `numbers` are those of the stored ones. */
window.cellOutputs = (box, name, numbers, figures) => {
  let count = 0;
  let figureCount = 0;
  let stream;
  const ids = [];
  function made(output, key) {
    let own = 0;
    const place = {
      next: () => {
        const id = `${name}-${key}-${++own}`;
        if (!ids.includes(id)) ids.push(id);
        return id;
      },
      number: () => numbers[figureCount++],
    };
    return output.output_type === "error" ? failure(output) : value(output.data, place);
  }
  function failure({ ename, evalue, traceback }) {
    const trace = (traceback ?? []).join("\n");
    const lines = pre("error");
    terminal(lines)(trace.includes(evalue) ? trace : `${ename}: ${evalue}\n${trace}`.trimEnd());
    return lines;
  }
  async function draw(part) {
    const slots = [...part.querySelectorAll(".notebook-figure")];
    if (!slots.length) return;
    const live = await figures();
    for (const slot of slots) if (slot.isConnected) live.show(slot.id);
  }
  return {
    add(output) {
      if (output.output_type === "stream") {
        const kind = output.name === "stderr" ? "stderr" : "stdout";
        if (stream?.kind !== kind) {
          const lines = pre(kind);
          box.append(lines);
          stream = { kind, write: terminal(lines) };
        }
        stream.write(joined(output.text));
        return null;
      }
      stream = undefined;
      const key = ++count;
      const first = figureCount;
      // What shows nothing yet may be replaced by what does.
      let part = made(output, key) ?? make("div", "output");
      box.append(part);
      draw(part);
      return {
        replace(next) {
          const last = figureCount;
          figureCount = first;
          const isOpen = part.querySelector("details.data")?.open;
          const fresh = made(next, key) ?? make("div", "output");
          part.replaceWith(fresh);
          part = fresh;
          figureCount = Math.max(last, figureCount);
          draw(part);
          const table = part.querySelector("details.data");
          if (isOpen && table) table.open = true;
        },
      };
    },
    clear() {
      box.replaceChildren();
      for (const id of ids.splice(0)) window.liveFigures?.forget(id);
      count = figureCount = 0;
      stream = undefined;
    },
  };
};
}
