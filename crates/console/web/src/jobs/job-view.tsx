// One job: what was run, its counters, and the outcomes as they come.
import { Alert, Pagination, Skeleton } from "@patternfly/react-core";
import { useState } from "react";
import { Link } from "react-router";

import { OUTCOMES_PER_PAGE, type Show, useJob } from "../api/jobs";
import type { CmdDetail } from "../api/types";
import { AsOf, AsOfText } from "../live/freshness";
import { Problem } from "../ui/problem";
import { CounterBar } from "./counter-bar";
import { JobHead } from "./job-head";
import { keyOf } from "./outcome";
import { OutcomeTable } from "./outcome-table";

interface Props {
  jid: string;
  show: Show;
  onShow: (show: Show) => void;
  open: string | null;
  onOpen: (key: string | null) => void;
  /** With a link to the page of its own. */
  linked?: boolean;
}

export function JobView({ jid, show, onShow, open, onOpen, linked = false }: Props) {
  const [page, setPage] = useState(0);
  const job = useJob(jid, show, page);
  const reload = () => void job.refetch();
  if (job.isPending) return <Skeleton height="12rem" screenreaderText="Loading the job" />;
  if (!job.data) return <Problem what={`Job ${jid}`} error={job.error} onRetry={reload} />;
  const { cmd, status, outcomes } = job.data;
  const time = status.done ? 0 : job.dataUpdatedAt;
  return (
    <AsOf time={time}>
      <JobHead cmd={cmd} status={status} heading={linked ? "h3" : "h1"} />
      {job.error && <Problem what="Not up to date" error={job.error} onRetry={reload} />}
      {cmd.warnings.map((text) => (
        <Alert key={text} isInline isPlain variant="warning" component="p" title={text} />
      ))}
      <CounterBar
        status={status}
        show={show}
        onShow={(next) => {
          setPage(0);
          onShow(next);
        }}
      />
      <Announce done={status.done} returned={status.returned} expected={status.expected} />
      <Rows outcomes={outcomes.results} start={cmd.start_time} open={open} onOpen={onOpen} filtered={show !== "all"} />
      {outcomes.count > OUTCOMES_PER_PAGE && (
        <Pagination
          isCompact
          itemCount={outcomes.count}
          perPage={OUTCOMES_PER_PAGE}
          perPageOptions={[]}
          page={page + 1}
          onSetPage={(_, next) => setPage(next - 1)}
          titles={{ paginationAriaLabel: "Pages of outcomes" }}
        />
      )}
      <p className="job__foot">
        <AsOfText time={job.dataUpdatedAt} />
        {linked && <Link to={`/jobs/${jid}`}>Open as a page</Link>}
      </p>
    </AsOf>
  );
}

interface RowsProps {
  outcomes: CmdDetail[];
  start: string;
  open: string | null;
  onOpen: (key: string | null) => void;
  filtered: boolean;
}

function Rows({ outcomes, start, open, onOpen, filtered }: RowsProps) {
  if (outcomes.length === 0) {
    return <p className="quiet">{filtered ? "No outcome of this kind." : "No minion was expected to answer."}</p>;
  }
  // A permalink may name the minion alone.
  const named = outcomes.find((one) => keyOf(one) === open || one.minion_id === open);
  return <OutcomeTable outcomes={outcomes} start={start} open={named ? keyOf(named) : null} onOpen={onOpen} />;
}

/** For screen readers: once, when it is over. */
function Announce({ done, returned, expected }: { done: boolean; returned: number; expected: number }) {
  return (
    <p role="status" className="pf-v6-screen-reader">
      {done ? `The job has ended: ${returned} of ${expected} returned.` : ""}
    </p>
  );
}
