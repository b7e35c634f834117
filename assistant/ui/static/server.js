// Talks to the Gradio server that gave us this page: plain calls, and streams that wait their turn in its queue.

class Unreachable extends Error {}
class Refused extends Error {}

const server = {
  root: "",
  base: "",
  sessions: new Map(), // of each streaming endpoint: Gradio keeps some memory for every one it has seen
  endpoints: new Map(),
  lost: false,
  onlost: () => {},
  onback: () => {},

  connect() {
    const config = window.gradio_config;
    // The address of the page rather than the one the server believes it has: a proxy may stand between.
    this.root = new URL(config.root || "/", location.href).pathname.replace(/\/$/, "");
    this.base = this.root + config.api_prefix;
    for (const dependency of config.dependencies) this.endpoints.set(dependency.api_name, dependency.id);
  },

  /** Calls an endpoint; an error of the assistant is thrown as Refused, with its message. */
  async call(name, ...data) {
    const response = await this.fetch(`/run/${name}`, { data });
    if (response.status === 401) return location.reload();
    if (!response.ok) throw await this.refusal(response);
    const reply = (await response.json()).data[0];
    if (reply.error) throw new Refused(reply.error);
    return reply;
  },

  /** Returns what a reply says that was no success. */
  async refusal(response) {
    const said = response.status < 500 ? (await response.json().catch(() => ({}))).error : "";
    return new Refused(said || "Something went wrong on the server. Try again; its log says more.");
  },

  async fetch(path, body) {
    try {
      return await fetch(this.base + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    } catch {
      this.watch();
      throw new Unreachable("The assistant cannot be reached. Check that it is running; the page connects again by itself.");
    }
  },

  /** Streams an endpoint's parts to `onpart`, its place in the queue to `onwait`; returns the last part. */
  async stream(name, data, { onpart = () => {}, onwait = () => {}, signal } = {}) {
    const session = this.sessions.get(name) || randomName();
    this.sessions.delete(name); // until it is free again
    const index = this.endpoints.get(name);
    const joined = await this.fetch("/queue/join", { data, fn_index: index, session_hash: session });
    if (joined.status === 401) return location.reload();
    if (joined.status === 503) throw new Refused("Too many people are asking at the moment. Try again in a minute.");
    if (!joined.ok) throw await this.refusal(joined);
    const { event_id } = await joined.json();
    return new Promise((resolve, reject) => {
      let part = null, started = false, outcome = null;
      const events = new EventSource(`${this.base}/queue/data?session_hash=${session}`);
      const end = (settle, value) => { events.close(); settle(value); };
      const stop = () => {
        this.fetch("/cancel", { session_hash: session, fn_index: index, event_id }).catch(() => {});
        end(reject, new DOMException("Stopped", "AbortError"));
      };
      // It may have been stopped while the server was taking the question.
      if (signal?.aborted) return stop();
      signal?.addEventListener("abort", stop);
      events.onerror = () => { if (outcome) return end(...outcome); this.watch(); end(reject, new Unreachable("The connection was lost before the answer came.")); };
      events.onmessage = (event) => {
        const message = JSON.parse(event.data);
        // The next in line has usually no time to read so: it is only said to those who do wait.
        if (message.msg === "estimation") setTimeout(() => started || onwait(message.rank ?? 0), message.rank ? 0 : 1000);
        if (message.msg === "process_starts") started = true;
        if (message.msg === "process_generating") {
          part = patched(part, message.output.data?.[0]);
          if (part && !part.error) onpart(part);
        }
        if (message.msg === "unexpected_error") end(reject, new Refused("The server stopped before the answer came. Try again."));
        if (message.msg === "process_completed") {
          if (!message.success) outcome = [reject, new Refused("Something went wrong on the server. Try again; its log says more.")];
          else if (part?.error) outcome = [reject, new Refused(part.error)];
          else outcome = [resolve, part];
        }
        if (message.msg === "close_stream" && outcome) {
          this.sessions.set(name, session); // only now has the server let go of it
          end(...outcome);
        }
      };
    });
  },

  /** Sends a file, or a text without a name, and returns the token that the server knows it by. */
  upload(content, name, onprogress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.root}/uploads`);
      request.setRequestHeader("X-File-Name", encodeURIComponent(name));
      request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total);
      request.onerror = () => { this.watch(); reject(new Unreachable("The connection was lost while the file was sent. Try again.")); };
      request.onload = () => {
        let reply = {};
        try { reply = JSON.parse(request.responseText); } catch { /* not from our server: said below */ }
        if (reply.upload) resolve(reply.upload);
        else reject(new Refused(reply.error || "The server did not take this file. Try again, or paste its text."));
      };
      request.send(new Blob([content]));
    });
  },

  /** Asks now and then whether the server is back, once it was lost. */
  async watch() {
    if (this.lost) return;
    this.lost = true;
    this.onlost();
    for (let back = false; !back; ) {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      back = await fetch(`${this.base}/startup-events`).then((response) => response.ok, () => false);
    }
    this.lost = false;
    this.onback();
  },
};

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

/** Returns a part with Gradio's list of changes applied, or the part itself when it came whole. */
function patched(part, sent) {
  if (!Array.isArray(sent)) return sent;
  let result = structuredClone(part);
  for (const [action, path, value] of sent) {
    if (path.length === 0) { result = value; continue; }
    const last = path[path.length - 1];
    const holder = path.slice(0, -1).reduce((inner, key) => inner[key], result);
    if (action === "append") holder[last] += value;
    else if (action === "delete") Array.isArray(holder) ? holder.splice(last, 1) : delete holder[last];
    else if (action === "add" && Array.isArray(holder)) holder.splice(last, 0, value);
    else holder[last] = value;
  }
  return result;
}
