// The fleet part in its states: loading, failed, empty, there, too old.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { useFleet } from "../api/fleet";
import { AsOf } from "../live/freshness";
import { STALE_MS } from "../live/judge";
import { cluster, master, minion, pendingKey } from "../testing/fleet";
import { json, refusal, reply, serve, signedIn } from "../testing/server";
import { StateLabel } from "../words/state-label";
import { Clusters } from "./clusters";

function Part({ onRun }: { onRun: (id: string) => void }) {
  return <Clusters fleet={useFleet()} onRun={onRun} />;
}

function show(onRun: (id: string) => void = vi.fn()) {
  signedIn();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Part onRun={onRun} />
    </QueryClientProvider>,
  );
}

const page = (results: unknown[]) => reply({ count: results.length, limit: -1, results });

test("each cluster is a group with its masters, and each minion stands at its master", async () => {
  const torn = cluster("eu-web", { masters: [master("m1"), master("m2", "lost")], warnings: [{ code: "k", message: "Keys differ", fix: "Copy master.pem" }] });
  serve(() => json([page([cluster("eu-db", { kind: "hot" }), torn]), page([minion("web-1", "eu-web", "m1")]), reply([])]));
  const onRun = vi.fn();
  show(onRun);
  const group = await screen.findByRole("region", { name: "eu-web" });
  expect(screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent)).toEqual(["eu-web", "eu-db"]);
  expect(within(group).getByText("Failover")).toBeTruthy();
  expect(within(group).getByText("Degraded")).toBeTruthy();
  expect(within(group).getByText("Copy master.pem")).toBeTruthy();
  expect(within(within(group).getByRole("region", { name: "Master m2" })).getByText("Lost")).toBeTruthy();
  const minions = within(group).getByRole("list", { name: "Minions on m1" });
  expect(within(minions).getByText("web-1")).toBeTruthy();
  await userEvent.click(within(group).getByRole("button", { name: "Run on eu-web" }));
  expect(onRun).toHaveBeenCalledWith("eu-web");
});

test("no masters yet: the line to run there", async () => {
  serve(() => json([page([]), page([]), reply([])]));
  show();
  expect(await screen.findByRole("heading", { name: "No masters yet" })).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Install the plugin").value).toContain("raas-plugin install --server http");
});

test("a server that is away: said, with a way on", async () => {
  show();
  expect(await screen.findByText(/The server does not answer/)).toBeTruthy();
  serve(() => json([page([cluster("eu-web")]), page([]), reply([])]));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("region", { name: "eu-web" })).toBeTruthy();
});

test("a part that fails alone does not hide the rest", async () => {
  serve(() => json([page([cluster("eu-web")]), refusal(500, "the server failed on this call"), reply([])]));
  show();
  expect(await screen.findByText("Minions: the server failed on this call")).toBeTruthy();
  expect(screen.getByRole("region", { name: "eu-web" })).toBeTruthy();
});

test("a pending master is accepted by the fingerprint that was shown, after a question", async () => {
  const key = pendingKey("m9");
  let pending = [key];
  const asked = serve(({ body }) => {
    const [first] = body as { method: string }[];
    if (first?.method !== "set_master_key_state") return json([page([]), page([]), reply(pending)]);
    pending = [];
    return json([reply([{ master_id: "m9", done: true, fingerprint: key.fingerprint, message: "m9 is accepted" }])]);
  });
  show();
  await userEvent.click(await screen.findByRole("button", { name: "Accept m9" }));
  const dialog = screen.getByRole("dialog", { name: /Accept master m9/ });
  expect(within(dialog).getByText(/9f2c4e1a b07d5533/)).toBeTruthy();
  await userEvent.click(within(dialog).getByRole("button", { name: "Accept m9" }));
  expect(await screen.findByText("m9 is accepted")).toBeTruthy();
  await waitFor(() => expect(screen.queryByText("Masters that wait for you")).toBeNull());
  const acts = asked.flatMap(({ body }) => body as { method: string }[]).filter((one) => one.method === "set_master_key_state");
  expect(acts).toEqual([
    { resource: "master", method: "set_master_key_state", kwarg: { masters: ["m9"], action: "accept", fingerprint: key.fingerprint } },
  ]);
});

test("a state that is too old is not shown as if it were so", () => {
  render(
    <AsOf time={Date.now() - STALE_MS - 1_000}>
      <StateLabel state="healthy" />
      <StateLabel state="succeeded" final />
    </AsOf>,
  );
  expect(screen.queryByText("Healthy")).toBeNull();
  expect(screen.getByText("was healthy")).toBeTruthy();
  expect(screen.getByText("Succeeded")).toBeTruthy();
});
