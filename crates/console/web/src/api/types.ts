// What the server's methods take and return. Written by `npm run types` from etc/openapi.json; not by hand.

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** One page of a list. */
export interface Page<T> {
  /** How many there are in all, over all pages. */
  count: number;
  /** How many were asked for; -1 means all. */
  limit: number;
  /** This page. */
  results: T[];
}

/** One cluster: a group, as the console shows it. */
export interface Cluster {
  /** Cluster id; the master id for a single master. */
  cluster_id: string;
  /** Kind. */
  kind: Kind;
  /** Its masters, by id. */
  masters: ClusterMaster[];
  /** Its minions, counted once each. */
  minions: MinionCounts;
  /** What is wrong, each with its fix. */
  warnings: Warning[];
}

/** Kind of a cluster. */
export type Kind = "failover" | "hot" | "single" | "native";

/** One master of a cluster. */
export interface ClusterMaster {
  /** Master id. */
  master_id: string;
  /** State of its key. */
  state: string;
  /** Presence. */
  status: Presence;
  /** Why the status is what it is, as `its plugin called 2 s ago, Salt answers`. */
  reason: string;
  /** When its plugin last called. */
  last_seen: string | null;
  /** How many present minions are on it now. */
  minions: number;
}

/** Whether a master or minion is there. Always shown with an age. */
export type Presence = "present" | "lost" | "unknown";

/** Minions of a cluster by presence. */
export interface MinionCounts {
  /** With fresh evidence. */
  present: number;
  /** Did not answer. */
  lost: number;
  /** Cannot be said. */
  unknown: number;
}

/** Something wrong with a cluster. */
export interface Warning {
  /** Stable word, as `salt_keys_differ`. */
  code: string;
  /** What is wrong, with the values. */
  message: string;
  /** What to do. */
  fix: string;
}

/** Presence of one minion. */
export interface MinionPresence {
  /** Minion id. */
  minion: string;
  /** The cluster's id (the master's for a single master); with `separate_master_cluster_ids` the master that it was last seen on, null when it never was. */
  master: string | null;
  /** Presence. */
  status: Presence;
  /** When it was last seen; null: never. */
  timestamp: string | null;
  /** Cluster (ours). */
  cluster_id: string;
  /** What was seen: start, auth, event, return, ping (ours). */
  evidence: string | null;
  /** Seconds since then (ours). */
  age_s: number | null;
  /** What each master saw of it, when asked for with `include_links`: a hot-hot minion is on several at once (ours). */
  links: MinionLink[] | null;
}

/** A minion as one master sees it. */
export interface MinionLink {
  /** Master. */
  master_id: string;
  /** Whether it is there. Unknown also where it may have left for another master. */
  status: Presence;
  /** When it was last seen there; null: never, it was only asked in vain. */
  timestamp: string | null;
  /** What was seen: start, auth, event, return, ping. */
  evidence: string | null;
  /** Seconds since then. */
  age_s: number | null;
}

/** One key. */
export interface MasterKey {
  /** Master that offers it. */
  master_id: string;
  /** State. */
  state: "accepted" | "pending" | "rejected";
  /** When it was first offered. */
  created: string;
  /** SHA-256 of the key, hex: compare it with what `raas-plugin status` shows on the master. */
  fingerprint: string;
  /** Cluster id that the master declares; null for a single master. */
  cluster_id: string | null;
  /** Kind of cluster that the master declares. */
  kind: Kind;
  /** Why the state is what it is; empty when there is nothing to say. */
  reason: string;
  /** When the state last changed. */
  changed: string;
  /** When the master last offered it. */
  last_seen: string;
  /** The key, SPKI PEM. */
  public_key: string;
}

/** What was done for one master. */
export interface MasterKeyAct {
  /** Master. */
  master_id: string;
  /** Whether it was done (or was so already). */
  done: boolean;
  /** Fingerprint of the key that it was done to. */
  fingerprint: string | null;
  /** A sentence: what was done, or why not. */
  message: string;
}

/** Parameters, in positional order. */
export interface SetMasterKeyStateParams {
  /** Master ids. */
  masters: string[];
  /** What to do. */
  action: KeyActAction;
  /** Only the key with this fingerprint (ours). Without it: accept takes the key that waits, when there is only one and no other is accepted; reject takes the newest that waits, else the accepted one; delete takes all. */
  fingerprint?: string | null;
}

/** What can be done to a key. */
export type KeyActAction = "accept" | "reject" | "delete";

/** One command. */
export interface Cmd {
  /** local, runner, wheel. */
  cmd: CommandKind;
  /** Seconds from start to the end; null while it runs. */
  duration: number | null;
  /** Outcomes expected. */
  expected: number;
  /** Function. */
  fun: string;
  /** Whether it was a highstate. */
  is_highstate: boolean;
  /** Jid. */
  jid: Jid;
  /** Description of the saved job. */
  job_desc: string | null;
  /** Name of the saved job. */
  job_name: string | null;
  /** `raas`, or `salt` for a job seen on a master. */
  job_source: string;
  /** Saved job. */
  job_uuid: string | null;
  /** Masters that took and answered their delivery. */
  masters_done: string[];
  /** Masters it went to. */
  masters_to: string[];
  /** `Ad-Hoc`, `Scheduled`, … */
  origination: string;
  /** Outcomes with a return. */
  returned: number;
  /** … that failed. */
  returned_failed: number;
  /** … that succeeded. */
  returned_good: number;
  /** Outcomes that ended without a return, or are still open. */
  not_returned: number;
  /** Schedule. */
  sched_name: string | null;
  /** Schedule. */
  sched_uuid: string | null;
  /** When it was sent. */
  start_time: string;
  /** State. */
  state: CommandState;
  /** Target as asked for (ours). */
  tgt: Json;
  /** Arguments (ours). */
  arg: Json;
  /** Target group's description. */
  tgt_desc: string | null;
  /** Target group's name. */
  tgt_name: string | null;
  /** Target group. */
  tgt_uuid: string | null;
  /** Clusters it went to (ours). */
  clusters: string[];
  /** What deserved a look when it was planned (ours). */
  warnings: string[];
  /** Who. */
  user: string;
  /** Who. */
  user_uuid: string | null;
}

/** What runs a function. */
export type CommandKind = "local" | "runner" | "wheel";

/** A job id: 20 digits. */
export type Jid = string;

/** State of a command, in the words of the RaaS API. */
export type CommandState = "new" | "retrieved" | "skipped" | "pausing" | "paused" | "resuming" | "resumed" | "completed_missing_returns" | "completed_failures" | "completed_all_successful" | "stopping" | "stopped" | "disabled";

/** Counters of one command. */
export interface CmdStatus {
  /** Jid. */
  jid: Jid;
  /** State. */
  state: CommandState;
  /** Outcomes expected. */
  expected: number;
  /** Outcomes with a return. */
  returned: number;
  /** … that succeeded. */
  returned_good: number;
  /** … that failed. */
  returned_failed: number;
  /** Outcomes still open. */
  open: number;
  /** Whether every outcome has ended. */
  done: boolean;
  /** What was told with cmd.track_state. */
  tracked: CmdTrack[];
}

/** How far a job is on one master, as it was told. */
export interface CmdTrack {
  /** Master. */
  master_id: string;
  /** In the words of whoever told it. */
  state: string;
  /** How many minions were named. */
  minions: number;
  /** When. */
  time: string;
}

/** One outcome. */
export interface CmdDetail {
  /** Jid. */
  jid: Jid;
  /** Minion (the master itself for a runner or wheel). */
  minion_id: string;
  /** Cluster. */
  cluster_id: string;
  /** Master whose witness decided the outcome; until then the one it was given to. */
  master_id: string | null;
  /** State. */
  state: OutcomeState;
  /** Why it is in this state. */
  reason: string;
  /** Whether a return is there. */
  has_return: boolean;
  /** Whether it failed; null without a return. */
  has_errors: boolean | null;
  /** Return code. */
  retcode: number | null;
  /** Came after the outcome had ended without it. */
  late: boolean;
  /** A different second return came: it ran twice. */
  ran_twice: boolean;
  /** Was not expected by the plan. */
  unexpected: boolean;
  /** How many masters saw the return. */
  witnesses: number;
  /** Last change. */
  alter_time: string;
  /** The return, with `minion_id_exact` only. */
  return: Json;
}

/** The one answer for (jid, minion). Each has a reason, a time and a deadline; none stays open for ever. */
export type OutcomeState = "queued" | "delivered" | "running" | "succeeded" | "failed" | "no_answer" | "not_delivered" | "result_unknown" | "cancelled";

/** One outcome, and how it came to be what it is. */
export interface OutcomeTimeline {
  /** Jid. */
  jid: Jid;
  /** Minion (the master itself for a runner or wheel). */
  minion_id: string;
  /** Cluster. */
  cluster_id: string;
  /** local, runner or wheel. */
  cmd: CommandKind;
  /** Function. */
  fun: string;
  /** State now. */
  state: OutcomeState;
  /** Why it is in this state. */
  reason: string;
  /** Since when. */
  since: string;
  /** Master whose witness decided the outcome; until then the one it was given to. */
  master_id: string | null;
  /** Return code. */
  retcode: number | null;
  /** The return came after the outcome had ended without it. */
  late: boolean;
  /** A different second return came: it ran twice. */
  ran_twice: boolean;
  /** Was not expected by the plan. */
  unexpected: boolean;
  /** Salt cut the return: only its mark is stored. */
  trimmed: boolean;
  /** How many masters saw the return. */
  witnesses: number;
  /** What happened, oldest first. */
  entries: TimelineEntry[];
  /** What an open outcome waits for; null when it ended. */
  waits_for: WaitsFor | null;
}

/** One thing that happened. */
export interface TimelineEntry {
  /** When, by the server's clock. */
  at: string;
  /** What it is about. */
  kind: TimelineKind;
  /** What happened, for people. */
  sentence: string;
  /** The master it has to do with. */
  master_id: string | null;
  /** The delivery, of a delivery or a question. */
  delivery_id: string | null;
  /** The state from then on: of the outcome, or of the delivery. */
  state: string | null;
  /** The reason as it is stored. */
  reason: string | null;
  /** Whether a witness saw the return that counts; null when Salt had cut what it saw. */
  same: boolean | null;
  /** Of a change: the return came after the outcome had ended without it. */
  late: boolean;
  /** Of a change: a different second return had come. */
  ran_twice: boolean;
}

/** What an entry of an outcome's timeline is about. */
export type TimelineKind = "asked_for" | "planned" | "delivery" | "question" | "change" | "witness" | "left_out";

/** What an open outcome waits for. */
export interface WaitsFor {
  /** What for, for people. */
  sentence: string;
  /** Until then; the outcome is looked at again at that moment. */
  until: string;
}

/** Parameters, in positional order. */
export interface RouteCmdParams {
  /** A saved job; not with `cmd` and `fun`. `arg.kwarg` gives its inputs; it runs on its own target group unless `tgt` or `tgt_uuid` (or `masters`) says where. */
  job_uuid?: string | null;
  /** `local` (default), `runner` or `wheel`. */
  cmd?: CommandKind | null;
  /** Function, as `test.ping`. */
  fun?: string | null;
  /** Runner and wheel only: master ids, cluster ids, or `["*"]`. */
  masters?: string[] | null;
  /** Arguments; an empty list means none, too. */
  arg?: Arg | null;
  /** `local` only: master id, cluster id or `*` (then alone) → what to target there. */
  tgt?: Record<string, RouteTarget> | null;
  /** A saved target group; not with `tgt`. */
  tgt_uuid?: string | null;
  /** Drawn when left out. */
  jid?: Jid | null;
  /** Runner and wheel only; default `["all-masters", "any-in-cluster"]`. */
  disposition?: Disposition[] | null;
  /** Seconds a minion may take before it is asked whether it still runs (ours; default from the configuration). */
  timeout?: number | null;
}

/** Both ways, for the schema. */
export type Arg = RouteCmdArg | [];

/** Arguments of the function. */
export interface RouteCmdArg {
  /** Positional. */
  arg?: Json[] | null;
  /** By name. */
  kwarg?: Record<string, Json> | null;
}

/** What to target on one master or cluster. */
export interface RouteTarget {
  /** Target expression; a list may be an array of ids or a text with commas. */
  tgt: TargetText;
  /** Salt's target type; default `glob`. */
  tgt_type?: string;
}

/** A target expression. */
export type TargetText = string | string[];

/** Which masters get a runner or wheel. Default: `all-masters` with `any-in-cluster`. */
export type Disposition = "all-masters" | "any-master" | "any-in-cluster" | "all-in-cluster";
