// Arguments: what is typed is understood as Salt's command line understands it.
import { describe, expect, test } from "vitest";

import { parseArguments, writeArgument } from "./arguments";

const read = (text: string) => parseArguments(text).args.map(({ name, value }) => (name === null ? value : { [name]: value }));

describe("arguments as typed", () => {
  test("words at spaces, name=value by name", () => {
    expect(read("uptime  shell=/bin/sh")).toEqual(["uptime", { shell: "/bin/sh" }]);
    expect(read("")).toEqual([]);
    expect(read("   ")).toEqual([]);
  });

  test("quotes group, as in a shell", () => {
    expect(read(`'ls -l /x' name="a b"`)).toEqual(["ls -l /x", { name: "a b" }]);
    expect(read(`"say \\"hi\\"" ''`)).toEqual([`say "hi"`, ""]);
  });

  test("numbers, yes and no, null and JSON are read as such", () => {
    expect(read("5 1.5 true False None")).toEqual([5, 1.5, true, false, null]);
    expect(read(`pillar={"a": [1, "} x"]} [1, 2]`)).toEqual([{ pillar: { a: [1, "} x"] } }, [1, 2]]);
    expect(read(`'{"a": 1}'`)).toEqual([{ a: 1 }]);
  });

  test("a number can be sent as text, and name=value by position", () => {
    expect(read(`'"5"' '"a=b"'`)).toEqual(["5", "a=b"]);
  });

  test("what cannot be read is said", () => {
    expect(parseArguments("'open").problem).toBe("A quote ' is opened and not closed.");
    expect(parseArguments('{"a": 1').problem).toBe("A bracket is opened and not closed.");
    expect(parseArguments("a=1 a=2").problem).toBe("The argument a is given twice.");
  });

  test("a path with = is a word, a lone bracket in a word stays", () => {
    expect(read("/x=y web[1-3]")).toEqual(["/x=y", "web[1-3]"]);
  });

  test.each([["a b"], ["5"], [5], [true], [null], ["a=b"], [""], [`it's "x" \\`], [{ a: ["b c", "]"] }], ["{open"], ["True"], ["[1]"]])(
    "%j is written so that it is read back the same",
    (value) => {
      expect(parseArguments(writeArgument({ name: null, value }))).toEqual({ args: [{ name: null, value }], problem: null });
      expect(parseArguments(writeArgument({ name: "n", value }))).toEqual({ args: [{ name: "n", value }], problem: null });
    },
  );
});
