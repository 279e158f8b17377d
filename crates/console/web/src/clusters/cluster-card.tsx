// One cluster as a group: what kind it is, how it is, its masters with their minions, and what to mend.
import { Alert, Button, Card, CardBody, CardHeader, CardTitle, Label } from "@patternfly/react-core";
import PlayIcon from "@patternfly/react-icons/dist/esm/icons/play-icon";

import type { Cluster, MinionPresence } from "../api/types";
import { useStale } from "../live/freshness";
import { KIND } from "../words/kind";
import { StateLabel } from "../words/state-label";
import { MasterBlock } from "./master-block";
import { MinionList } from "./minion-list";
import { place } from "./placement";
import { mastersByTrouble, plural, verdict } from "./trouble";

interface Props {
  cluster: Cluster;
  minions: MinionPresence[];
  onRun: (clusterId: string) => void;
}

export function ClusterCard({ cluster, minions, onRun }: Props) {
  const { health, why } = verdict(cluster);
  const { on, nowhere } = place(cluster, minions);
  const id = `cluster-${cluster.cluster_id}`;
  return (
    <Card component="section" aria-labelledby={id} className="cluster">
      <CardHeader
        actions={{
          actions: (
            <Button variant="secondary" size="sm" icon={<PlayIcon />} onClick={() => onRun(cluster.cluster_id)}>
              Run<span className="pf-v6-screen-reader"> on {cluster.cluster_id}</span>
            </Button>
          ),
        }}
      >
        <CardTitle component="h2" id={id} className="cluster__title">
          {cluster.cluster_id}
        </CardTitle>
        <div className="cluster__labels">
          <Label isCompact variant="outline" title={KIND[cluster.kind].means}>
            {KIND[cluster.kind].name}
          </Label>
          <StateLabel state={health} />
          <span className="quiet">
            <Then />
            {why}
          </span>
        </div>
      </CardHeader>
      <CardBody>
        <Counts cluster={cluster} />
        {cluster.warnings.map((warning) => (
          <Alert key={`${warning.code} ${warning.message}`} isInline variant="warning" title={warning.message} component="p">
            {warning.fix}
          </Alert>
        ))}
        <div className="masters">
          {mastersByTrouble(cluster.masters).map((master) => (
            <MasterBlock
              key={master.master_id}
              master={master}
              kind={cluster.kind}
              minions={on.get(master.master_id) ?? []}
            />
          ))}
          {nowhere.length > 0 && (
            <section className="master master--none" aria-label={`On no master of ${cluster.cluster_id}`}>
              <h3 className="master__name">Seen on no master</h3>
              <MinionList label={`Minions of ${cluster.cluster_id} on no master`} minions={nowhere} />
            </section>
          )}
        </div>
      </CardBody>
    </Card>
  );
}

function Counts({ cluster }: { cluster: Cluster }) {
  const { present, lost, unknown } = cluster.minions;
  return (
    <p className="counts">
      <Then />
      <strong>{plural(present + lost + unknown, "minion")}</strong>
      <span>{present.toLocaleString("en")} present</span>
      {lost > 0 && <span className="tone-bad">{lost.toLocaleString("en")} lost</span>}
      {unknown > 0 && <span>{unknown.toLocaleString("en")} unknown</span>}
      <span className="quiet">{KIND[cluster.kind].means}</span>
    </p>
  );
}

/** Numbers that nobody confirmed lately are of then, not of now. */
function Then() {
  return useStale() ? <b>then: </b> : null;
}
