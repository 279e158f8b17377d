// Writes src/api/types.ts from etc/openapi.json: the console's types are those that the server reads and writes.
// With --check it writes nothing and fails when the file is not what it would write.
import { readFileSync, writeFileSync } from "node:fs";

const METHODS = [
  "cluster_get_clusters.ret",
  "minions_get_minion_presence.ret",
  "master_get_master_keys.ret",
  "master_set_master_key_state.ret",
  "master_set_master_key_state.params",
  "cmd_get_cmds.ret",
  "cmd_get_cmd_status.ret",
  "cmd_get_cmd_details.ret",
  "cmd_get_outcome_timeline.ret",
  "cmd_route_cmd.params",
];

const source = new URL("../../../../etc/openapi.json", import.meta.url);
const target = new URL("../src/api/types.ts", import.meta.url);
const { schemas } = JSON.parse(readFileSync(source, "utf8")).components;

/** A reference's own name, without the method that it belongs to. */
const nameOf = (key) => schemas[key].title ?? key.split(".").at(-1);

function typeOf(schema) {
  if (schema === true) return "Json";
  if (schema.$ref) {
    return nameOf(schema.$ref.split("/").at(-1));
  }
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) return [...new Set(choice.map(typeOf))].join(" | ");
  if (!schema.type) return "Json";
  return [schema.type].flat().map((type) => plain(type, schema)).join(" | ");
}

function plain(type, schema) {
  if (type === "integer") return "number";
  if (type === "array") {
    if (!schema.items) return `[${(schema.prefixItems ?? []).map(typeOf).join(", ")}]`;
    const item = typeOf(schema.items);
    return item.includes(" ") ? `(${item})[]` : `${item}[]`;
  }
  if (type !== "object") return type;
  const values = typeof schema.additionalProperties === "object" ? typeOf(schema.additionalProperties) : "Json";
  return `Record<string, ${values}>`;
}

const doc = (text, indent = "") => (text ? `${indent}/** ${text.replaceAll(/\s+/g, " ")} */\n` : "");

/** What the server sends is always whole; what it takes may leave out what has a default. */
function declaration(key) {
  const schema = schemas[key];
  const name = nameOf(key);
  if (!schema.properties) return `${doc(schema.description)}export type ${name} = ${typeOf(schema)};\n`;
  const isSent = key.includes(".ret");
  const fields = Object.entries(schema.properties).map(([field, one]) => {
    const isOptional = !isSent && !schema.required?.includes(field);
    return `${doc(one.description, "  ")}  ${field}${isOptional ? "?" : ""}: ${typeOf(one)};\n`;
  });
  return `${doc(schema.description)}export interface ${name} {\n${fields.join("")}}\n`;
}

const declarations = new Map();
for (const method of METHODS) {
  const keys = Object.keys(schemas).filter((key) => key === method || key.startsWith(`${method}.`));
  if (keys.length === 0) throw new Error(`etc/openapi.json has no ${method}`);
  for (const key of keys) {
    const isList = key === method && method.endsWith(".ret") && (schemas[key].type === "array" || schemas[key].properties?.results);
    if (!isList) declarations.set(nameOf(key), declaration(key));
  }
}

const text = `// What the server's methods take and return. Written by \`npm run types\` from etc/openapi.json; not by hand.

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** One page of a list. */
export interface Page<T> {
  /** How many there are in all, over all pages. */
  count: number;
  /** How many were asked for; -1 means all. */
  limit: number;
  /** This page. */
  results: T[];
}

${[...declarations.values()].join("\n")}`;

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  console.error("src/api/types.ts is not what etc/openapi.json says: run `npm run types` in crates/console/web.");
  process.exit(1);
}
