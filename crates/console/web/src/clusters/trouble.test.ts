// How a cluster is judged and sorted; where its minions are drawn.
import { describe, expect, test } from "vitest";

import { cluster, master, minion } from "../testing/fleet";
import { place } from "./placement";
import { byTrouble, mastersByTrouble, verdict } from "./trouble";

describe("the verdict on a cluster", () => {
  test("healthy only when all is known to be well", () => {
    expect(verdict(cluster("a"))).toEqual({ health: "healthy", why: "2 of 2 masters present" });
    expect(verdict(cluster("a", { minions: { present: 1, lost: 0, unknown: 1 } })).health).toBe("degraded");
  });

  test("degraded with a reason", () => {
    const torn = cluster("a", {
      masters: [master("m1"), master("m2", "lost")],
      minions: { present: 1, lost: 1, unknown: 0 },
      warnings: [{ code: "x", message: "y", fix: "z" }],
    });
    expect(verdict(torn)).toEqual({ health: "degraded", why: "1 of 2 masters not present, 1 minion lost, 1 warning" });
  });

  test("down when no master answers, unknown when nobody can say", () => {
    expect(verdict(cluster("a", { masters: [master("m1", "lost")] })).health).toBe("down");
    expect(verdict(cluster("a", { masters: [master("m1", "unknown"), master("m2", "lost")] })).health).toBe("unknown");
  });

  test("a cluster without an accepted master waits", () => {
    const waiting = { ...master("m1", "unknown"), state: "pending" as const };
    expect(verdict(cluster("a", { masters: [waiting] })).health).toBe("waiting");
  });
});

test("clusters in trouble come first, and their lost masters", () => {
  const good = cluster("a-good");
  const degraded = cluster("b-degraded", { masters: [master("m1"), master("m2", "lost")] });
  const down = cluster("c-down", { masters: [master("m1", "lost")] });
  expect(byTrouble([good, degraded, down]).map((one) => one.cluster_id)).toEqual(["c-down", "b-degraded", "a-good"]);
  expect(mastersByTrouble(degraded.masters).map((one) => one.master_id)).toEqual(["m2", "m1"]);
});

test("each minion is drawn at the master it is on, the rest apart", () => {
  const minions = [
    minion("web-10", "eu-web", "m1"),
    minion("web-2", "eu-web", "m1"),
    minion("web-3", "eu-web", null, "unknown"),
    minion("web-4", "eu-web", "gone", "lost"),
    minion("db-1", "eu-db", "m1"),
  ];
  const { on, nowhere } = place(cluster("eu-web"), minions);
  expect(on.get("m1")?.map((one) => one.minion)).toEqual(["web-2", "web-10"]);
  expect(on.get("m2")).toEqual([]);
  expect(nowhere.map((one) => one.minion)).toEqual(["web-4", "web-3"]);
});
