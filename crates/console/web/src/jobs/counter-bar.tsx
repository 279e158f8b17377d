// The counters of a job: one bar in parts, and a legend whose entries filter the rows.
import { Button } from "@patternfly/react-core";

import type { Show } from "../api/jobs";
import type { CmdStatus } from "../api/types";
import { counters } from "./counters";

interface Props {
  status: CmdStatus;
  show: Show;
  onShow: (show: Show) => void;
}

export function CounterBar({ status, show, onShow }: Props) {
  const parts = counters(status);
  return (
    <div className="counter-bar">
      <div className="counter-bar__bar" aria-hidden>
        {parts
          .filter(({ count }) => count > 0)
          .map(({ word, count, tone }) => (
            <span key={word} className={`counter-bar__part tone-bg-${tone}`} style={{ flexGrow: count }} />
          ))}
        {status.expected === 0 && <span className="counter-bar__part tone-bg-unknown" style={{ flexGrow: 1 }} />}
      </div>
      <div className="counter-bar__legend" role="group" aria-label="Show outcomes">
        <Button variant="link" isInline aria-pressed={show === "all"} onClick={() => onShow("all")}>
          {status.expected.toLocaleString("en")} expected
        </Button>
        {parts
          .filter(({ count, word }) => count > 0 || word === "Succeeded" || word === "Failed")
          .map(({ word, count, tone, show: own }) => (
            <Button
              key={word}
              variant="link"
              isInline
              isDisabled={count === 0}
              aria-pressed={own === show}
              onClick={() => onShow(own === show || own === null ? "all" : own)}
            >
              <span className={`dot tone-bg-${tone}`} aria-hidden /> {count.toLocaleString("en")} {word.toLowerCase()}
            </Button>
          ))}
      </div>
    </div>
  );
}
