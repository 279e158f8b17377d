// Which minions are drawn at which master: each where it was last seen, the rest apart.
import type { Cluster, MinionPresence } from "../api/types";

export interface Placement {
  /** Master id → its minions. */
  on: Map<string, MinionPresence[]>;
  /** Seen on no master that the cluster has now. */
  nowhere: MinionPresence[];
}

const RANK = { lost: 0, unknown: 1, present: 2 };

export function place(cluster: Cluster, minions: MinionPresence[]): Placement {
  const on = new Map<string, MinionPresence[]>(cluster.masters.map((one) => [one.master_id, []]));
  const nowhere: MinionPresence[] = [];
  const own = minions.filter((one) => one.cluster_id === cluster.cluster_id);
  own.sort((a, b) => RANK[a.status] - RANK[b.status] || a.minion.localeCompare(b.minion, "en", { numeric: true }));
  for (const minion of own) (on.get(minion.master ?? "") ?? nowhere).push(minion);
  return { on, nowhere };
}
