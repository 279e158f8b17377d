// Arguments as typed: split as a shell does, name=value, values read as the raas command line (and Salt's) reads them.
import type { Json } from "../api/types";

export interface Argument {
  /** Null: by position. */
  name: string | null;
  value: Json;
}

export interface Parsed {
  args: Argument[];
  /** What cannot be read, as a sentence. */
  problem: string | null;
}

const NAME = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/;

export function parseArguments(text: string): Parsed {
  const { words, problem } = split(text);
  if (problem) return { args: [], problem };
  const args = words.map((word): Argument => {
    const named = NAME.exec(word);
    return named ? { name: named[1] ?? "", value: readValue(named[2] ?? "") } : { name: null, value: readValue(word) };
  });
  const names = args.flatMap((one) => (one.name === null ? [] : [one.name]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return { args, problem: twice ? `The argument ${twice} is given twice.` : null };
}

/** Words at spaces. Quotes group; `{…}` and `[…]` stay whole, so that JSON needs none. */
function split(text: string): { words: string[]; problem: string | null } {
  const words: string[] = [];
  let rest = text.trimStart();
  while (rest) {
    const { word, length, problem } = firstWord(rest);
    if (problem) return { words, problem };
    words.push(word);
    rest = rest.slice(length).trimStart();
  }
  return { words, problem: null };
}

interface Word {
  word: string;
  /** How much of the text it took. */
  length: number;
  problem: string | null;
}

function firstWord(text: string): Word {
  let word = "";
  let i = 0;
  while (i < text.length && !/\s/.test(text.charAt(i))) {
    const c = text.charAt(i);
    const isJson = (c === "{" || c === "[") && (word === "" || word.endsWith("="));
    const end = c === '"' || c === "'" ? quoteEnd(text, i) : isJson ? bracketEnd(text, i) : i;
    if (end < 0) {
      return { word, length: i, problem: isJson ? "A bracket is opened and not closed." : `A quote ${c} is opened and not closed.` };
    }
    if (c === "'") word += text.slice(i + 1, end);
    else if (c === '"') word += text.slice(i + 1, end).replaceAll(/\\(["\\])/g, "$1");
    else word += text.slice(i, end + 1);
    i = end + 1;
  }
  return { word, length: i, problem: null };
}

/** Where the quote that opens at `start` closes; -1: nowhere. */
function quoteEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let i = start + 1; i < text.length; i += 1) {
    if (quote === '"' && text.charAt(i) === "\\") i += 1;
    else if (text.charAt(i) === quote) return i;
  }
  return -1;
}

/** Where the bracket that opens at `start` closes; brackets within JSON text do not count. */
function bracketEnd(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (c === '"') {
      i = quoteEnd(text, i);
      if (i < 0) return -1;
    } else if (c === "{" || c === "[") depth += 1;
    else if ((c === "}" || c === "]") && --depth === 0) return i;
  }
  return -1;
}

function readValue(text: string): Json {
  if (text === "True") return true;
  if (text === "False") return false;
  if (text === "None") return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** A value as text for people: plain text without quotes. */
export const writeValue = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A value as a word that is read back the same: text that would be read as something else becomes a JSON string. */
export function asWord(value: Json): string {
  const isPlain = typeof value === "string" && !NAME.test(value) && readValue(value) === value;
  return isPlain ? value : JSON.stringify(value);
}

/** An argument as it is typed into the form. */
export function writeArgument({ name, value }: Argument): string {
  const word = asWord(value);
  const isBare = word !== "" && (!/[\s"'\\]/.test(word) || (typeof value === "object" && value !== null));
  const quoted = word.includes("'") ? `"${word.replaceAll(/["\\]/g, "\\$&")}"` : `'${word}'`;
  const isUnbalanced = typeof value === "string" && /^[[{]/.test(word);
  return `${name === null ? "" : `${name}=`}${isBare && !isUnbalanced ? word : quoted}`;
}

/** "number", "text", …: what a value was read as. */
export function typeWord(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  const words: Record<string, string> = { string: "text", number: "number", boolean: "yes/no", object: "map" };
  return words[typeof value] ?? typeof value;
}
