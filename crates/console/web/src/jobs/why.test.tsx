// The story of one answer: asked for when it is opened, and said what it waits for.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import type { OutcomeTimeline, TimelineEntry } from "../api/types";
import { outcome } from "../testing/fleet";
import { json, refusal, reply, serve, signedIn } from "../testing/server";
import { Why } from "./why";

/** A loaded machine is no failure. */
const PATIENCE = 30_000;

const entry = (kind: TimelineEntry["kind"], sentence: string): TimelineEntry => ({
  at: "2026-01-02T03:04:05.123Z",
  kind,
  sentence,
  master_id: null,
  delivery_id: null,
  state: null,
  reason: null,
  same: null,
  late: false,
  ran_twice: false,
});

const story = (part: Partial<OutcomeTimeline> = {}): OutcomeTimeline => ({
  jid: "20260102030405000678",
  minion_id: "web-1",
  cluster_id: "eu-web",
  cmd: "local",
  fun: "test.ping",
  state: "delivered",
  reason: "published by master \"m1\"",
  since: "2026-01-02T03:04:05Z",
  master_id: "m1",
  retcode: null,
  late: false,
  ran_twice: false,
  unexpected: false,
  trimmed: false,
  witnesses: 0,
  entries: [entry("asked_for", "root asked for test.ping"), entry("change", "delivered: published by master \"m1\"")],
  waits_for: { sentence: "the return", until: "2026-01-02T03:04:35Z" },
  ...part,
});

function show() {
  signedIn();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Why outcome={outcome("web-1")} />
    </QueryClientProvider>,
  );
  return screen.getByRole("button", { name: /^Why\? .*web-1/ });
}

test("the story is asked for when it is opened, and told in order", async () => {
  const asked = serve(() => json([reply(story())]));
  const button = show();
  expect(asked).toEqual([]);
  expect(button.getAttribute("aria-expanded")).toBe("false");
  await userEvent.click(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");
  const list = await screen.findByRole("list", { name: "What happened to the answer of web-1" });
  const told = within(list).getAllByRole("listitem").map((one) => one.textContent);
  expect(told).toHaveLength(3);
  expect(told[0]).toContain("root asked for test.ping");
  expect(told[1]).toContain("delivered: published");
  expect(told[2]).toContain("Waits for the return");
  expect(JSON.stringify(asked[0]?.body)).toContain('"cluster":"eu-web"');
  await userEvent.click(button);
  expect(screen.queryByRole("list")).toBeNull();
}, PATIENCE);

test("a story that cannot be had says so, with a way to try again", async () => {
  serve(() => json([refusal(404, "minion \"web-1\" is not part of command 1")]));
  await userEvent.click(show());
  expect(await screen.findByText(/is not part of command/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
}, PATIENCE);
