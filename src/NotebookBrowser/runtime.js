// startRuntime("run/") gives the worker that runs C# cells; runtime-worker.js says what it takes and tells.
// A page that is a file may not fetch: there, scripts bring the files, which the host wrote for it, as text.
"use strict";
function startRuntime(baseUrl) {
  const base = new URL(baseUrl, document.baseURI);
  if (!base.href.endsWith("/")) base.href += "/";
  if (base.protocol !== "file:") return new Worker(new URL("runtime-worker.js", base));
  const address = URL.createObjectURL(new Blob([startRuntime.worker], { type: "text/javascript" }));
  const worker = new Worker(address);
  startRuntime.read ??= (async () => {
    await load("files.js");
    const { sizes, scripts } = startRuntime.files;
    await Promise.all(Object.keys(sizes).map((name) => load(`${name}.js`)));
    return { sizes, scripts };

    function load(name) {
      return new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(`file/${name}`, base);
        script.onload = resolve;
        script.onerror = () => reject(new Error(`The C# of this page could not be loaded: file/${name} is not there.`));
        document.head.append(script);
      });
    }
  })();
  startRuntime.read.then(
    ({ sizes, scripts }) => worker.postMessage({ type: "files", sizes, scripts, files: startRuntime.bytes }),
    ({ message }) => worker.postMessage({ type: "nofiles", message })
  );
  return worker;
}
startRuntime.bytes = {};
startRuntime.take = (name, text) => {
  startRuntime.bytes[name] = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
};
