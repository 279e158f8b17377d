// The last few jobs, beside the clusters.
import { Card, CardBody, CardHeader, CardTitle, Skeleton } from "@patternfly/react-core";
import { Link } from "react-router";

import { useJobs } from "../api/jobs";
import { AsOf } from "../live/freshness";
import { Problem } from "../ui/problem";
import { JobList } from "./job-list";

export function RecentJobs() {
  const jobs = useJobs(6);
  return (
    <Card component="section" aria-labelledby="recent-title">
      <CardHeader actions={{ actions: <Link to="/jobs">All jobs</Link>, hasNoOffset: true }}>
        <CardTitle component="h2" id="recent-title">
          Recent jobs
        </CardTitle>
      </CardHeader>
      <CardBody>
        {jobs.isPending && <Skeleton height="6rem" screenreaderText="Loading jobs" />}
        {jobs.isError && <Problem what="Jobs" error={jobs.error} onRetry={() => void jobs.refetch()} />}
        {jobs.data?.results.length === 0 && <p className="quiet">No job yet. Run test.ping to see who answers.</p>}
        {jobs.data && jobs.data.results.length > 0 && (
          <AsOf time={jobs.dataUpdatedAt}>
            <JobList jobs={jobs.data.results} isShort />
          </AsOf>
        )}
      </CardBody>
    </Card>
  );
}
