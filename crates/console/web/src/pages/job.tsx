// The page of one job; filter and opened minion are in the address.
import { Breadcrumb, BreadcrumbItem, Card, CardBody } from "@patternfly/react-core";
import { Link, useParams, useSearchParams } from "react-router";

import type { Show } from "../api/jobs";
import { JobView } from "../jobs/job-view";
import { useTitle } from "../ui/title";

const SHOWS: Show[] = ["all", "succeeded", "failed", "silent"];

export function Job() {
  const { jid = "" } = useParams();
  useTitle(`Job ${jid}`);
  const [query, setQuery] = useSearchParams();
  const show = SHOWS.find((one) => one === query.get("show")) ?? "all";

  const set = (name: string, value: string | null) => {
    setQuery(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };

  return (
    <>
      <Breadcrumb className="breadcrumb">
        <BreadcrumbItem render={({ className }) => <Link to="/jobs" className={className}>Jobs</Link>} />
        <BreadcrumbItem isActive>{jid}</BreadcrumbItem>
      </Breadcrumb>
      <Card className="job">
        <CardBody>
          <JobView
            key={jid}
            jid={jid}
            show={show}
            onShow={(next) => set("show", next === "all" ? null : next)}
            open={query.get("minion")}
            onOpen={(key) => set("minion", key)}
          />
        </CardBody>
      </Card>
    </>
  );
}
