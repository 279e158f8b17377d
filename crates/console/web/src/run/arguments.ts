// Arguments as typed: words, quotes, name=value; values read as the raas command line reads them.
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
  const words: Word[] = [];
  const problem = split(text, words);
  if (problem) return { args: [], problem };
  const args = words.map(({ text: word, quotedFrom }): Argument => {
    const named = NAME.exec(word);
    const at = named ? (named[1] ?? "").length + 1 : 0;
    // A value that was quoted as a whole is text: "5" is not 5.
    const value = (part: string): Json => (quotedFrom === at ? part : readValue(part));
    return named && quotedFrom !== 0 ? { name: named[1] ?? "", value: value(named[2] ?? "") } : { name: null, value: value(word) };
  });
  const names = args.flatMap((one) => (one.name === null ? [] : [one.name]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice ? { args, problem: `The argument ${twice} is given twice.` } : { args, problem: null };
}

interface Word {
  text: string;
  /** Where a quote opened that spans the rest of the word; -1: none. */
  quotedFrom: number;
}

/** Splits into words; `{…}` and `[…]` stay whole, so that JSON needs no quotes. */
function split(text: string, words: Word[]): string | null {
  let word = "";
  let started = false;
  let quote = "";
  let depth = 0;
  let quotedFrom = -1;
  let inJsonString = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (depth > 0) {
      if (c === "\\" && inJsonString) {
        word += c + text.charAt(++i);
        continue;
      }
      if (c === '"') inJsonString = !inJsonString;
      if (!inJsonString && (c === "{" || c === "[")) depth += 1;
      if (!inJsonString && (c === "}" || c === "]")) depth -= 1;
      word += c;
    } else if (quote) {
      if (c === quote) quote = "";
      else if (c === "\\" && quote === '"' && /["\\]/.test(text.charAt(i + 1))) word += text.charAt(++i);
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      if (quotedFrom < 0) quotedFrom = word.length;
      started = true;
    } else if (/\s/.test(c)) {
      if (started || word) words.push({ text: word, quotedFrom });
      [word, started, quotedFrom] = ["", false, -1];
    } else {
      if ((c === "{" || c === "[") && (word === "" || word.endsWith("="))) depth = 1;
      word += c;
    }
  }
  if (quote) return `A quote ${quote} is opened and not closed.`;
  if (depth > 0) return "A bracket is opened and not closed.";
  if (started || word) words.push({ text: word, quotedFrom });
  return null;
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

/** A value as text, without quotes around plain text. */
export const writeValue = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A value as it must be typed to be read back the same. */
export function writeArgument(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const plain = value !== "" && !/[\s"'\\]/.test(value) && !/^[[{]/.test(value) && !NAME.test(value) && readValue(value) === value;
  return plain ? value : JSON.stringify(value);
}

/** "number", "text", …: what a value was read as. */
export function typeWord(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  const words: Record<string, string> = { string: "text", number: "number", boolean: "yes/no", object: "map" };
  return words[typeof value] ?? typeof value;
}
