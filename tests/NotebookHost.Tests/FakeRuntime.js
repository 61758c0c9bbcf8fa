// Stands for the runtime of C#, whose protocol it speaks, in tests of the page: it knows a few statements, one a line.
"use strict";
function startRuntime() {
  const log = (window.runtimeLog ??= []);
  let isEnded = false;
  let queue = Promise.resolve();
  let displays = 0;
  const names = new Set();
  const worker = {
    terminate() {
      isEnded = true;
      log.push("terminate");
    },
    postMessage(message) {
      log.push(message.type === "run" ? ["run", message.cell, ...(message.usings ?? [])].join(" ") : message.type);
      if (message.type === "boot") queue = queue.then(boot);
      if (message.type === "run") queue = queue.then(() => run(message));
      if (message.type === "hint")
        queue = queue.then(() => tell({ type: "hint", cell: message.cell, text: `Hint ${message.step} of 2: of ${message.exercise}` }));
      if (message.type === "complete")
        tell({ type: "completed", start: message.position - 3, end: message.position, items: [{ text: "Network", kind: "namedtype" }] });
    },
  };
  const tell = (data) => !isEnded && worker.onmessage?.({ data });
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
  async function boot() {
    if (window.bootFails) return tell({ type: "failed", message: window.bootFails }), new Promise(() => {});
    for (const part of [1, 2, 4]) {
      tell({ type: "progress", loaded: part * 1_050_000, total: 8_400_000 });
      await wait(window.bootPace ?? 5);
    }
    tell({ type: "ready" });
  }
  async function run({ cell, code, number }) {
    if (isEnded) return;
    tell({ type: "started", cell });
    const bundle = (kind, text) => ({ [kind]: text });
    const show = (output) => tell({ type: "output", cell, output });
    let ok = true;
    const lines = code.split("\n");
    for (const [i, line] of lines.entries()) {
      await wait(1);
      const text = (pattern) => pattern.exec(line)?.[1].replaceAll('\\"', '"').replaceAll("\\n", "\n");
      const fail = (name, words) => {
        show({ output_type: "error", ename: name, evalue: words, traceback: [`${name}: ${words}`, `   at cell ${number}, line ${i + 1}`] });
        ok = false;
      };
      const written = text(/^Console\.Write\("(.*)"\);/) ?? text(/^Console\.Error\.Write\("(.*)"\);/);
      const answer = text(/^Exercises\.Check\("1\.1", (\w+)\)$/);
      const html = answer ? card(answer === "right") : text(/^HTML\("(.*)"\)$/) ?? (/^Figure\("(.*)"\)$/.test(line) ? figure(text(/^Figure\("(.*)"\)$/)) : undefined);
      const live = text(/^Live\("(.*)"\);$/);
      if (line.startsWith("var ")) names.add(line.split(" ")[1]);
      else if (written !== undefined) show({ output_type: "stream", name: line.includes("Error") ? "stderr" : "stdout", text: written });
      else if (html !== undefined) show({ output_type: "execute_result", data: bundle("text/html", html), metadata: {}, execution_count: number });
      else if (live !== undefined) {
        const id = `${++displays}`;
        const output = (title) => ({ output_type: "display_data", data: bundle("text/html", figure(title)), transient: { display_id: id } });
        show(output("waiting"));
        await wait(20);
        tell({ type: "update", cell, output: output(live) });
      } else if (line.startsWith("throw")) fail("System.Exception", text(/"(.*)"/));
      else if (line === "Load();") tell({ type: "progress", loaded: 1_000_000, total: 2_000_000 });
      else if (line.startsWith("Wait")) await wait(Number(/\d+/.exec(line)[0]));
      else if (line === "while (true) { }") await new Promise(() => {});
      else if (/^\w+$/.test(line))
        if (names.has(line)) show({ output_type: "execute_result", data: bundle("text/plain", line), metadata: {}, execution_count: number });
        else fail("CS0103", `The name '${line}' does not exist in the current context`);
      if (!ok) break;
    }
    tell({ type: "done", cell, ok, milliseconds: 800 });
  }
  function card(isRight) {
    const state = isRight ? "solved" : "not yet";
    return (
      `<div class="notebook-card exercise"><strong>Exercise 1.1: ${state}</strong><ul><li>it is right</li></ul>` +
      `<script type="application/json">{"exercise":"1.1","state":"${state}"}</script></div>`
    );
  }
  function figure(title) {
    const data = { data: [{ type: "scatter", x: [1, 2, 3], y: [3, 1, 2] }], layout: { title: { text: title }, xaxis: { title: { text: "step" } } } };
    return (
      `<div id="figure-1-abc" class="notebook-figure" role="img" aria-label="${title}. A line of three points." data-height="300" style="height:300px"></div>` +
      `<script type="application/json">${JSON.stringify(data)}</script><script>window.evil = 1;</script>`
    );
  }
  return worker;
}
