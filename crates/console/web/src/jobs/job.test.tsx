// A job's counters, marks and returns.
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";

import { outcome, status } from "../testing/fleet";
import { argumentText, targetText } from "../words/target";
import { CounterBar } from "./counter-bar";
import { counters } from "./counters";
import { marks } from "./outcome";
import { asText, ReturnText } from "./return-view";

test("counters are parts of what is expected", () => {
  expect(counters(status({ expected: 10, open: 2 })).map(({ word, count }) => [word, count])).toEqual([
    ["Succeeded", 2],
    ["Failed", 1],
    ["Without return", 5],
    ["Running", 2],
  ]);
});

test("a counter shows its rows, and all again", async () => {
  const onShow = vi.fn();
  const { rerender } = render(<CounterBar status={status()} show="all" onShow={onShow} />);
  await userEvent.click(screen.getByRole("button", { name: "1 failed" }));
  expect(onShow).toHaveBeenCalledWith("failed");
  rerender(<CounterBar status={status()} show="failed" onShow={onShow} />);
  await userEvent.click(screen.getByRole("button", { name: "1 failed" }));
  expect(onShow).toHaveBeenLastCalledWith("all");
});

test("what is odd about an outcome is marked", () => {
  expect(marks(outcome("web-1"))).toEqual([]);
  const odd = outcome("web-1", { late: true, ran_twice: true, unexpected: true });
  expect(marks(odd).map((one) => one.word)).toEqual(["late", "ran twice", "unexpected"]);
});

describe("a return", () => {
  test("text as it is, the rest as JSON", () => {
    expect(asText("a\nb")).toBe("a\nb");
    expect(asText(true)).toBe("true");
    expect(asText({ a: 1 })).toBe('{\n  "a": 1\n}');
  });

  test("a long one is cut until asked for", async () => {
    render(<ReturnText minion="web-1" value={"x".repeat(9_000)} />);
    const shown = () => screen.getByRole("region", { name: "Return of web-1" }).textContent.length;
    expect(shown()).toBeLessThan(5_000);
    await userEvent.click(screen.getByRole("button", { name: "Show all 9,000 characters" }));
    expect(shown()).toBe(9_000);
  });
});

test("targets and arguments in words", () => {
  expect(targetText({ "eu-web": { tgt: "web*", tgt_type: "glob" } })).toBe("web* on eu-web");
  expect(targetText({ "*": { tgt: ["a", "b"], tgt_type: "list" } })).toBe("list a,b on all clusters");
  expect(targetText(null)).toBe("");
  expect(argumentText({ arg: ["a b", 5], kwarg: { n: true } })).toBe("'a b' 5 n=true");
  expect(argumentText(["x"])).toBe("x");
});
