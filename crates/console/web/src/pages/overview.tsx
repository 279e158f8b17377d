// The first page: what needs a decision, clusters as groups, a box to run something, and its answers.
import { Card, CardBody, CardTitle } from "@patternfly/react-core";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";

import { useFleet } from "../api/fleet";
import type { Show } from "../api/jobs";
import { JobView } from "../jobs/job-view";
import { RecentJobs } from "../jobs/recent";
import type { Request } from "../run/request";
import { RunForm } from "../run/run-form";
import { useTitle } from "../ui/title";
import { Clusters } from "./clusters";

const EMPTY: Request = { kind: "local", place: "*", tgtType: "glob", tgt: "*", fun: "", args: "" };

export function Overview() {
  useTitle("Clusters");
  const fleet = useFleet();
  const [request, setRequest] = useState(EMPTY);
  const [query, setQuery] = useSearchParams();
  const [show, setShow] = useState<Show>("all");
  const [open, setOpen] = useState<string | null>(null);
  const run = useRef<HTMLDivElement>(null);
  const jid = query.get("job");

  const runOn = (place: string) => {
    setRequest((old) => ({ ...old, place }));
    run.current?.scrollIntoView({ block: "nearest" });
    run.current?.querySelector<HTMLElement>('[name="fun"]')?.focus();
  };
  const sent = (sentJid: string) => {
    setShow("all");
    setOpen(null);
    setQuery({ job: sentJid });
  };

  return (
    <div className="overview">
      <div className="overview__fleet">
        <Clusters fleet={fleet} onRun={runOn} />
      </div>
      <div className="overview__work" ref={run}>
        <Card component="section" aria-labelledby="run-title">
          <CardTitle component="h2" id="run-title">
            Run a function
          </CardTitle>
          <CardBody>
            <RunForm fleet={fleet.data} request={request} setRequest={setRequest} onSent={sent} />
          </CardBody>
        </Card>
        {jid !== null && (
          <Card component="section" aria-labelledby="answers-title">
            <CardTitle component="h2" id="answers-title">
              Answers
            </CardTitle>
            <CardBody>
              <JobView key={jid} jid={jid} show={show} onShow={setShow} open={open} onOpen={setOpen} linked />
            </CardBody>
          </Card>
        )}
        <RecentJobs />
      </div>
    </div>
  );
}
