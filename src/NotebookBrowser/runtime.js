// startRuntime("run/") gives the worker that runs C# cells and computes figures; runtime-worker.js says what it takes and tells.
// A page that is a file may not fetch: there, scripts bring the files, which the host wrote for it, as text.
"use strict";
function startRuntime(baseUrl) {
  const base = new URL(baseUrl, document.baseURI);
  if (!base.href.endsWith("/")) base.href += "/";
  if (base.protocol !== "file:") return new Worker(new URL("runtime-worker.js", base));
  const address = URL.createObjectURL(new Blob([startRuntime.worker], { type: "text/javascript" }));
  const worker = new Worker(address);
  const load = (name) =>
    (startRuntime.read[name] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`file/${name}`, base);
      script.onload = resolve;
      script.onerror = () => {
        delete startRuntime.read[name];
        reject(new Error(`The C# of this page could not be loaded: file/${name} is not there.`));
      };
      document.head.append(script);
    }));
  load("files.js").then(
    () => worker.postMessage({ type: "files", ...startRuntime.files, files: startRuntime.bytes }),
    ({ message }) => worker.postMessage({ type: "nofiles", message })
  );
  worker.addEventListener("message", ({ data: { type, name } }) => {
    if (type !== "need") return;
    load(`${name}.js`).then(
      () => worker.postMessage({ type: "file", name, bytes: startRuntime.bytes[name] }),
      ({ message }) => worker.postMessage({ type: "nofile", name, message })
    );
  });
  return worker;
}
startRuntime.bytes = {};
startRuntime.read = {};
startRuntime.take = (name, text) => {
  startRuntime.bytes[name] = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
};
