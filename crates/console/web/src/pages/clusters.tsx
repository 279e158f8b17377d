// The fleet part of the first page, in each of its states: loading, failed, empty, there.
import { Alert, Skeleton } from "@patternfly/react-core";

import type { useFleet } from "../api/fleet";
import { ClusterCard } from "../clusters/cluster-card";
import { NoMasters } from "../clusters/empty";
import { byTrouble, plural } from "../clusters/trouble";
import { AsOf, AsOfText } from "../live/freshness";
import { PendingMasters } from "../masters/pending";
import { Problem } from "../ui/problem";

interface Props {
  fleet: ReturnType<typeof useFleet>;
  onRun: (clusterId: string) => void;
}

export function Clusters({ fleet, onRun }: Props) {
  const reload = () => void fleet.refetch();
  if (fleet.isPending) return <Skeleton height="18rem" screenreaderText="Loading clusters" />;
  if (!fleet.data) return <Problem what="Clusters could not be loaded" error={fleet.error} onRetry={reload} />;
  const { clusters, minions, minionCount, pending, missing } = fleet.data;
  const isEmpty = clusters.length === 0 && pending.length === 0;
  return (
    <AsOf time={fleet.dataUpdatedAt}>
      <div className="page-title">
        <h1>Clusters</h1>
        <span className="quiet">
          {plural(clusters.length, "cluster")}, {plural(clusters.flatMap((one) => one.masters).length, "master")},{" "}
          {plural(minionCount, "minion")}
        </span>
        <AsOfText time={fleet.dataUpdatedAt} />
      </div>
      {fleet.error && <Problem what="Not up to date" error={fleet.error} onRetry={reload} />}
      {missing.map((text) => (
        <Alert key={text} isInline variant="warning" component="p" title={text} />
      ))}
      <PendingMasters keys={pending} />
      {isEmpty && <NoMasters />}
      {byTrouble(clusters).map((cluster) => (
        <ClusterCard key={cluster.cluster_id} cluster={cluster} minions={minions} onRun={onRun} />
      ))}
      {minions.length < minionCount && (
        <p className="quiet">
          {minions.length.toLocaleString("en")} of {minionCount.toLocaleString("en")} minions are drawn; the counters are of all.
        </p>
      )}
    </AsOf>
  );
}
