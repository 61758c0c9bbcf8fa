// Runs C# cells, or computes figures, in a worker of its own, so that a page stays alive meanwhile and can end it with terminate().
// In:  {type: "boot", compiler?, cells?}, {type: "run", cell, code, number?, usings?, cells?}, {type: "compiler"},
//      {type: "complete", code, position}, {type: "hint", cell, exercise, step}. The cells are those of a page, compiled when it
//      was written, by its name: with them, or with compiler: false, the compiler is loaded when a cell first needs it.
//      Or {type: "boot", figures: true}, {type: "figure", id, name, asked}: that is another program, a third as large.
// Out: {type: "progress", loaded, total}, {type: "ready"}, {type: "started", cell}, {type: "output", cell, output, line?},
//      {type: "update", cell, output}, {type: "done", cell, ok, milliseconds}, {type: "completed", start, end, items},
//      {type: "hint", cell, text}, {type: "figure", id, state, milliseconds} or {type: "figure", id, message},
//      {type: "failed", message}. An output is one of nbformat; a state is what LiveFigures.cs answers.
(() => {
  "use strict";
  const isBlob = location.protocol === "blob:";
  const given = Promise.withResolvers?.() ?? deferred();
  const native = {};
  const late = {}; // The packs that came after the start.
  let runtime;
  let waiting = 0;
  let count = 0;
  let queue = Promise.resolve();

  function deferred() {
    const parts = {};
    parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
    return parts;
  }

  class Missing extends Error {}

  // The memory and the table of functions belong to the runtime, which keeps them to itself.
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = globalThis.WebAssembly?.[name];
    if (original)
      WebAssembly[name] = async (...parts) => {
        const made = await original.apply(WebAssembly, parts);
        const { exports } = made.instance ?? made;
        if (exports.memory && exports.__indirect_function_table)
          Object.assign(native, { memory: exports.memory, table: exports.__indirect_function_table });
        return made;
      };
  }

  /** The files as one stream each: from the network, or from the page where it is a file. */
  async function streams(names) {
    const { sizes, files } = isBlob ? await given.promise : { sizes: await list() };
    const total = names.reduce((sum, name) => sum + sizes[name], 0);
    let loaded = 0;
    let told = 0;
    const count = () =>
      new TransformStream({
        transform(bytes, controller) {
          loaded += bytes.length;
          if (performance.now() - told > 100 || loaded === total) {
            told = performance.now();
            postMessage({ type: "progress", loaded, total });
          }
          controller.enqueue(bytes);
        },
      });
    return async (name) => {
      const body = isBlob ? new Blob([files[name] ?? (await asked(name))]).stream() : (await fetched(name)).body;
      return body.pipeThrough(count()).pipeThrough(new DecompressionStream("gzip"));
    };
  }
  /** A file that the page did not give at the start. */
  function asked(name) {
    late[name] ??= Promise.withResolvers?.() ?? deferred();
    postMessage({ type: "need", name });
    return late[name].promise;
  }
  async function fetched(name) {
    let response;
    try {
      response = await fetch(new URL(name, location.href));
    } catch {
      throw new Missing(`The C# of this page could not be loaded (${name}): there is no network, and it was not kept.`);
    }
    if (!response.ok)
      throw new Missing(`The C# of this page could not be loaded: ${name} is not there (${response.status}).`);
    return response;
  }
  const list = async () => (await fetched("files.json")).json();

  /** A pack is the length of its list in four bytes, the list as JSON, and the files one after the other. */
  async function unpacked(stream) {
    const bytes = await new Response(stream).arrayBuffer();
    const length = new DataView(bytes).getUint32(0, true);
    const names = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
    let start = 4 + length;
    const files = new Map();
    for (const [name, size] of names) {
      files.set(name, new Uint8Array(bytes, start, size));
      start += size;
    }
    return files;
  }

  /** The cells of a page that were compiled when it was written, or nothing. */
  function preparedOf(page) {
    prepared ??= (async () => {
      const name = `cells/${page}.bin`;
      try {
        const body = isBlob ? new Blob([await asked(name)]).stream() : (await fetched(name)).body;
        return new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
      } catch {
        return null;
      }
    })();
    return prepared;
  }
  let prepared;
  /** Gives them to the runtime. */
  function withCells(page) {
    taken ??= preparedOf(page).then((cells) => cells && runtime.Prepare(cells));
    return taken;
  }
  let taken;

  async function boot({ exact = false, compiler = true, cells, figures = false }) {
    if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function")
      throw new Missing("This browser is too old to run C# in a page; the stored outputs are what the cells show.");
    self.dotnetSidecar = true;
    const program = figures ? "NotebookFigures" : "NotebookBrowser";
    compiler &&= !figures && !(cells && (await preparedOf(cells)));
    const names = [figures ? "figures.bin" : "library.bin", ...(compiler ? [Compiler] : [])];
    const open = await streams(["native.bin", ...names]);
    const wasm = open("native.bin");
    const packs = Promise.all(names.map((name) => open(name).then(unpacked)));
    wasm.catch(() => {});
    packs.catch(() => {});
    const scripts = await addresses();
    const { dotnet } = await import(scripts("dotnet.js"));
    const answer = (bytes, type) => new Response(bytes, { headers: { "Content-Type": type } });
    const { setModuleImports, getAssemblyExports } = await dotnet
      .withModuleConfig({
        async onConfigLoaded(config) {
          const { resources } = config;
          const isCore = ({ name }) => resources.coreAssembly.some((core) => core.name === name);
          const there = (await packs).flatMap((pack) => [...pack.keys()].map((name) => ({ name, virtualPath: name })));
          config.mainAssemblyName = program;
          Object.assign(resources, { coreAssembly: there.filter(isCore), assembly: there.filter((file) => !isCore(file)) });
        },
      })
      .withResourceLoader((type, name) =>
        type === "dotnetjs" ? scripts(name)
        : type === "dotnetwasm" ? wasm.then((stream) => answer(stream, "application/wasm"))
        : packs.then((all) => {
            const found = all.find((pack) => pack.has(name));
            if (!found) throw new Missing(`The C# of this page is not whole: ${name} is missing.`);
            return answer(found.get(name), "application/octet-stream");
          })
      )
      .create();
    setModuleImports("runtime-worker.js", {
      post(type, cell, output, line) {
        const message = { type, cell, output: JSON.parse(output) };
        if (line > 0) message.line = line;
        postMessage(message);
      },
      addKernel(code) {
        const imports = { env: { memory: native.memory, fma } };
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), imports);
        const index = native.table.grow(1);
        native.table.set(index, exports.f);
        return index;
      },
    });
    runtime = (await getAssemblyExports(program)).NotebookHost.Program;
    await runtime.OpenAsync(exact);
    postMessage({ type: "ready" });
    if (!compiler) return;
    compiling = Promise.resolve();
    setTimeout(warmUp);
  }
  let isWarm = false;
  function warmUp() {
    if (waiting > 0 || isWarm) return;
    isWarm = true;
    runtime.WarmUp();
  }

  const Compiler = "compiler.bin";
  let compiling;
  /** Loads the compiler into a runtime that started without it. Where no cell waits for it, its absence ends nothing. */
  function withCompiler(isWanted = false) {
    compiling ??= streams([Compiler])
      .then((open) => open(Compiler))
      .then(unpacked)
      .then((files) => files.forEach((bytes) => runtime.Load(bytes)));
    compiling.catch((error) => {
      compiling = undefined;
      if (isWanted) failed(error);
    });
    return compiling;
  }

  async function hint({ cell, exercise, step }) {
    await booted;
    postMessage({ type: "hint", cell, text: runtime.Hint(exercise, step) });
  }

  async function figure({ id, name, asked }) {
    await booted;
    const start = performance.now();
    try {
      const state = JSON.parse(runtime.Figure(name, JSON.stringify(asked)));
      postMessage({ type: "figure", id, state, milliseconds: performance.now() - start });
    } catch (error) {
      postMessage({ type: "figure", id, message: String(error?.message ?? error).split("\n")[0] });
    }
  }

  /** x y + z, rounded once, in whole numbers: for the few that the emulation in WebAssembly leaves. */
  function fma(x, y, z) {
    if (![x, y, z].every(Number.isFinite)) return Number.isFinite(x) && Number.isFinite(y) ? z : x * y + z;
    if (x === 0 || y === 0) return x * y + z;
    const [mx, ex] = parts(x);
    const [my, ey] = parts(y);
    const [mz, ez] = parts(z);
    const low = Math.min(ex + ey, ez);
    let sum = ((mx * my) << BigInt(ex + ey - low)) + (mz << BigInt(ez - low));
    if (sum === 0n) return 0;
    const isNegative = sum < 0n;
    if (isNegative) sum = -sum;
    const last = Math.max(sum.toString(2).length + low - 53, -1074);
    const shift = BigInt(Math.max(0, last - low));
    let kept = sum >> shift;
    const twice = (sum - (kept << shift)) << 1n;
    const unit = 1n << shift;
    if (shift > 0n && (twice > unit || (twice === unit && (kept & 1n)))) kept += 1n;
    const power = Math.max(last, low);
    const size = power < -500 ? Number(kept) * 2 ** (power + 600) * 2 ** -600 : Number(kept) * 2 ** power;
    return isNegative ? -size : size;
  }
  /** A number as a whole number and a power of two. */
  function parts(x) {
    view.setFloat64(0, x);
    const bits = view.getBigUint64(0);
    const exponent = Number((bits >> 52n) & 2047n);
    const mantissa = (bits & ((1n << 52n) - 1n)) | (exponent > 0 ? 1n << 52n : 0n);
    return [bits >> 63n ? -mantissa : mantissa, Math.max(exponent, 1) - 1075];
  }
  const view = new DataView(new ArrayBuffer(8));

  /** Where the scripts of .NET are; of a page that is a file, they lie in memory. */
  async function addresses() {
    if (!isBlob) return (name) => new URL(name, location.href).href;
    const { scripts } = await given.promise;
    const made = {};
    return (name) =>
      (made[name] ??= URL.createObjectURL(
        new Blob([scripts[name].replaceAll("import.meta.url", '"https://page.invalid/"')], { type: "text/javascript" })
      ));
  }

  async function run({ cell, code, number, usings = [], cells }) {
    await booted;
    if (cells) await withCells(cells);
    if (usings.length > 0 || !runtime.IsPrepared(code)) await withCompiler(true);
    postMessage({ type: "started", cell });
    const start = performance.now();
    let ok = false;
    try {
      ok = await runtime.RunAsync(cell, code, number ?? ++count, usings.join("\n"));
    } catch (error) {
      const message = overflowed || isStack(error)
        ? "The calls of the cell nest too deep for a browser, and its C# has to be started again."
        : `The C# of this page has ended and has to be started again (${String(error?.message ?? error).split("\n")[0]}).`;
      postMessage({ type: "output", cell, output: { output_type: "error", ename: "RuntimeEnded", evalue: message, traceback: [message] } });
      postMessage({ type: "failed", message });
    }
    waiting--;
    postMessage({ type: "done", cell, ok, milliseconds: Math.round(performance.now() - start) });
    // A reader who has run what is stored will change it, perhaps without a network.
    clearTimeout(ahead);
    if (!compiling && !navigator.connection?.saveData) ahead = setTimeout(() => waiting === 0 && withCompiler().catch(() => {}), 3000);
  }
  let ahead;
  // A stack that overflows is told on the console, a line each call, and ends the runtime.
  let overflowed = false;
  const tell = console.error;
  console.error = (...parts) => {
    overflowed ||= parts.some((part) => String(part).includes("StackOverflowException"));
    if (!overflowed) tell.apply(console, parts);
  };
  const isStack = (error) => error instanceof RangeError || /call stack/i.test(error?.message ?? "");

  let booted;
  function start(options = {}) {
    booted ??= boot(options);
    booted.catch(failed);
    return booted;
  }
  function failed(error) {
    postMessage({
      type: "failed",
      message: error instanceof Missing ? error.message : `The C# of this page did not start: ${error?.message ?? error}.`,
    });
  }
  onmessage = ({ data }) => {
    if (data.type === "files") given.resolve(data);
    else if (data.type === "nofiles") given.reject(new Missing(data.message));
    else if (data.type === "file") late[data.name].resolve(data.bytes);
    else if (data.type === "nofile") {
      late[data.name].reject(new Missing(data.message));
      delete late[data.name];
    } else if (data.type === "boot") start(data);
    else if (data.type === "run") {
      waiting++;
      start({ cells: data.cells });
      queue = queue.then(() => run(data)).catch(() => {});
    } else if (data.type === "hint") {
      start({ compiler: false });
      queue = queue.then(() => hint(data)).catch(() => {});
    } else if (data.type === "figure") {
      start({ figures: true });
      queue = queue.then(() => figure(data)).catch(() => {});
    } else if (data.type === "compiler") {
      start();
      queue = queue
        .then(() => booted)
        .then(() => withCompiler())
        .then(warmUp)
        .catch(() => {});
    } else if (data.type === "complete") {
      start();
      queue = queue
        .then(() => booted)
        .then(() => withCompiler())
        .then(() => postMessage({ type: "completed", ...JSON.parse(runtime.Complete(data.code, data.position)) }))
        .catch(() => postMessage({ type: "completed", start: data.position, end: data.position, items: [] }));
    }
  };
})();
