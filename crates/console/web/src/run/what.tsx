// What to run: minions or master, the function, and its arguments as they are understood.
import { Label, TextInput } from "@patternfly/react-core";

import type { CommandKind } from "../api/types";
import { parseArguments, typeWord, writeValue } from "./arguments";
import { Field } from "./field";
import type { Problems, Request } from "./request";

const COMMON: Record<CommandKind, string[]> = {
  local: ["test.ping", "test.version", "grains.items", "grains.get", "status.uptime", "disk.usage", "cmd.run", "pkg.version", "service.status", "state.apply", "saltutil.refresh_pillar"],
  runner: ["manage.status", "manage.up", "jobs.active", "cache.grains", "fileserver.update", "test.arg"],
  wheel: ["key.list_all", "key.finger", "config.values", "file_roots.list_roots"],
};

interface Props {
  request: Request;
  change: (part: Partial<Request>) => void;
  wrong: Problems;
}

export function What({ request, change, wrong }: Props) {
  return (
    <div className="run__row">
        <Field id="run-fun" label="Function" wrong={wrong.fun}>
          <TextInput
            id="run-fun"
            name="fun"
            list="run-functions"
            value={request.fun}
            onChange={(_, fun) => change({ fun })}
            validated={wrong.fun ? "error" : "default"}
            {...(wrong.fun ? { "aria-describedby": "run-fun-help" } : {})}
            placeholder="test.ping"
            autoComplete="off"
            spellCheck="false"
            className="mono"
          />
        </Field>
        <datalist id="run-functions">
          {COMMON[request.kind].map((fun) => (
            <option key={fun} value={fun} />
          ))}
        </datalist>
      <Field id="run-args" label="Arguments" wrong={wrong.args} help={<Understood text={request.args} />}>
        <TextInput
          id="run-args"
          name="args"
          value={request.args}
          onChange={(_, args) => change({ args })}
          validated={wrong.args ? "error" : "default"}
          aria-describedby="run-args-help"
          autoComplete="off"
          spellCheck="false"
          className="mono"
        />
      </Field>
    </div>
  );
}

function Understood({ text }: { text: string }) {
  const { args, problem } = parseArguments(text);
  if (problem) return problem;
  if (args.length === 0) return "Optional, as on Salt's command line: words, 'quoted text', name=value, JSON";
  return (
    <span className="understood">
      Understood as{" "}
      {args.map(({ name, value }, index) => (
        <Label key={index} isCompact variant="outline" color={name === null ? "grey" : "blue"}>
          {name !== null && <b>{name} = </b>}
          {cut(writeValue(value))} <i>{typeWord(value)}</i>
        </Label>
      ))}
    </span>
  );
}

const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text || "(empty)");
