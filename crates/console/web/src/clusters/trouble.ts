// How a cluster is, from its parts; and the order of clusters: trouble first.
import type { Cluster, ClusterMaster } from "../api/types";
import type { Health } from "../words/state";

export interface Verdict {
  health: Health | "unknown";
  /** Why, in a few words. */
  why: string;
}

/** A verdict never says healthy of what is not known to be. */
export function verdict(cluster: Cluster): Verdict {
  const masters = cluster.masters.filter((one) => one.state === "accepted");
  const up = masters.filter((one) => one.status === "present").length;
  const lost = masters.filter((one) => one.status === "lost").length;
  const waiting = cluster.masters.length - masters.length;
  if (masters.length === 0) return { health: "waiting", why: "no master is accepted yet" };
  if (lost === masters.length) return { health: "down", why: "no master answers" };
  if (up === 0) return { health: "unknown", why: "no fresh word from any master" };
  const notes = [
    up < masters.length && `${masters.length - up} of ${masters.length} masters not present`,
    cluster.minions.lost > 0 && `${cluster.minions.lost} ${cluster.minions.lost === 1 ? "minion" : "minions"} lost`,
    cluster.warnings.length > 0 && plural(cluster.warnings.length, "warning"),
    waiting > 0 && `${plural(waiting, "master")} not accepted`,
    cluster.minions.unknown > 0 && `${plural(cluster.minions.unknown, "minion")} unknown`,
  ].filter((note): note is string => typeof note === "string");
  if (notes.length > 0) return { health: "degraded", why: notes.join(", ") };
  return { health: "healthy", why: `${up} of ${masters.length} masters present` };
}

export const plural = (count: number, word: string) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

const RANK: Record<Verdict["health"], number> = { down: 0, unknown: 1, degraded: 2, waiting: 3, healthy: 4 };

export function byTrouble(clusters: Cluster[]): Cluster[] {
  const key = (cluster: Cluster) => {
    const rank = RANK[verdict(cluster).health];
    const weight = cluster.masters.filter((one) => one.status !== "present").length * 1000 + cluster.warnings.length;
    return { rank, weight };
  };
  return [...clusters].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return x.rank - y.rank || y.weight - x.weight || a.cluster_id.localeCompare(b.cluster_id);
  });
}

/** Masters: those that are not there first, else by name. */
export function mastersByTrouble(masters: ClusterMaster[]): ClusterMaster[] {
  const rank = { lost: 0, unknown: 1, present: 2 };
  return [...masters].sort((a, b) => rank[a.status] - rank[b.status] || a.master_id.localeCompare(b.master_id));
}
