// Many changes, few questions: what changed is asked for again, at most a few times a second, and never starved.
import type { QueryClient, QueryKey } from "@tanstack/react-query";

import type { Change } from "../api/stream";

const PAUSE_MS = 250;

/** What a change makes old. */
export function touched(change: Change): QueryKey[] {
  if (!("jid" in change) && change.topic === "everything") return [[]];
  const jid = "jid" in change ? change.jid : undefined;
  switch (change.topic) {
    case "commands":
    case "outcomes":
      return [["jobs"], jid ? ["job", jid] : ["job"]];
    case "clusters":
    case "masters":
    case "minions":
      return [["fleet"]];
    default:
      return [[]];
  }
}

export class Refresher {
  private readonly dirty = new Map<string, QueryKey>();
  private running = false;

  constructor(private readonly client: QueryClient) {}

  changed(change: Change) {
    for (const key of touched(change)) this.dirty.set(JSON.stringify(key), key);
    if (!this.running) void this.run();
  }

  private async run() {
    this.running = true;
    while (this.dirty.size > 0) {
      const keys = [...this.dirty.values()];
      this.dirty.clear();
      await Promise.all(keys.map((queryKey) => this.client.invalidateQueries({ queryKey })));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.running = false;
  }
}
