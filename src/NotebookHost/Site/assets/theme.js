// Before the first paint: the reader's choice of theme, if there is one.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage can be closed to pages opened from a file; then the system's theme holds.
}
// The fonts of nearly every formula, which the browser would else find after the style sheet; from a folder it may not ask.
if ("formulas" in document.currentScript.dataset && location.protocol.startsWith("http"))
  for (const name of ["Main-Regular", "Math-Italic"]) {
    const font = document.createElement("link");
    Object.assign(font, { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "" });
    font.href = `assets/katex/fonts/KaTeX_${name}.woff2`;
    document.head.append(font);
  }
