// The one table of state words: every state is an icon, a word and a colour together, never a colour alone.
import BanIcon from "@patternfly/react-icons/dist/esm/icons/ban-icon";
import CheckCircleIcon from "@patternfly/react-icons/dist/esm/icons/check-circle-icon";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import ExclamationTriangleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon";
import HourglassHalfIcon from "@patternfly/react-icons/dist/esm/icons/hourglass-half-icon";
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import OutlinedClockIcon from "@patternfly/react-icons/dist/esm/icons/outlined-clock-icon";
import PaperPlaneIcon from "@patternfly/react-icons/dist/esm/icons/paper-plane-icon";
import PauseCircleIcon from "@patternfly/react-icons/dist/esm/icons/pause-circle-icon";
import QuestionCircleIcon from "@patternfly/react-icons/dist/esm/icons/question-circle-icon";
import UnlinkIcon from "@patternfly/react-icons/dist/esm/icons/unlink-icon";
import type { ComponentType } from "react";

import type { CommandState, MasterKey, OutcomeState, Presence } from "../api/types";

export type Tone = "good" | "bad" | "warning" | "busy" | "neutral" | "unknown";
export type AnyState = Presence | MasterKey["state"] | OutcomeState | CommandState | Health;
export type Health = "healthy" | "degraded" | "down" | "waiting";

interface Look {
  word: string;
  tone: Tone;
  icon: ComponentType;
}

const look = (word: string, tone: Tone, icon: ComponentType): Look => ({ word, tone, icon });

const LOOKS: Record<AnyState, Look> = {
  present: look("Present", "good", CheckCircleIcon),
  lost: look("Lost", "bad", UnlinkIcon),
  unknown: look("Unknown", "unknown", QuestionCircleIcon),

  accepted: look("Accepted", "good", CheckCircleIcon),
  pending: look("Pending", "warning", HourglassHalfIcon),
  rejected: look("Rejected", "neutral", BanIcon),

  queued: look("Queued", "neutral", OutlinedClockIcon),
  delivered: look("Delivered", "busy", PaperPlaneIcon),
  running: look("Running", "busy", InProgressIcon),
  succeeded: look("Succeeded", "good", CheckCircleIcon),
  failed: look("Failed", "bad", ExclamationCircleIcon),
  no_answer: look("No answer", "warning", UnlinkIcon),
  not_delivered: look("Not delivered", "warning", ExclamationTriangleIcon),
  result_unknown: look("Result unknown", "unknown", QuestionCircleIcon),
  cancelled: look("Cancelled", "neutral", BanIcon),

  new: look("Queued", "neutral", OutlinedClockIcon),
  retrieved: look("Running", "busy", InProgressIcon),
  skipped: look("Skipped", "neutral", BanIcon),
  pausing: look("Pausing", "busy", PauseCircleIcon),
  paused: look("Paused", "neutral", PauseCircleIcon),
  resuming: look("Resuming", "busy", InProgressIcon),
  resumed: look("Running", "busy", InProgressIcon),
  completed_all_successful: look("Succeeded", "good", CheckCircleIcon),
  completed_failures: look("Some failed", "bad", ExclamationCircleIcon),
  completed_missing_returns: look("Some silent", "warning", UnlinkIcon),
  stopping: look("Stopping", "busy", InProgressIcon),
  stopped: look("Stopped", "neutral", BanIcon),
  disabled: look("Disabled", "neutral", BanIcon),

  healthy: look("Healthy", "good", CheckCircleIcon),
  degraded: look("Degraded", "warning", ExclamationTriangleIcon),
  down: look("Down", "bad", ExclamationCircleIcon),
  waiting: look("Waits for you", "warning", HourglassHalfIcon),
};

/** The look of a state; a word that the console does not know is shown as it is, and as unknown. */
export function lookOf(state: string): Look {
  return (LOOKS as Record<string, Look | undefined>)[state] ?? look(state, "unknown", QuestionCircleIcon);
}
