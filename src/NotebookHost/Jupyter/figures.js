"use strict";
// In Jupyter the kernel of the notebook computes the states of a figure, over a comm of this page's own (FigureComms.cs); what
// live.js asks and hears is as in a page of the site, where a worker computes them.
{
const Busy = 2000; // until a kernel that does not answer is called busy, in milliseconds
const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
const base = new URL(document.body.dataset.baseUrl ?? config.baseUrl ?? "/", location.href);
const token = config.token || new URLSearchParams(location.search).get("token");
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The notebook that the address names, or the one that is open. */
async function kernel() {
  const headers = token ? { Authorization: `token ${token}` } : {};
  const response = await fetch(new URL("api/sessions", base), { headers });
  if (!response.ok) throw new Error(`Jupyter does not say which kernels run (${response.status}).`);
  const sessions = (await response.json()).filter(({ type, kernel }) => type === "notebook" && kernel);
  const here = decodeURIComponent(location.pathname);
  const session = sessions.find(({ path }) => here.endsWith(`/${path}`)) ?? sessions[0];
  if (!session) throw new Error("No kernel runs: run the first cell of the notebook.");
  return session.kernel.id;
}
function open(id, session) {
  const url = new URL(`api/kernels/${id}/channels?session_id=${session}${token ? `&token=${token}` : ""}`, base);
  url.protocol = url.protocol.replace("http", "ws");
  return new WebSocket(url);
}

const users = [];
let current;
const engine = (window.figureEngine = {
  isReady: false,
  use: (user) => users.push(user),
  async start() {
    if (current) return;
    const session = newId();
    const mine = (current = { comm: newId(), asked: new Map() });
    const isMine = () => current === mine;
    const end = (words) => isMine() && engine.end(words);
    const tell = (type, data) => users.forEach(({ told }) => told[type]?.(data));
    mine.send = (type, content) =>
      mine.socket.send(
        JSON.stringify({
          header: { msg_id: newId(), username: "", session, date: new Date().toISOString(), msg_type: type, version: "5.3" },
          ...{ parent_header: {}, metadata: {}, buffers: [], channel: "shell" },
          content: { comm_id: mine.comm, ...content },
        })
      );
    try {
      mine.socket = open(await kernel(), session);
    } catch (error) {
      return end(error.message);
    }
    const begin = () => {
      engine.isReady = false;
      mine.send("comm_open", { target_name: "notebooksupport.figures", data: {} });
      mine.busy = setTimeout(() => tell("waits", "The kernel is busy with a cell"), Busy);
    };
    mine.socket.onopen = begin;
    mine.socket.onclose = mine.socket.onerror = () => end("The connection to the kernel has ended.");
    mine.socket.onmessage = ({ data }) => {
      if (!isMine() || typeof data !== "string") return;
      const { header, content } = JSON.parse(data);
      const type = header?.msg_type;
      if (content?.comm_id !== mine.comm) return;
      // A kernel that was started again does not know what the one before it had opened.
      if (type === "comm_close")
        return engine.isReady ? begin() : end("The kernel of this notebook is not the one of the course, which alone moves its figures.");
      if (type !== "comm_msg") return;
      mine.asked.delete(content.data.id);
      if (content.data.type === "ready") {
        clearTimeout(mine.busy);
        engine.isReady = true;
        for (const message of mine.asked.values()) mine.send("comm_msg", { data: message });
      }
      tell(content.data.type, content.data);
    };
  },
  post(message) {
    current.asked.set(message.id, message);
    if (engine.isReady) current.send("comm_msg", { data: message });
  },
  end(words) {
    clearTimeout(current?.busy);
    current?.socket?.close();
    current = undefined;
    engine.isReady = false;
    for (const { ended } of users) ended(words);
  },
});
}
