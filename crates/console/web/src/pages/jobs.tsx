// All jobs, page by page; the page is in the address.
import { Card, CardBody, Pagination, Skeleton } from "@patternfly/react-core";
import { useSearchParams } from "react-router";

import { useJobs } from "../api/jobs";
import { JobList } from "../jobs/job-list";
import { AsOf, AsOfText } from "../live/freshness";
import { Problem } from "../ui/problem";
import { useTitle } from "../ui/title";

const PER_PAGE = 50;

export function Jobs() {
  useTitle("Jobs");
  const [query, setQuery] = useSearchParams();
  const page = Math.max(1, Number.parseInt(query.get("page") ?? "1", 10) || 1);
  const jobs = useJobs(PER_PAGE, page - 1);
  return (
    <AsOf time={jobs.dataUpdatedAt}>
      <div className="page-title">
        <h1>Jobs</h1>
        <AsOfText time={jobs.dataUpdatedAt} />
      </div>
      {jobs.isError && <Problem what="Jobs" error={jobs.error} onRetry={() => void jobs.refetch()} />}
      <Card>
        <CardBody>
          {jobs.isPending && <Skeleton height="12rem" screenreaderText="Loading jobs" />}
          {jobs.data?.results.length === 0 && <p className="quiet">No job yet.</p>}
          {jobs.data && jobs.data.results.length > 0 && <JobList jobs={jobs.data.results} />}
          {jobs.data && jobs.data.count > PER_PAGE && (
            <Pagination
              itemCount={jobs.data.count}
              perPage={PER_PAGE}
              perPageOptions={[]}
              page={page}
              onSetPage={(_, next) => setQuery({ page: String(next) })}
              titles={{ paginationAriaLabel: "Pages of jobs" }}
            />
          )}
        </CardBody>
      </Card>
    </AsOf>
  );
}
