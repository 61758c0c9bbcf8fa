"use strict";
// The search, which is loaded when its box is first focused: words by their stems and in one spelling, whole words first.
(async () => {
  await Promise.all(["minisearch/minisearch.js", "stemmer/stemmer.js", "search.js"].map((name) => load(`assets/${name}`)));
  const { sections, formulas } = window.courseText;
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const most = 8;
  let chosen = -1;

  // Initialise is initialize, also while it is typed; analyse is analyze, colour is color, centre is center.
  const spelled = (word) =>
    word
      .toLowerCase()
      .replace(/^(.{4,})is(?=(e|ed|es|er|ers|i|in|ing|a[a-z]*)?$)/, "$1iz")
      .replace(/^(.{3,})ys(?=(e|ed|es|er|ers|ing)$)/, "$1yz")
      .replace(/^(.{3,})our(?=(s|ed|ing|able|ful|al|hood|less)?$)/, "$1or")
      .replace(/^(.{2,}t)re(?=s?$)/, "$1er");
  const stem = (word) => `=${stemmer(spelled(word))}`;
  const isWhole = (word, terms) => terms.includes(spelled(word)) || terms.includes(stem(word));

  const wordsOf = MiniSearch.getDefault("tokenize");
  const index = new MiniSearch({
    fields: ["heading", "text"],
    processTerm: (word) => [spelled(word), stem(word)],
    searchOptions: {
      boost: { heading: 6 },
      boostDocument: (id) => (sections[id].page.includes("solutions") ? 0.2 : 1),
    },
  });
  index.addAll(sections.map(({ heading, text }, id) => ({ id, heading, text })));

  // A word as it is written or begins, with a slip of the finger in a long one; or another form of it.
  const either = (word) => ({
    combineWith: "OR",
    queries: [
      { queries: [word], processTerm: spelled, prefix: true, fuzzy: word.length > 5 ? 1 : false },
      { queries: [word], processTerm: stem, boostTerm: () => 0.7 },
    ],
  });
  function hits(words) {
    const queries = words.map(either);
    const all = index.search({ combineWith: "AND", queries });
    const some = all.length ? all : index.search({ combineWith: "OR", queries });
    const whole = new Map(some.map((hit) => [hit, words.filter((word) => isWhole(word, hit.terms)).length]));
    return some.sort((a, b) => whole.get(b) - whole.get(a) || b.score - a.score).slice(0, most);
  }

  // Text with its formulas typeset and the words that were found marked.
  function write(place, text, isFound) {
    for (const piece of text.split(/(\\\(.*?\\\))/)) {
      const tex = /^\\\((.*)\\\)$/.exec(piece)?.[1];
      if (tex) {
        const formula = document.createElement("span");
        formula.innerHTML = formulas[tex] ?? "";
        place.append(formula);
        continue;
      }
      piece.split(/([^\s\p{Z}\p{P}]+)/u).forEach((word, i) => {
        if (i % 2 === 0 || !isFound(word)) return place.append(word);
        const mark = document.createElement("mark");
        mark.textContent = word;
        place.append(mark);
      });
    }
  }
  // A line of the text, from a little before the first word that was found.
  function excerpt(text, isFound) {
    const parts = text.match(/\\\(.*?\\\)\S*|\S+/g) ?? [];
    const hit = parts.findIndex((part) => !part.startsWith("\\(") && wordsOf(part).some(isFound));
    const from = Math.max(0, hit - 5);
    const line = document.createElement("span");
    write(line, (from > 0 ? "… " : "") + parts.slice(from, from + 18).join(" "), isFound);
    return line;
  }
  function result({ id, terms }, words, i) {
    const { page, anchor, heading, title, text } = sections[id];
    const isPart = words.some((word) => !isWhole(word, terms));
    const wanted = new Set(isPart ? terms : words.flatMap((word) => [spelled(word), stem(word)]));
    const isFound = (word) => word.length > 0 && (wanted.has(spelled(word)) || wanted.has(stem(word)));
    const item = document.createElement("li");
    const link = document.createElement("a");
    item.setAttribute("role", "none");
    link.id = `found-${i}`;
    link.setAttribute("role", "option");
    link.href = page + (anchor && `#${anchor}`);
    link.tabIndex = -1;
    write(link, heading === title ? title : `${heading} · ${title}`, isFound);
    link.append(excerpt(text, isFound));
    item.append(link);
    return item;
  }
  function choose(i) {
    const items = [...found.querySelectorAll("[role=option]")];
    chosen = items.length ? (i + items.length) % items.length : -1;
    items.forEach((item, k) => item.setAttribute("aria-selected", k === chosen));
    items[chosen]?.scrollIntoView({ block: "nearest" });
    query.setAttribute("aria-activedescendant", items[chosen]?.id ?? "");
  }
  function show(isOpen) {
    found.hidden = !isOpen;
    query.setAttribute("aria-expanded", isOpen);
  }
  function search() {
    const words = wordsOf(query.value).filter(Boolean);
    const items = words.length ? hits(words).map((hit, i) => result(hit, words, i)) : [];
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
  query.addEventListener("input", search);
  query.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") found.querySelectorAll("a")[chosen]?.click();
    else if (event.key === "Escape") show(false);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("search")) show(false);
  });
  found.addEventListener("click", () => show(false));
  if (query.value) search();
})();
