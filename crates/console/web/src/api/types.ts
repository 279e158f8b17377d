// What the server's methods take and return: the part of crates/api that the console uses, word for word.

export type Presence = "present" | "lost" | "unknown";
export type KeyState = "accepted" | "pending" | "rejected";
export type Kind = "failover" | "hot" | "single" | "native";
export type CommandKind = "local" | "runner" | "wheel";
export type OutcomeState =
  | "queued"
  | "delivered"
  | "running"
  | "succeeded"
  | "failed"
  | "no_answer"
  | "not_delivered"
  | "result_unknown"
  | "cancelled";
export type CommandState =
  | "new"
  | "retrieved"
  | "skipped"
  | "pausing"
  | "paused"
  | "resuming"
  | "resumed"
  | "completed_missing_returns"
  | "completed_failures"
  | "completed_all_successful"
  | "stopping"
  | "stopped"
  | "disabled";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export interface Page<T> {
  count: number;
  limit: number;
  results: T[];
}

export interface ClusterMaster {
  master_id: string;
  state: KeyState;
  status: Presence;
  reason: string;
  last_seen: string | null;
  minions: number;
}

export interface Warning {
  code: string;
  message: string;
  fix: string;
}

export interface Cluster {
  cluster_id: string;
  kind: Kind;
  masters: ClusterMaster[];
  minions: { present: number; lost: number; unknown: number };
  warnings: Warning[];
}

export interface MinionPresence {
  minion: string;
  master: string | null;
  status: Presence;
  timestamp: string | null;
  cluster_id: string;
  evidence: string | null;
  age_s: number | null;
}

export interface MasterKey {
  master_id: string;
  state: KeyState;
  created: string;
  fingerprint: string;
  cluster_id: string | null;
  kind: Kind;
  reason: string;
  changed: string;
  last_seen: string;
  public_key: string;
}

export interface MasterKeyAct {
  master_id: string;
  done: boolean;
  fingerprint: string | null;
  message: string;
}

export interface Cmd {
  cmd: CommandKind;
  duration: number | null;
  expected: number;
  fun: string;
  jid: string;
  job_name: string | null;
  job_source: string;
  masters_done: string[];
  masters_to: string[];
  origination: string;
  returned: number;
  returned_failed: number;
  returned_good: number;
  not_returned: number;
  start_time: string;
  state: CommandState;
  tgt: Json;
  arg: Json;
  clusters: string[];
  warnings: string[];
  user: string;
}

export interface CmdStatus {
  jid: string;
  state: CommandState;
  expected: number;
  returned: number;
  returned_good: number;
  returned_failed: number;
  open: number;
  done: boolean;
}

export interface CmdDetail {
  jid: string;
  minion_id: string;
  cluster_id: string;
  master_id: string | null;
  state: OutcomeState;
  reason: string;
  has_return: boolean;
  has_errors: boolean | null;
  retcode: number | null;
  late: boolean;
  ran_twice: boolean;
  unexpected: boolean;
  witnesses: number;
  alter_time: string;
  return?: Json;
}

export interface Target {
  tgt: string | string[];
  tgt_type: string;
}

export interface RouteCmdParams {
  cmd: CommandKind;
  fun: string;
  masters?: string[];
  arg?: { arg?: Json[]; kwarg?: Record<string, Json> };
  tgt?: Record<string, Target>;
}
