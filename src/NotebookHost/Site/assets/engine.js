"use strict";
// The two workers of a page: one runs its cells, one computes its figures (run/, see runtime-worker.js there). Each starts when
// it is first asked; who uses it hears what it tells, and that it has ended.
{
const loading = {};
function load(url) {
  return (loading[url] ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => {
      delete loading[url];
      script.remove();
      const why = location.protocol === "file:" ? ". A course that is still being written gets it last" : ", or there is no network";
      reject(new Error(`${url} is not there${why}`));
    };
    document.head.append(script);
  }));
}
function Engine() {
  const users = [];
  let worker;

  const engine = {
    load,
    unloaded: (error) => `The C# of this page could not be loaded: ${String(error?.message ?? error).replace(/\.$/, "")}. Run tries again.`,
    isReady: false,
    /** Adds one who uses it: told has a function for each type of message; ended takes why, in words, or nothing for a stop. */
    use: (user) => users.push(user),
    /** Starts the worker where there is none. */
    async start(options) {
      if (worker) return;
      const mine = (worker = { waiting: [] });
      const isMine = () => worker === mine;
      try {
        await load("run/runtime.js");
        if (!isMine()) return;
        mine.real = startRuntime("run/");
      } catch (error) {
        if (isMine()) engine.end(engine.unloaded(error));
        return;
      }
      mine.real.onmessage = ({ data }) => {
        if (!isMine()) return;
        if (data.type === "ready") engine.isReady = true;
        if (data.type === "failed") engine.end(data.message);
        else for (const { told } of users) told[data.type]?.(data);
      };
      mine.real.onerror = (event) => {
        event.preventDefault();
        const why = event.message ? ` (${event.message})` : "";
        if (isMine()) engine.end(`The C# of this page could not be started${why}. Run tries again.`);
      };
      for (const message of [{ type: "boot", ...options }, ...mine.waiting]) mine.real.postMessage(message);
    },
    /** To the worker, once it is there. */
    post: (message) => (worker.real ? worker.real.postMessage(message) : worker.waiting.push(message)),
    /** Ends the worker, and with it all that it held. */
    end(words) {
      worker?.real?.terminate();
      worker = undefined;
      engine.isReady = false;
      for (const { ended } of users) ended(words);
    },
  };
  return engine;
}
window.engine = Engine();
window.figureEngine = Engine();
}
