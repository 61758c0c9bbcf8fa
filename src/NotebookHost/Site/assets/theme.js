// Before the first paint: the reader's choices of a theme and of what is covered, if there are any.
document.documentElement.classList.add("scripted");
if (location.protocol.startsWith("http")) {
  // Only in a folder does a page that runs cells need scripts from memory; a second policy narrows the first.
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
  document.head.append(policy);
}
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  if (localStorage.getItem("predictions") === '"show"') document.documentElement.dataset.results = "shown";
  const answered = `predict ${location.pathname.split("/").at(-1)} `;
  const shown = new CSSStyleSheet();
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(answered)))
    shown.insertRule(`html .covered.covered.covered[data-answers="${CSS.escape(key.split(" ").at(-2))}"] { display: revert; height: auto; visibility: visible; }`);
  document.adoptedStyleSheets = [shown];
} catch {
  // Storage can be closed to pages opened from a file; then the system's theme holds.
}
