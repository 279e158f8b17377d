// Minions in a block: troubled first, each with its state in a word; long lists open on demand.
import { Button } from "@patternfly/react-core";
import { useState } from "react";

import type { MinionPresence } from "../api/types";
import { useNow } from "../live/clock";
import { ago } from "../words/time";
import { StateLabel } from "../words/state-label";

const FIRST = 12;
const STEP = 200;

interface Props {
  /** For screen readers: whose minions. */
  label: string;
  minions: MinionPresence[];
}

export function MinionList({ label, minions }: Props) {
  const [drawn, setDrawn] = useState(FIRST);
  const rest = minions.length - drawn;
  return (
    <>
      <ul className="minions" aria-label={label}>
        {minions.slice(0, drawn).map((one) => (
          <Minion key={`${one.cluster_id}/${one.minion}`} minion={one} />
        ))}
      </ul>
      {rest > 0 && (
        <Button variant="link" isInline onClick={() => setDrawn(drawn + STEP)}>
          {rest > STEP ? `Show ${STEP} more of ${rest.toLocaleString("en")}` : `Show ${rest} more`}
        </Button>
      )}
    </>
  );
}

function Minion({ minion }: { minion: MinionPresence }) {
  const now = useNow();
  const age = minion.timestamp === null ? undefined : ago(now - Date.parse(minion.timestamp));
  const how = minion.evidence ? ` (${minion.evidence})` : "";
  return (
    <li className="minion" title={age ? `last seen ${age} ago${how}` : "never seen"}>
      <span className="minion__name">{minion.minion}</span>
      <StateLabel state={minion.status} more={minion.status === "present" ? undefined : age} />
    </li>
  );
}
