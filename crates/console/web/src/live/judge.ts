// How fresh what is shown can be: a pure judgement from what was heard, and when.

export type Liveness = "live" | "polling" | "stale" | "waiting";

export interface Heard {
  /** When the stream last gave signs of life; null while it is down. */
  stream: number | null;
  /** When the server last answered a question. */
  answer: number | null;
  /** When the console started to listen. */
  since: number;
}

/** The heartbeat comes each 15 s. */
export const STREAM_LIMIT_MS = 35_000;
/** What nobody confirmed for so long is not shown as if it were so. */
export const STALE_MS = 25_000;

export function judge(heard: Heard, now: number): Liveness {
  const answered = heard.answer ?? heard.since;
  if (now - answered > STALE_MS) return "stale";
  if (heard.answer === null) return "waiting";
  return heard.stream !== null && now - heard.stream < STREAM_LIMIT_MS ? "live" : "polling";
}

/** How often to ask: rarely while the stream tells us, often while it does not. */
export const beat = (liveness: Liveness) => (liveness === "live" ? 10_000 : 4_000);
