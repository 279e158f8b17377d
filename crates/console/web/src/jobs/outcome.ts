// One outcome: whether it can still change, and the marks it carries.
import type { CmdDetail, OutcomeState } from "../api/types";

export const isFinal = (state: OutcomeState) => !["queued", "delivered", "running"].includes(state);

/** Names a row within a job. */
export const keyOf = (one: CmdDetail) => `${one.cluster_id}/${one.minion_id}`;

export interface Mark {
  word: string;
  means: string;
}

export function marks(one: CmdDetail): Mark[] {
  const found: Mark[] = [];
  if (one.late) found.push({ word: "late", means: "It came after the outcome had ended without it." });
  if (one.ran_twice) found.push({ word: "ran twice", means: "A second, different return came: the minion ran it twice." });
  if (one.unexpected) found.push({ word: "unexpected", means: "The plan did not expect this minion." });
  return found;
}

/** Why the outcome is what it is, unless its word says all. */
export const reasonOf = (one: CmdDetail) => (one.has_return && one.reason === "returned" ? "" : one.reason);
