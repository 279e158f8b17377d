// Where to run: the cluster, and which of its minions.
import { FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";

import type { Fleet } from "../api/fleet";
import type { CommandKind } from "../api/types";
import { plural } from "../clusters/trouble";
import { KIND } from "../words/kind";
import { Field } from "./field";
import { matched } from "./matched";
import { type Problems, type Request, TARGET_TYPES } from "./request";

interface Props {
  request: Request;
  change: (part: Partial<Request>) => void;
  wrong: Problems;
  fleet: Fleet | undefined;
}

export function Where({ request, change, wrong, fleet }: Props) {
  return (
    <>
      <div className="run__row run__row--even">
        <Field id="run-place" label="Cluster" wrong={wrong.place}>
          <FormSelect id="run-place" name="place" value={request.place} onChange={(_, place) => change({ place })}>
            <FormSelectOption value="*" label="All clusters" />
            {fleet?.clusters.map(({ cluster_id, kind }) => (
              <FormSelectOption key={cluster_id} value={cluster_id} label={`${cluster_id} (${KIND[kind].name.toLowerCase()})`} />
            ))}
          </FormSelect>
        </Field>
        <Field id="run-kind" label="Runs on">
          <FormSelect id="run-kind" value={request.kind} onChange={(_, kind) => change({ kind: kind as CommandKind })}>
            {(Object.keys(RUNS_ON) as CommandKind[]).map((kind) => (
              <FormSelectOption key={kind} value={kind} label={RUNS_ON[kind]} />
            ))}
          </FormSelect>
        </Field>
      </div>
      {request.kind === "local" && (
        <div className="run__row">
          <Field id="run-tgt-type" label="Target by">
            <FormSelect id="run-tgt-type" value={request.tgtType} onChange={(_, tgtType) => change({ tgtType })}>
              {TARGET_TYPES.map((type) => (
                <FormSelectOption key={type} value={type} label={type} />
              ))}
            </FormSelect>
          </Field>
          <Field id="run-tgt" label="Minions" wrong={wrong.tgt} help={<Reach request={request} fleet={fleet} />}>
            <TextInput
              id="run-tgt"
              name="tgt"
              value={request.tgt}
              onChange={(_, tgt) => change({ tgt })}
              validated={wrong.tgt ? "error" : "default"}
              aria-describedby="run-tgt-help"
              autoComplete="off"
              spellCheck="false"
              className="mono"
            />
          </Field>
        </div>
      )}
    </>
  );
}

const RUNS_ON: Record<CommandKind, string> = {
  local: "Minions",
  runner: "The master (runner)",
  wheel: "The master (wheel)",
};

const EXAMPLES: Record<string, string> = {
  grain: "As os:Debian. The server resolves it.",
  compound: "As G@os:Debian and web*. The server resolves it.",
  pcre: "A regular expression, as web-[0-9]+. The server resolves it.",
  pillar: "As role:web. The server resolves it.",
  ipcidr: "As 10.1.0.0/16. The server resolves it.",
};

function Reach({ request, fleet }: { request: Request; fleet: Fleet | undefined }) {
  const example = EXAMPLES[request.tgtType];
  if (example) return example;
  const found = fleet && matched(request, fleet.minions);
  if (!found || !request.tgt.trim()) return request.tgtType === "list" ? "Ids, with commas" : "As * or web*";
  const present = found.filter((one) => one.status === "present").length;
  const cut = fleet.minions.length < fleet.minionCount ? " of those shown" : "";
  return `Matches ${plural(found.length, "minion")}${cut}, ${present} present`;
}
