// Clusters, minions and waiting keys, asked for in one request so that they are of one moment.
import { useQuery } from "@tanstack/react-query";

import { sentence } from "./error";
import { useBeat } from "../live/connection";
import { type Reply, rpcAll, value } from "./rpc";
import type { Cluster, MasterKey, MinionPresence, Page } from "./types";

/** Most minions drawn one by one; counters are always of all. */
export const MINIONS_DRAWN = 2000;

export interface Fleet {
  clusters: Cluster[];
  minions: MinionPresence[];
  /** How many minions there are in all. */
  minionCount: number;
  pending: MasterKey[];
  /** Parts that could not be had, as sentences. */
  missing: string[];
}

async function fleet(signal: AbortSignal): Promise<Fleet> {
  const replies = await rpcAll(
    [
      { resource: "cluster", method: "get_clusters", kwarg: { limit: -1 } },
      {
        resource: "minions",
        method: "get_minion_presence",
        kwarg: { separate_master_cluster_ids: true, limit: MINIONS_DRAWN },
      },
      { resource: "master", method: "get_master_keys", kwarg: { state: "pending" } },
    ],
    signal,
  );
  const clusters = value<Page<Cluster>>(replies[0]).results;
  const missing: string[] = [];
  const minions = part<Page<MinionPresence>>("Minions", replies[1], missing);
  const pending = part<MasterKey[]>("Pending masters", replies[2], missing) ?? [];
  return { clusters, minions: minions?.results ?? [], minionCount: minions?.count ?? 0, pending, missing };
}

function part<T>(what: string, reply: Reply | undefined, missing: string[]): T | null {
  try {
    return value<T>(reply);
  } catch (error) {
    missing.push(`${what}: ${sentence(error)}`);
    return null;
  }
}

export function useFleet() {
  const refetchInterval = useBeat();
  return useQuery({ queryKey: ["fleet"], queryFn: ({ signal }) => fleet(signal), refetchInterval });
}
