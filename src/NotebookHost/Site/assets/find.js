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
    fields: ["heading", "text", "code"],
    processTerm: (word) => [spelled(word), stem(word)],
    searchOptions: {
      boost: { heading: 6, code: 0.2 },
      boostDocument: (id) => (sections[id].page.includes("solutions") ? 0.05 : 1),
    },
  });
  index.addAll(sections.map(({ heading, text, code }, id) => ({ id, heading, text, code })));

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
    const phrase = words.join(" ").toLowerCase();
    const rank = ({ id, terms, score }) => {
      const whole = words.filter((word) => isWhole(word, terms)).length;
      const { heading, text } = sections[id];
      const isTogether = words.length > 1 && `${heading} ${text}`.toLowerCase().includes(phrase);
      return { whole, score: isTogether ? 3 * score : score };
    };
    const ranks = new Map(some.map((hit) => [hit, rank(hit)]));
    const order = (a, b) => ranks.get(b).whole - ranks.get(a).whole || ranks.get(b).score - ranks.get(a).score;
    return some.sort(order).slice(0, most);
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
  // The line of the text with the most words that were found, from a little before the first of them.
  function excerpt(text, isFound) {
    const [before, length] = [5, 18];
    const parts = text.match(/\\\(.*?\\\)\S*|\S+/g) ?? [];
    const hits = parts.map((part) => (part.startsWith("\\(") ? [] : wordsOf(part).filter(isFound).map(stem)));
    const kinds = hits.map((_, i) => (hits[i].length ? new Set(hits.slice(i, i + length - before).flat()).size : 0));
    const from = Math.max(0, kinds.indexOf(Math.max(0, ...kinds)) - before);
    const line = document.createElement("span");
    write(line, (from > 0 ? "… " : "") + parts.slice(from, from + length).join(" "), isFound);
    return line;
  }
  function result({ id, terms }, words, i) {
    const { page, anchor, heading, title, text, code } = sections[id];
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
    link.append(excerpt(`${text} ${code}`, isFound));
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
