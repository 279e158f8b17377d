// Which minions a target would reach, where the console can tell from what it shows: globs and lists.
import type { MinionPresence } from "../api/types";
import { ids, type Request } from "./request";

/** The minions, or null where only the server can tell. */
export function matched(request: Request, minions: MinionPresence[]): MinionPresence[] | null {
  const there = minions.filter((one) => request.place === "*" || one.cluster_id === request.place);
  if (request.tgtType === "glob") {
    const pattern = glob(request.tgt.trim());
    return pattern && there.filter((one) => pattern.test(one.minion));
  }
  if (request.tgtType === "list") {
    const named = new Set(ids(request.tgt));
    return there.filter((one) => named.has(one.minion));
  }
  return null;
}

/** As Salt's: fnmatch over the whole id. */
export function glob(expression: string): RegExp | null {
  let source = "";
  for (let i = 0; i < expression.length; i += 1) {
    const c = expression.charAt(i);
    const end = c === "[" ? expression.indexOf("]", i + 2) : -1;
    if (c === "*") source += ".*";
    else if (c === "?") source += ".";
    else if (end > 0) {
      const inside = expression.slice(i + 1, end).replaceAll("\\", "\\\\").replace(/^!/, "^");
      source += `[${inside}]`;
      i = end;
    } else source += c.replace(/[.*+?^${}()|[\]\\/]/, "\\$&");
  }
  try {
    return new RegExp(`^${source}$`, "s");
  } catch {
    return null;
  }
}
