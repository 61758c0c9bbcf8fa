// Shows what the network gives, and keeps it; shows what was kept where the network gives nothing.
const home = registration.scope;
const places = new Set(files.map((file) => new URL(file, home).href));
// What is kept when it is first shown.
const later = ["pictures/", "assets/plotly/", "assets/codemirror/", "run/"].map((folder) => new URL(folder, home).href);
const isKept = (url) => places.has(url) || later.some((folder) => url.startsWith(folder));
const kept = caches.open(`course ${home}`);

async function keep(place) {
  try {
    const response = await fetch(place, { cache: "no-cache" });
    if (response.ok) await (await kept).put(place, response);
  } catch {
    // It is kept when it is visited.
  }
}
async function keepAll() {
  if (navigator.connection?.saveData) return;
  for (const place of places) await keep(place);
}
async function dropOld() {
  const cache = await kept;
  for (const { url } of await cache.keys()) if (!isKept(url)) await cache.delete(url);
}
async function answer(event, place) {
  try {
    const response = await fetch(event.request);
    if (response.ok) {
      const copy = response.clone();
      event.waitUntil(kept.then((cache) => cache.put(place, copy)));
    }
    return response;
  } catch (error) {
    const earlier = await (await kept).match(place);
    if (earlier) return earlier;
    throw error;
  }
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keepAll());
});
addEventListener("activate", (event) => event.waitUntil(Promise.all([dropOld(), clients.claim()])));
addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  const place = origin + pathname === home ? `${home}index.html` : origin + pathname;
  if (event.request.method === "GET" && isKept(place))
    event.respondWith(answer(event, place));
});
