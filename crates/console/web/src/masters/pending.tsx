// Masters that wait for a decision, with the fingerprint to compare.
import { Alert, Button } from "@patternfly/react-core";
import { useState } from "react";

import type { MasterKey } from "../api/types";
import { useNow } from "../live/clock";
import { KIND } from "../words/kind";
import { StateLabel } from "../words/state-label";
import { ago } from "../words/time";
import { DecideDialog, type Decision } from "./decide-dialog";
import { Fingerprint } from "./fingerprint";

export function PendingMasters({ keys }: { keys: MasterKey[] }) {
  const [decision, setDecision] = useState<Decision | null>(null);
  const [done, setDone] = useState<string | null>(null);
  if (keys.length === 0 && done === null) return null;
  return (
    <section className="pending" aria-labelledby="pending-title">
      {keys.length > 0 && <h2 id="pending-title">Masters that wait for you</h2>}
      {done !== null && <Alert isInline variant="success" component="p" title={done} role="status" />}
      {keys.map((key) => (
        <PendingMaster key={key.fingerprint} masterKey={key} onDecide={setDecision} />
      ))}
      {decision && (
        <DecideDialog
          decision={decision}
          onClose={(message) => {
            setDecision(null);
            if (message) setDone(message);
          }}
        />
      )}
    </section>
  );
}

interface Props {
  masterKey: MasterKey;
  onDecide: (decision: Decision) => void;
}

function PendingMaster({ masterKey: key, onDecide }: Props) {
  const now = useNow();
  return (
    <article className="pending__master" aria-label={`Pending master ${key.master_id}`}>
      <div className="pending__what">
        <div className="cluster__labels">
          <strong>{key.master_id}</strong>
          <StateLabel state="pending" />
          <span className="quiet">
            {key.cluster_id ? `wants to join ${key.cluster_id} (${KIND[key.kind].name})` : "a single master"}, first seen{" "}
            {ago(now - Date.parse(key.created))} ago
          </span>
        </div>
        {key.reason && <p>{key.reason}</p>}
        <Fingerprint hex={key.fingerprint} />
      </div>
      <div className="pending__act">
        <Button onClick={() => onDecide({ key, action: "accept" })}>
          Accept<span className="pf-v6-screen-reader"> {key.master_id}</span>
        </Button>
        <Button variant="secondary" isDanger onClick={() => onDecide({ key, action: "reject" })}>
          Reject<span className="pf-v6-screen-reader"> {key.master_id}</span>
        </Button>
      </div>
    </article>
  );
}
