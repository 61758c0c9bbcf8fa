"use strict";
const root = document.documentElement;
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

// Mathematics.
for (const math of document.querySelectorAll(".math")) {
  const tex = math.textContent.trim().replace(/^\\[([]|\\[)\]]$/g, "");
  const displayMode = math.tagName === "DIV" || math.classList.contains("display");
  katex.render(tex, math, { displayMode, throwOnError: false });
  if (displayMode) math.tabIndex = 0;
  else if (tex.length < 30) keep(math);
}

// No line begins with the comma after a formula, or ends with the bracket before it.
function keep(math) {
  const [before, after] = [math.previousSibling, math.nextSibling];
  const [opening] = /[([]$/.exec(before?.data ?? "") ?? [];
  const [closing] = /^[.,;:!?)\]]+/.exec(after?.data ?? "") ?? [];
  if (!opening && !closing) return;
  const unit = document.createElement("span");
  unit.className = "kept";
  math.before(unit);
  unit.append(opening ?? "", math, closing ?? "");
  if (opening) before.data = before.data.slice(0, -1);
  if (closing) after.data = after.data.slice(closing.length);
}
// Short code stays whole, and what a title is about begins a line where it does not fit on one.
for (const code of document.querySelectorAll(":not(pre) > code")) if (code.textContent.length < 24) code.classList.add("kept");
const title = document.querySelector("h1")?.firstChild;
const about = title?.data?.search(/\d\d · /) ?? -1;
if (about >= 0) {
  const span = document.createElement("span");
  span.className = "about";
  span.textContent = title.splitText(about).data.replace(" ·", "\u00a0·");
  title.nextSibling.replaceWith(span);
}

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// Theme.
const button = document.getElementById("theme");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : darkSystem.matches);
function themed() {
  button.textContent = isDark() ? "Light" : "Dark";
  button.setAttribute("aria-label", `Change to the ${isDark() ? "light" : "dark"} theme`);
  dispatchEvent(new Event("themed"));
}
button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // The choice then lasts as long as the page.
  }
  themed();
});

// Paper is light, and shows every figure.
let onScreen;
addEventListener("beforeprint", () => {
  onScreen = root.dataset.theme;
  root.dataset.theme = "light";
  root.dataset.paper = "";
  themed();
});
addEventListener("afterprint", () => {
  delete root.dataset.paper;
  if (onScreen) root.dataset.theme = onScreen;
  else delete root.dataset.theme;
  themed();
});

darkSystem.addEventListener("change", themed);
themed();

// Search: the index is loaded when it is first wanted.
const query = document.getElementById("query");
const found = document.getElementById("found");
let index;
let chosen = -1;
function loadIndex() {
  return (index ??= load("assets/search.js").then(() => window.courseText));
}
function result(section, word, i) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  item.id = `found-${i}`;
  item.setAttribute("role", "option");
  link.href = section.page + (section.anchor && `#${section.anchor}`);
  link.tabIndex = -1;
  link.textContent = section.heading === section.title ? section.title : `${section.heading} · ${section.title}`;
  link.append(excerpt(section.text, word));
  item.append(link);
  return item;
}
// Whole words and formulas, from a little before the word that was found.
function excerpt(text, word) {
  const parts = text.match(/\\\(.*?\\\)|\S+/g) ?? [];
  const from = Math.max(0, parts.findIndex((part) => part.toLowerCase().includes(word)) - 5);
  const span = document.createElement("span");
  span.append(from > 0 ? "… " : "");
  for (const part of parts.slice(from, from + 18)) {
    const tex = /^\\\((.*)\\\)$/.exec(part)?.[1];
    const place = document.createElement("i");
    if (tex) katex.render(tex, place, { throwOnError: false });
    span.append(tex ? place : part, " ");
  }
  return span;
}
function choose(i) {
  const items = [...found.children];
  chosen = items.length ? (i + items.length) % items.length : -1;
  items.forEach((item, k) => item.setAttribute("aria-selected", k === chosen));
  items[chosen]?.scrollIntoView({ block: "nearest" });
  query.setAttribute("aria-activedescendant", items[chosen]?.id ?? "");
}
async function search() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const sections = words.length ? await loadIndex() : [];
  // A heading counts more than the text, and a lesson more than its solutions.
  const weight = ({ page, heading, text }) => {
    const [h, t] = [heading.toLowerCase(), text.toLowerCase()];
    if (!words.every((word) => h.includes(word) || t.includes(word))) return 0;
    const headings = words.filter((word) => h.includes(word)).length;
    const often = Math.min(4, t.split(words[0]).length);
    return (8 * headings + often) / (page.includes("solutions") ? 9 : 1);
  };
  const hits = sections
    .filter(weight)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, 8);
  const items = hits.map((section, i) => result(section, words[0], i));
  if (words.length && !items.length) {
    const none = document.createElement("li");
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    none.textContent = "Nothing found";
    items.push(none);
  }
  found.replaceChildren(...items);
  show(words.length > 0);
  choose(0);
}
function show(isOpen) {
  found.hidden = !isOpen;
  query.setAttribute("aria-expanded", isOpen);
}
query.addEventListener("focus", loadIndex);
query.addEventListener("input", search);
query.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter") found.children[chosen]?.querySelector("a")?.click();
  else if (event.key === "Escape") show(false);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("search")) show(false);
});
found.addEventListener("click", () => show(false));

// Only what scrolls needs a stop of the Tab key.
const scrolling = document.querySelectorAll("pre[tabindex], .scroll, div.output, .math[tabindex]");
function stops() {
  for (const box of scrolling) box.tabIndex = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight ? 0 : -1;
}
stops();
addEventListener("resize", stops);

// Where the reader is, in the contents of the page.
const entries = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
const passing = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen)
      if (isIntersecting) {
        entries.forEach((a) => a.removeAttribute("aria-current"));
        entries.get(target.id).setAttribute("aria-current", "true");
      }
  },
  { rootMargin: "-10% 0% -75% 0%" },
);
for (const id of entries.keys()) passing.observe(document.getElementById(decodeURIComponent(id)));
