// The chip that says how live the page is, in a word and an icon.
import { Label, Tooltip } from "@patternfly/react-core";
import BoltIcon from "@patternfly/react-icons/dist/esm/icons/bolt-icon";
import ExclamationTriangleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon";
import HourglassHalfIcon from "@patternfly/react-icons/dist/esm/icons/hourglass-half-icon";
import SyncAltIcon from "@patternfly/react-icons/dist/esm/icons/sync-alt-icon";

import { ago, clockTime } from "../words/time";
import { useNow } from "./clock";
import { useConnection } from "./connection";
import { beat, type Heard, type Liveness } from "./judge";

const LOOK = {
  live: { color: "green", icon: <BoltIcon /> },
  polling: { color: "yellow", icon: <SyncAltIcon /> },
  stale: { color: "red", icon: <ExclamationTriangleIcon /> },
  waiting: { color: "grey", icon: <HourglassHalfIcon /> },
} as const;

/** Short, for the chip, and long, for its explanation. */
export function words(liveness: Liveness, heard: Heard, now: number): { short: string; long: string } {
  const last = heard.answer === null ? "nothing yet" : clockTime(heard.answer);
  switch (liveness) {
    case "live":
      return { short: "Live", long: "Changes appear by themselves as the server tells of them." };
    case "polling":
      return {
        short: "Reconnecting",
        long: `The stream of changes is interrupted. The page asks each ${beat("polling") / 1000} s instead; last answer ${last}.`,
      };
    case "waiting":
      return { short: "Connecting", long: "Waiting for the server's first answer." };
    case "stale": {
      const age = ago(now - (heard.answer ?? heard.since));
      return { short: `Stale, ${age}`, long: `The server does not answer. What you see is of ${last}, states are not current.` };
    }
  }
}

export function ConnectionChip() {
  const { liveness, heard } = useConnection();
  const { short, long } = words(liveness, heard, useNow());
  const { color, icon } = LOOK[liveness];
  return (
    <Tooltip content={long}>
      <button type="button" className="connection-chip" aria-label={`Connection: ${short}. ${long}`}>
        <Label color={color} icon={icon}>
          {short}
        </Label>
      </button>
    </Tooltip>
  );
}
