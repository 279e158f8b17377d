// The head of a job: its state, the call as typed, target, who and when.
import { ClipboardCopy } from "@patternfly/react-core";

import type { Cmd, CmdStatus } from "../api/types";
import { useNow } from "../live/clock";
import { StateLabel } from "../words/state-label";
import { argumentText, targetText } from "../words/target";
import { ago, dateTime, took, utc } from "../words/time";

interface Props {
  cmd: Cmd;
  status: CmdStatus;
  /** Of a page of its own, or of a part of another. */
  heading: "h1" | "h3";
}

export function JobHead({ cmd, status, heading: Heading }: Props) {
  const now = useNow();
  const args = argumentText(cmd.arg);
  return (
    <header className="job__head">
      <div className="job__title">
        <StateLabel state={status.state} final={status.done} />
        <Heading className="mono job__name">
          {cmd.fun} {args && <span className="job__args">{args}</span>}
        </Heading>
      </div>
      <p className="quiet">
        {cmd.cmd === "local" ? targetText(cmd.tgt) : `${cmd.cmd} on ${cmd.masters_to.join(", ")}`} · by {cmd.user}
        {cmd.job_source === "salt" ? " (seen on a master)" : ""} ·{" "}
        <time dateTime={cmd.start_time} title={utc(cmd.start_time)}>
          {dateTime(cmd.start_time)}
        </time>{" "}
        · {cmd.duration === null ? `since ${ago(now - Date.parse(cmd.start_time))}` : `took ${took(cmd.duration)}`} · through{" "}
        {cmd.masters_to.join(", ") || "no master"}
      </p>
      <ClipboardCopy variant="inline-compact" isCode hoverTip="Copy the jid" clickTip="Copied">
        {cmd.jid}
      </ClipboardCopy>
    </header>
  );
}
