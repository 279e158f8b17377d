// A fleet for tests, in the words of the server.
import type { Cluster, ClusterMaster, CmdDetail, CmdStatus, MasterKey, MinionPresence, Presence } from "../api/types";

export const master = (master_id: string, status: Presence = "present"): ClusterMaster => ({
  master_id,
  state: "accepted",
  status,
  reason: status === "present" ? "its plugin called 2 s ago, Salt answers" : "its plugin has not called for 94 s",
  last_seen: new Date(Date.now() - 2_000).toISOString(),
  minions: 0,
});

export const cluster = (cluster_id: string, part: Partial<Cluster> = {}): Cluster => ({
  cluster_id,
  kind: "failover",
  masters: [master("m1"), master("m2")],
  minions: { present: 2, lost: 0, unknown: 0 },
  warnings: [],
  ...part,
});

export const minion = (id: string, cluster_id: string, on: string | null, status: Presence = "present"): MinionPresence => ({
  minion: id,
  master: on,
  status,
  timestamp: on === null ? null : new Date(Date.now() - 5_000).toISOString(),
  cluster_id,
  evidence: on === null ? null : "ping",
  age_s: on === null ? null : 5,
  links: null,
});

export const pendingKey = (master_id: string): MasterKey => ({
  master_id,
  state: "pending",
  created: new Date(Date.now() - 60_000).toISOString(),
  fingerprint: "9f2c4e1ab07d5533c1e8a94410ffb2d7735e01c29d6b84aa6f20e3d1c5b7f0a6",
  cluster_id: "eu-web",
  kind: "failover",
  reason: "",
  changed: new Date().toISOString(),
  last_seen: new Date().toISOString(),
  public_key: "",
});

export const outcome = (minion_id: string, part: Partial<CmdDetail> = {}): CmdDetail => ({
  jid: "20260102030405000678",
  minion_id,
  cluster_id: "eu-web",
  master_id: "m1",
  state: "succeeded",
  reason: "",
  has_return: true,
  has_errors: false,
  retcode: 0,
  late: false,
  ran_twice: false,
  unexpected: false,
  witnesses: 1,
  alter_time: "2026-01-02T03:04:06Z",
  return: null,
  ...part,
});

export const status = (part: Partial<CmdStatus> = {}): CmdStatus => ({
  jid: "20260102030405000678",
  state: "retrieved",
  expected: 4,
  returned: 3,
  returned_good: 2,
  returned_failed: 1,
  open: 1,
  tracked: [],
  done: false,
  ...part,
});
