// What the form asks for: checked, and written as the API call and the command line that do the same.
import type { CommandKind, Json, RouteCmdParams } from "../api/types";
import { type Argument, asWord, parseArguments } from "./arguments";

export interface Request {
  kind: CommandKind;
  /** Cluster or master id; `*`: all. */
  place: string;
  tgtType: string;
  tgt: string;
  fun: string;
  args: string;
}

export const TARGET_TYPES = ["glob", "list", "grain", "compound", "pcre", "pillar", "ipcidr"] as const;

export type Field = "place" | "tgt" | "fun" | "args";
export type Problems = Partial<Record<Field, string>>;

const FUNCTION = /^[A-Za-z_][\w]*(\.[A-Za-z_][\w]*)+$/;

/** What is wrong, per field. */
export function problems(request: Request): Problems {
  const found: Problems = {};
  if (!request.place) found.place = "Choose a cluster.";
  if (request.kind === "local" && !request.tgt.trim()) found.tgt = "Say which minions, as * or web* or a list of ids.";
  const fun = request.fun.trim();
  if (!fun) found.fun = "Say which function, as test.ping.";
  else if (!FUNCTION.test(fun)) found.fun = `${JSON.stringify(fun)} is no function name: expected module.function, as test.ping.`;
  const { problem } = parseArguments(request.args);
  if (problem) found.args = problem;
  return found;
}

/** The parameters of `cmd.route_cmd`. */
export function params(request: Request): RouteCmdParams {
  const { args } = parseArguments(request.args);
  const common = { cmd: request.kind, fun: request.fun.trim(), ...argumentsOf(args) };
  if (request.kind !== "local") return { ...common, masters: [request.place] };
  const tgt = request.tgtType === "list" ? ids(request.tgt) : request.tgt.trim();
  return { ...common, tgt: { [request.place]: { tgt, tgt_type: request.tgtType } } };
}

export const ids = (text: string) => text.split(/[\s,]+/).filter(Boolean);

function argumentsOf(args: Argument[]): Pick<RouteCmdParams, "arg"> {
  if (args.length === 0) return {};
  const arg = args.filter((one) => one.name === null).map((one) => one.value);
  const kwarg: Record<string, Json> = {};
  for (const one of args) if (one.name !== null) kwarg[one.name] = one.value;
  return {
    arg: { ...(arg.length ? { arg } : {}), ...(Object.keys(kwarg).length ? { kwarg } : {}) },
  };
}

/** The same call for a shell, with the token to be put in. */
export function asApi(request: Request, origin: string): string {
  const body = JSON.stringify({ resource: "cmd", method: "route_cmd", kwarg: params(request) });
  return `curl -s ${origin}/rpc -H "Authorization: JWT $TOKEN" -d ${shell(body)}`;
}

/** The same on the command line. */
export function asCli(request: Request): string {
  const { args } = parseArguments(request.args);
  const words = ["raas", "run"];
  if (request.kind !== "local") words.push(`--${request.kind}`);
  if (request.place !== "*") words.push("--cluster", shell(request.place));
  if (request.kind === "local") {
    if (request.tgtType !== "glob") words.push("--type", request.tgtType);
    words.push(shell(request.tgtType === "list" ? ids(request.tgt).join(",") : request.tgt.trim()));
  }
  words.push(shell(request.fun.trim()));
  words.push(...args.map(({ name, value }) => shell(`${name === null ? "" : `${name}=`}${asWord(value)}`)));
  return words.join(" ");
}

/** A word for a POSIX shell. */
export function shell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
