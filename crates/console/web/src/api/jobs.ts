// Jobs: the list, one job with its counters and outcomes, and the return of one minion.
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useBeat } from "../live/connection";
import { ApiError } from "./error";
import { rpc, rpcAll, value } from "./rpc";
import type { Cmd, CmdDetail, CmdStatus, OutcomeTimeline, Page, RouteCmdParams } from "./types";

export type Show = "all" | "succeeded" | "failed" | "silent";

export interface JobView {
  cmd: Cmd;
  status: CmdStatus;
  outcomes: Page<CmdDetail>;
}

export const OUTCOMES_PER_PAGE = 100;

const FILTERS: Record<Show, object> = {
  all: {},
  succeeded: { has_errors: false },
  failed: { has_errors: true },
  silent: { has_return: false },
};

const everyFunction = { filter_find_job: false, filter_refresh_grains: false };

async function job(jid: string, show: Show, page: number, signal: AbortSignal): Promise<JobView> {
  const details = { jid, page, limit: OUTCOMES_PER_PAGE, sort_by: "minion_id", ...FILTERS[show] };
  const replies = await rpcAll(
    [
      { resource: "cmd", method: "get_cmds", kwarg: { jid, ...everyFunction } },
      { resource: "cmd", method: "get_cmd_status", kwarg: { jids: [jid] } },
      { resource: "cmd", method: "get_cmd_details", kwarg: details },
    ],
    signal,
  );
  const cmd = value<Page<Cmd>>(replies[0]).results[0];
  const status = value<CmdStatus[]>(replies[1])[0];
  if (!cmd || !status) throw new ApiError(`There is no job ${jid}. It may have been older than what is kept.`, 404);
  return { cmd, status, outcomes: value<Page<CmdDetail>>(replies[2]) };
}

export function useJob(jid: string, show: Show, page: number) {
  const beat = useBeat();
  return useQuery<JobView>({
    queryKey: ["job", jid, show, page],
    queryFn: ({ signal }) => job(jid, show, page, signal),
    refetchInterval: (query) => (query.state.data?.status.done ? beat * 3 : Math.min(beat, 3_000)),
    placeholderData: (previous) => (previous?.cmd.jid === jid ? previous : undefined),
  });
}

export function useJobs(limit: number, page = 0) {
  const refetchInterval = useBeat();
  return useQuery({
    queryKey: ["jobs", limit, page],
    queryFn: ({ signal }) =>
      rpc<Page<Cmd>>({ resource: "cmd", method: "get_cmds", kwarg: { limit, page } }, signal),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
}

/** The whole return of one minion; asked anew when its outcome changed. */
export function useReturn(outcome: CmdDetail) {
  const { jid, minion_id, cluster_id, alter_time } = outcome;
  return useQuery({
    queryKey: ["return", jid, cluster_id, minion_id, alter_time],
    queryFn: async ({ signal }) => {
      const kwarg = { jid, minion_id_exact: minion_id, limit: -1 };
      const found = await rpc<Page<CmdDetail>>({ resource: "cmd", method: "get_cmd_details", kwarg }, signal);
      return found.results.find((one) => one.cluster_id === cluster_id) ?? found.results[0] ?? null;
    },
    staleTime: Infinity,
  });
}

/** The story of one answer; asked anew when its outcome changed, and for as long as it is open. */
export function useTimeline(outcome: CmdDetail) {
  const { jid, minion_id, cluster_id, alter_time } = outcome;
  const beat = useBeat();
  return useQuery({
    queryKey: ["timeline", jid, cluster_id, minion_id, alter_time],
    queryFn: ({ signal }) => {
      const kwarg = { jid, minion_id, cluster: cluster_id };
      return rpc<OutcomeTimeline>({ resource: "cmd", method: "get_outcome_timeline", kwarg }, signal);
    },
    refetchInterval: (query) => (query.state.data?.waits_for === null ? false : Math.min(beat, 3_000)),
    placeholderData: keepPreviousData,
  });
}

export interface Sent {
  jid: string;
  warnings: string[];
}

export async function send(params: RouteCmdParams): Promise<Sent> {
  const [reply] = await rpcAll([{ resource: "cmd", method: "route_cmd", kwarg: params }]);
  return { jid: value<string>(reply), warnings: reply?.warnings ?? [] };
}
