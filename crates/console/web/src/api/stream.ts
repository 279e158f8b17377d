// /stream, for as long as it takes: connects, resumes from its last number, waits longer after each failure.
import { EventReader } from "./sse";
import { currentSession, endSession } from "./session";

/** What changed. A snapshot says: look at everything. */
export type Change = { topic: "everything" } | { topic: string; cluster_id?: string; jid?: string };

export interface Listener {
  /** Bytes came: the connection is alive. */
  alive: () => void;
  /** It broke; another try follows. */
  lost: () => void;
  changed: (change: Change) => void;
}

/** The server sends a heartbeat each 15 s. */
const SILENCE_MS = 35_000;
const WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000];

/** Follows the stream until `signal`. */
export async function follow(listener: Listener, signal: AbortSignal): Promise<void> {
  let last = "";
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await connect(
        last,
        (id) => {
          last = id || last;
          failures = 0;
        },
        listener,
        signal,
      );
    } catch {
      // Whatever it was, the answer is the same: say so, wait, try again.
    }
    if (aborted(signal)) return;
    listener.lost();
    await pause(WAITS_MS[Math.min(failures, WAITS_MS.length - 1)] ?? 10_000, signal);
  }
}

const aborted = (signal: AbortSignal) => signal.aborted;

async function connect(last: string, got: (id: string) => void, listener: Listener, signal: AbortSignal) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const token = currentSession()?.token ?? "";
  try {
    const response = await fetch("/stream", {
      headers: { accept: "text/event-stream", authorization: `JWT ${token}`, ...(last ? { "last-event-id": last } : {}) },
      signal: AbortSignal.any([signal, silence.signal]),
      cache: "no-store",
    });
    if (response.status === 401 && currentSession()?.token === token) {
      endSession("Your sign-in has expired. Sign in again to go on where you were.");
    }
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    const reader = new EventReader();
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await text.read(); !part.done; part = await text.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      listener.alive();
      for (const event of reader.take(part.value)) {
        got(event.id);
        listener.changed(read(event.event, event.data));
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function read(event: string, data: string): Change {
  if (event !== "change") return { topic: "everything" };
  try {
    return JSON.parse(data) as Change;
  } catch {
    return { topic: "everything" };
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
