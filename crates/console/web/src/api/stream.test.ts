// The stream: resumes from its last number, says when it is lost, ends the session when it is refused.
import { expect, test, vi } from "vitest";

import { json, serve, signedIn } from "../testing/server";
import { currentSession } from "./session";
import { type Change, follow } from "./stream";

test("a torn stream is resumed from the last number", async () => {
  signedIn();
  const changes: Change[] = [];
  const lost = vi.fn();
  const stop = new AbortController();
  const asked = serve(() => {
    const number = asked.length;
    return new Response(`event: change\nid: a:${number}\ndata: {"topic":"minions","number":${number}}\n\n`);
  });
  void follow({ alive: vi.fn(), lost, changed: (change) => changes.push(change) }, stop.signal);
  await vi.waitFor(() => expect(changes.length).toBeGreaterThanOrEqual(2), 5_000);
  stop.abort();
  expect(lost).toHaveBeenCalled();
  expect(asked[0]?.headers["last-event-id"]).toBeUndefined();
  expect(asked[0]?.headers.authorization).toBe("JWT t1");
  expect(asked[1]?.headers["last-event-id"]).toBe("a:1");
});

test("a refused token ends the session", async () => {
  signedIn();
  serve(() => json({}, 401));
  const stop = new AbortController();
  void follow({ alive: vi.fn(), lost: vi.fn(), changed: vi.fn() }, stop.signal);
  await vi.waitFor(() => expect(currentSession()).toBeNull());
  stop.abort();
});
