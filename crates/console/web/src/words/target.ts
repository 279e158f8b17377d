// Targets and arguments of a job, as a person would say them.
import type { Json } from "../api/types";
import { writeArgument, writeValue } from "../run/arguments";

/** `web* on eu-web`: a target as the server keeps it. */
export function targetText(tgt: Json): string {
  if (typeof tgt === "string") return tgt;
  if (tgt === null || typeof tgt !== "object" || Array.isArray(tgt)) return "";
  return Object.entries(tgt)
    .map(([place, target]) => {
      const where = place === "*" ? "all clusters" : place;
      if (target === null || typeof target !== "object" || Array.isArray(target)) return where;
      const type = target.tgt_type === "glob" || target.tgt_type === undefined ? "" : `${writeValue(target.tgt_type)} `;
      const what = Array.isArray(target.tgt) ? target.tgt.map(writeValue).join(",") : writeValue(target.tgt ?? "");
      return `${type}${what} on ${where}`;
    })
    .join(", ");
}

/** Arguments as they would be typed. */
export function argumentText(arg: Json): string {
  if (Array.isArray(arg)) return arg.map((value) => writeArgument({ name: null, value })).join(" ");
  if (arg === null || typeof arg !== "object") return "";
  const byPosition = Array.isArray(arg.arg) ? arg.arg.map((value) => writeArgument({ name: null, value })) : [];
  const kwarg = arg.kwarg;
  const byName =
    kwarg && typeof kwarg === "object" && !Array.isArray(kwarg)
      ? Object.entries(kwarg).map(([name, value]) => writeArgument({ name, value }))
      : [];
  return [...byPosition, ...byName].join(" ");
}
