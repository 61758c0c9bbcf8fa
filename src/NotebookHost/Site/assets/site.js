"use strict";
const root = document.documentElement;
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

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

// Paper is light, and shows every figure and all code of an experiment.
let onScreen;
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details.experiment:not([open])")];
  for (const details of folded) details.open = true;
  onScreen = root.dataset.theme;
  root.dataset.theme = "light";
  root.dataset.paper = "";
  themed();
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
  delete root.dataset.paper;
  if (onScreen) root.dataset.theme = onScreen;
  else delete root.dataset.theme;
  themed();
});

darkSystem.addEventListener("change", themed);
themed();

// Search: loaded when it is first wanted.
document.getElementById("query")?.addEventListener("focus", () => load("assets/find.js"), { once: true });

// Only what scrolls needs a stop of the Tab key.
const sized = new ResizeObserver((entries) => {
  for (const { target: box } of entries)
    box.tabIndex = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight ? 0 : -1;
});
document.querySelectorAll("pre[tabindex], .scroll, div.output, .math[tabindex]").forEach((box) => sized.observe(box));

// Code to take along.
const copied = document.createElement("p");
copied.className = "unseen";
copied.setAttribute("role", "status");
document.body.append(copied);
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the right to the clipboard, or at an address without encryption: as browsers did before.
    const area = document.createElement("textarea");
    area.className = "unseen";
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
for (const pre of document.querySelectorAll("pre.code")) {
  const listing = document.createElement("div");
  const button = document.createElement("button");
  listing.className = "listing";
  button.className = "copy";
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy the code");
  let back;
  button.addEventListener("click", async () => {
    await copy(pre.querySelector("code").textContent);
    button.focus();
    button.textContent = copied.textContent = "Copied";
    clearTimeout(back);
    back = setTimeout(() => {
      button.textContent = "Copy";
      copied.textContent = "";
    }, 2000);
  });
  pre.replaceWith(listing);
  listing.append(pre, button);
}

// Where the reader is: the last heading above the line on which a jump puts one. At the end of the page, where headings
// cannot rise to it, that is the one jumped to, or the last.
const contents = document.querySelector(".contents");
const entries = [...document.querySelectorAll(".contents a")].map((link) => {
  const id = decodeURIComponent(link.hash.slice(1));
  return { id, link, heading: document.getElementById(id) };
});
const progress = document.querySelector(".progress");
let current;
function here() {
  const end = root.scrollHeight - innerHeight;
  const line = parseFloat(getComputedStyle(root).scrollPaddingTop) + 8;
  const top = ({ heading }) => heading.getBoundingClientRect().top;
  if (end > 0 && scrollY >= end - 1) {
    const jumped = entries.find((entry) => `#${entry.id}` === decodeURIComponent(location.hash));
    return jumped && top(jumped) >= 0 && top(jumped) < innerHeight ? jumped : entries.at(-1);
  }
  return entries.findLast((entry) => top(entry) <= line);
}
function read() {
  const end = root.scrollHeight - innerHeight;
  progress?.style.setProperty("--read", end > 0 ? Math.min(1, scrollY / end) : 1);
  const next = here();
  if (next === current) return;
  current?.link.removeAttribute("aria-current");
  current = next;
  current?.link.setAttribute("aria-current", "true");
  contents.querySelector(".here").replaceChildren(...(current?.link.cloneNode(true).childNodes ?? []));
  const list = contents.querySelector("ul");
  for (const box of [contents, list])
    if (current && box.scrollHeight > box.clientHeight) box.scrollTop = current.link.offsetTop - box.clientHeight / 2;
}
let isWaiting = false;
function readSoon() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    read();
  });
}
if (contents) {
  for (const event of ["scroll", "resize", "hashchange"]) addEventListener(event, readSoon, { passive: true });
  new ResizeObserver(readSoon).observe(document.querySelector("main"));
  const opener = contents.querySelector("button");
  const open = (isOpen) => opener.setAttribute("aria-expanded", isOpen);
  opener.addEventListener("click", () => open(opener.getAttribute("aria-expanded") === "false"));
  contents.addEventListener("click", (event) => event.target.closest("a") && open(false));
  contents.addEventListener("focusout", (event) => event.relatedTarget && !contents.contains(event.relatedTarget) && open(false));
  document.addEventListener("click", (event) => !contents.contains(event.target) && open(false));
  contents.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || opener.getAttribute("aria-expanded") === "false") return;
    open(false);
    opener.focus();
  });
  read();
}

// The claims board by verdict.
const filters = [...document.querySelectorAll(".filters button")];
function filter(verdict) {
  const rows = [...document.querySelectorAll(".board tbody tr")];
  for (const row of rows) row.hidden = verdict !== "" && row.dataset.verdict !== verdict;
  for (const button of filters) button.setAttribute("aria-pressed", button.dataset.verdict === verdict);
  document.getElementById("shown").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} claims are shown.`;
}
for (const button of filters) button.addEventListener("click", () => filter(button.dataset.verdict));
if (filters.length) addEventListener("hashchange", () => filter(""));

// On a server, the course can be installed, and what was visited reads without a network.
if (location.protocol.startsWith("http")) {
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  manifest.href = "manifest.webmanifest";
  document.head.append(manifest);
  addEventListener("load", () => navigator.serviceWorker?.register("sw.js").catch(() => {}));
}
