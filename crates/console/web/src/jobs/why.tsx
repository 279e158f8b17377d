// "Why?": the story of one answer, opened on demand.
import { Button, Skeleton } from "@patternfly/react-core";
import { useId, useState } from "react";

import { useTimeline } from "../api/jobs";
import type { CmdDetail, OutcomeTimeline, TimelineEntry } from "../api/types";
import { Problem } from "../ui/problem";
import { clockTime, dateTime, utc } from "../words/time";

export function Why({ outcome }: { outcome: CmdDetail }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="why">
      <Button
        variant="link"
        isInline
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={`Why? How the answer of ${outcome.minion_id} came to be`}
        onClick={() => setOpen(!isOpen)}
      >
        Why?
      </Button>
      <div id={id} hidden={!isOpen}>
        {isOpen && <Story outcome={outcome} />}
      </div>
    </div>
  );
}

function Story({ outcome }: { outcome: CmdDetail }) {
  const found = useTimeline(outcome);
  const retry = () => void found.refetch();
  if (found.isPending) return <Skeleton screenreaderText="Loading what happened" width="60%" />;
  if (!found.data) return <Problem what="What happened could not be had" error={found.error} onRetry={retry} />;
  return <Timeline story={found.data} />;
}

export function Timeline({ story }: { story: OutcomeTimeline }) {
  return (
    <ol className="timeline" aria-label={`What happened to the answer of ${story.minion_id}`}>
      {story.entries.map((entry, n) => (
        // Entries only ever come after the others.
        <li key={n} className={`timeline__entry timeline__entry--${weight(entry)}`}>
          <Moment at={entry.at} /> <span>{entry.sentence}</span>
        </li>
      ))}
      {story.waits_for && (
        <li className="timeline__entry timeline__entry--waits">
          <span>
            Waits for {story.waits_for.sentence}, until{" "}
          </span>
          <Moment at={story.waits_for.until} />
        </li>
      )}
    </ol>
  );
}

/** What the answer became stands out from how it came to be. */
const weight = (entry: TimelineEntry) => (entry.kind === "change" || entry.kind === "planned" ? "main" : "minor");

/** Local, to the millisecond; whole, and in UTC, for the pointer. */
function Moment({ at }: { at: string }) {
  const milliseconds = String(new Date(at).getMilliseconds()).padStart(3, "0");
  return (
    <time dateTime={at} title={`${dateTime(at)} (${utc(at)})`} className="timeline__time">
      {clockTime(Date.parse(at))}.{milliseconds}
    </time>
  );
}
