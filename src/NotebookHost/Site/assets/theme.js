// Before the first paint: the reader's choice of theme, if there is one.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage can be closed to pages opened from a file; then the system's theme holds.
}
