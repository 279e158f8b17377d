// How live the page says it is, and what a change makes old.
import { QueryClient } from "@tanstack/react-query";
import { describe, expect, test, vi } from "vitest";

import { words } from "./chip";
import { judge, STALE_MS, STREAM_LIMIT_MS } from "./judge";
import { Refresher, touched } from "./refresher";

const now = 1_000_000;

describe("the judgement", () => {
  test("live: the stream lives and the server answered lately", () => {
    expect(judge({ stream: now - 1_000, answer: now - 1_000, since: 0 }, now)).toBe("live");
  });

  test("without the stream the page asks by itself, and says so", () => {
    expect(judge({ stream: null, answer: now - 1_000, since: 0 }, now)).toBe("polling");
    expect(judge({ stream: now - STREAM_LIMIT_MS, answer: now - 1_000, since: 0 }, now)).toBe("polling");
  });

  test("a living stream does not make old answers fresh", () => {
    expect(judge({ stream: now, answer: now - STALE_MS - 1, since: 0 }, now)).toBe("stale");
    const { short, long } = words("stale", { stream: now, answer: now - 42_000, since: 0 }, now);
    expect(short).toBe("Stale, 42 s");
    expect(long).toContain("not current");
  });

  test("before the first answer it waits, and not for ever", () => {
    expect(judge({ stream: null, answer: null, since: now - 100 }, now)).toBe("waiting");
    expect(judge({ stream: null, answer: null, since: now - STALE_MS - 1 }, now)).toBe("stale");
  });
});

describe("a change", () => {
  test("makes old what it names", () => {
    expect(touched({ topic: "outcomes", jid: "1" })).toEqual([["jobs"], ["job", "1"]]);
    expect(touched({ topic: "outcomes" })).toEqual([["jobs"], ["job"]]);
    expect(touched({ topic: "minions", cluster_id: "eu-web" })).toEqual([["fleet"]]);
    expect(touched({ topic: "everything" })).toEqual([[]]);
    expect(touched({ topic: "something new" })).toEqual([[]]);
  });

  test("a thousand changes ask a few times, and the last one is never lost", async () => {
    vi.useFakeTimers();
    const client = new QueryClient();
    const asked = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
    const refresher = new Refresher(client);
    for (let i = 0; i < 1000; i += 1) {
      refresher.changed({ topic: "outcomes", jid: "1" });
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.mock.calls.length).toBeLessThan(14);
    asked.mockClear();
    refresher.changed({ topic: "outcomes", jid: "1" });
    await vi.advanceTimersByTimeAsync(300);
    expect(asked).toHaveBeenCalledWith({ queryKey: ["job", "1"] });
    vi.useRealTimers();
  });
});
