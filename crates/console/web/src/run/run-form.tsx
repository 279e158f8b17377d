// The box that runs a function on a cluster: what, where, what that means, and go.
import { Alert, Button, Form } from "@patternfly/react-core";
import PlayIcon from "@patternfly/react-icons/dist/esm/icons/play-icon";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Dispatch, type SyntheticEvent, type SetStateAction, useRef, useState } from "react";

import { sentence } from "../api/error";
import type { Fleet } from "../api/fleet";
import { send } from "../api/jobs";
import { CallPreview } from "./call-preview";
import { What } from "./what";
import { Where } from "./where";
import { params, problems, type Request } from "./request";

interface Props {
  fleet: Fleet | undefined;
  request: Request;
  setRequest: Dispatch<SetStateAction<Request>>;
  onSent: (jid: string) => void;
}

export function RunForm({ fleet, request, setRequest, onSent }: Props) {
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (what: Request) => send(params(what)),
    onSuccess: ({ jid }) => {
      onSent(jid);
      void client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
  const found = problems(request);
  const wrong = tried ? found : {};
  const change = (part: Partial<Request>) => setRequest((old) => ({ ...old, ...part }));

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (act.isPending) return;
    setTried(true);
    const first = (["place", "tgt", "fun", "args"] as const).find((field) => found[field]);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else act.mutate(request);
  };

  return (
    <Form ref={form} onSubmit={submit} noValidate className="run" aria-label="Run a function">
      <Where request={request} change={change} wrong={wrong} fleet={fleet} />
      <What request={request} change={change} wrong={wrong} />
      {act.error && <Alert isInline variant="danger" component="p" title="Not sent">{sentence(act.error)}</Alert>}
      {act.data && act.data.warnings.length > 0 && (
        <Alert isInline variant="warning" component="p" title="Sent, with something to look at">
          {act.data.warnings.join(" ")}
        </Alert>
      )}
      <div className="run__go">
        <Button type="submit" icon={<PlayIcon />} isLoading={act.isPending} isDisabled={act.isPending}>
          Run
        </Button>
        <span className="run__sentence">{summary(request)}</span>
      </div>
      {Object.keys(found).length === 0 && <CallPreview request={request} />}
    </Form>
  );
}

/** What will happen, in a sentence. */
function summary(request: Request): string {
  const fun = request.fun.trim() || "a function";
  const place = request.place === "*" ? "every cluster" : request.place || "a cluster";
  if (request.kind !== "local") return `${fun} on one live master of ${place}`;
  return `${fun} on ${request.tgt.trim() || "no minion yet"} in ${place}`;
}
