// The counters of a job as parts of a whole.
import type { CmdStatus } from "../api/types";
import type { Show } from "../api/jobs";
import type { Tone } from "../words/state";

export interface Counter {
  word: string;
  count: number;
  tone: Tone;
  /** Which rows it stands for; null: cannot be asked for alone. */
  show: Show | null;
}

export function counters(status: CmdStatus): Counter[] {
  const silent = Math.max(0, status.expected - status.returned - status.open);
  return [
    { word: "Succeeded", count: status.returned_good, tone: "good", show: "succeeded" },
    { word: "Failed", count: status.returned_failed, tone: "bad", show: "failed" },
    { word: "Without return", count: silent, tone: "warning", show: "silent" },
    { word: "Running", count: status.open, tone: "busy", show: "silent" },
  ];
}
