// Clusters as groups: kinds, masters, and where each minion is.
import { expect, test } from "./operator";

const CLUSTERS = [
  { id: "eu-web", kind: "Failover" },
  { id: "eu-db", kind: "Hot-hot" },
];

test("clusters are groups of masters, and every minion stands at one of them", async ({ operator, page }) => {
  await operator.signIn();
  for (const { id, kind } of CLUSTERS) {
    const group = operator.cluster(id);
    await expect(group.getByText(kind, { exact: true })).toBeVisible();
    await expect(group.getByRole("region", { name: /^Master / })).toHaveCount(2);
    await expect(group.getByText("2 minions", { exact: true }).first()).toBeVisible();
    await expect(group.getByText("2 present", { exact: true })).toBeVisible({ timeout: 30_000 });
    const placed = group.getByRole("list", { name: /^Minions on / }).getByRole("listitem");
    await expect(placed).toHaveCount(2);
    for (const state of await placed.locator("[data-state]").all()) await expect(state).toHaveText("Present");
    for (const master of await group.getByRole("region", { name: /^Master / }).all()) {
      await expect(master.locator("header [data-state]")).toHaveText("Present");
    }
  }
  await expect(page.getByRole("button", { name: /^Connection: Live/ })).toBeVisible();
});

test("the first page is usable by everybody, in light and in dark", async ({ operator, page }) => {
  await operator.signIn();
  await expect(operator.cluster("eu-web")).toBeVisible();
  await operator.expectAccessible();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveClass(/pf-v6-theme-dark/);
  await operator.expectAccessible();
});

test("a narrow screen shows everything without scrolling sideways", async ({ operator, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await operator.signIn();
  await expect(operator.cluster("eu-web")).toBeVisible();
  await expect(page.getByRole("form", { name: "Run a function" })).toBeVisible();
  const sideways = await page.evaluate(() =>
    [...document.querySelectorAll("html, body, main")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.tagName),
  );
  expect(sideways).toEqual([]);
  await operator.expectAccessible();
  await page.screenshot({ path: "test-results/console-narrow.png" });
});
