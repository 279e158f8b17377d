// Jobs in a table, newest first; each is a link to its page.
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "react-router";

import type { Cmd } from "../api/types";
import { useNow } from "../live/clock";
import { StateLabel } from "../words/state-label";
import { argumentText, targetText } from "../words/target";
import { ago, dateTime } from "../words/time";

const OVER = /^(completed_|stopped|skipped|disabled)/;

interface Props {
  jobs: Cmd[];
  /** Beside other things: the target under the function, nobody named. */
  isShort?: boolean;
}

export function JobList({ jobs, isShort = false }: Props) {
  const now = useNow();
  return (
    <Table role="table" variant="compact" aria-label="Jobs, newest first" className="jobs">
      <Thead>
        <Tr>
          <Th modifier="wrap">State</Th>
          <Th modifier="wrap">Function</Th>
          {!isShort && <Th modifier="wrap">Target</Th>}
          <Th modifier="wrap">Answers</Th>
          {!isShort && <Th modifier="wrap">By</Th>}
          <Th modifier="wrap">When</Th>
        </Tr>
      </Thead>
      <Tbody>
        {jobs.map((job) => (
          <Tr key={job.jid}>
            <Td dataLabel="State">
              <StateLabel state={job.state} final={OVER.test(job.state)} />
            </Td>
            <Td dataLabel="Function">
              <Link to={`/jobs/${job.jid}`} title={job.jid} className="mono">
                {job.fun}
              </Link>{" "}
              <span className="quiet mono">{cut(argumentText(job.arg))}</span>
              {isShort && <div className="quiet">{where(job)}</div>}
            </Td>
            {!isShort && <Td dataLabel="Target">{where(job)}</Td>}
            <Td dataLabel="Answers">{answers(job)}</Td>
            {!isShort && <Td dataLabel="By">{job.user}</Td>}
            <Td dataLabel="When">
              <time dateTime={job.start_time} title={dateTime(job.start_time)}>
                {ago(now - Date.parse(job.start_time))} ago
              </time>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const where = (job: Cmd) => (job.cmd === "local" ? cut(targetText(job.tgt)) : job.masters_to.join(", "));

function answers(job: Cmd): string {
  const failed = job.returned_failed > 0 ? `, ${job.returned_failed} failed` : "";
  return `${job.returned} of ${job.expected}${failed}`;
}
