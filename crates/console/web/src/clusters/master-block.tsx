// One master within its cluster: its state, why, and the minions that are on it.
import ServerIcon from "@patternfly/react-icons/dist/esm/icons/server-icon";

import type { ClusterMaster, Kind, MinionPresence } from "../api/types";
import { useNow } from "../live/clock";
import { KIND } from "../words/kind";
import { StateLabel } from "../words/state-label";
import { ago, dateTime } from "../words/time";
import { MinionList } from "./minion-list";
import { plural } from "./trouble";

interface Props {
  master: ClusterMaster;
  kind: Kind;
  minions: MinionPresence[];
}

export function MasterBlock({ master, kind, minions }: Props) {
  const isAccepted = master.state === "accepted";
  // Masters of a native cluster share what they hear: which of them holds a minion cannot be said.
  const isShared = kind === "native";
  return (
    <section className="master" aria-label={`Master ${master.master_id}`}>
      <header className="master__head">
        <ServerIcon aria-hidden />
        <h3 className="master__name">{master.master_id}</h3>
        <StateLabel state={isAccepted ? master.status : master.state} />
        {isAccepted && !isShared && <span className="master__count">{plural(master.minions, "minion")}</span>}
      </header>
      <p className="quiet" title={master.last_seen === null ? "" : `last seen ${dateTime(master.last_seen)}`}>
        {sentenceCase(master.reason)} {master.status !== "present" && <LastSeen time={master.last_seen} />}
      </p>
      {minions.length > 0 && <MinionList label={`Minions on ${master.master_id}`} minions={minions} />}
      {minions.length === 0 && isAccepted && <p className="quiet">{KIND[kind].none}</p>}
    </section>
  );
}

function LastSeen({ time }: { time: string | null }) {
  const now = useNow();
  if (time === null) return <>Never seen.</>;
  return (
    <>
      Last seen <time dateTime={time}>{ago(now - Date.parse(time))}</time> ago.
    </>
  );
}

function sentenceCase(text: string): string {
  if (!text) return "";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
