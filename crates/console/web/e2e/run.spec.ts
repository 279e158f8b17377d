// Running a function: sent from the form, answered by itself, opened, filtered, and found again.
import { expect, test } from "./operator";

test("test.ping on a cluster: every minion's answer appears by itself", async ({ operator }) => {
  await operator.signIn();
  const answers = await operator.run({ cluster: "eu-web", fun: "test.ping" });
  await expect(answers.getByText("2 succeeded")).toBeVisible();
  const rows = answers.locator("tr[data-minion]");
  await expect(rows).toHaveCount(2);
  for (const row of await rows.all()) await expect(row.locator("[data-state]")).toHaveText("Succeeded");
  await rows.first().getByRole("button").click();
  await expect(answers.getByRole("region", { name: /^Return of / })).toHaveText("true");
  await operator.expectAccessible();
});

test("a hot-hot cluster answers once per minion", async ({ operator }) => {
  await operator.signIn();
  const answers = await operator.run({ cluster: "eu-db", fun: "test.ping" });
  await expect(answers.getByText("2 succeeded")).toBeVisible();
  await expect(answers.locator("tr[data-minion]")).toHaveCount(2);
});

test("one job for every cluster, as the picture in the documentation shows it", async ({ operator, page }) => {
  await page.setViewportSize({ width: 1440, height: 1120 });
  await operator.signIn();
  const answers = await operator.run({ cluster: "*", fun: "grains.get", args: "osfinger" });
  await expect(answers.getByText("4 succeeded")).toBeVisible();
  await expect(answers.locator("tr[data-minion]")).toHaveCount(4);
  await answers.locator("tr[data-minion]").first().getByRole("button").click();
  await expect(answers.getByRole("region", { name: /^Return of / })).not.toBeEmpty();
  await page.locator("main").evaluate((one) => one.scrollTo(0, 0));
  await page.screenshot({ path: "test-results/console.png" });
});

test("a function that fails is shown as failed, with its code and its output", async ({ operator, page }) => {
  await operator.signIn();
  const answers = await operator.run({ cluster: "eu-web", fun: "cmd.run", args: "'echo no such luck; exit 3'" });
  await expect(answers.getByText("2 failed")).toBeVisible();
  await answers.getByRole("button", { name: "2 failed" }).click();
  const row = answers.locator("tr[data-minion]").first();
  await expect(row.locator("[data-state]")).toHaveText("Failed");
  await expect(row).toContainText("3");
  await row.getByRole("button").click();
  await expect(answers.getByRole("region", { name: /^Return of / })).toContainText("no such luck");

  await answers.getByRole("link", { name: "Open as a page" }).click();
  await expect(page).toHaveURL(/\/jobs\/\d{20}$/);
  await page.locator("tr[data-minion]").first().getByRole("button").click();
  await expect(page).toHaveURL(/minion=/);
  await page.reload();
  await expect(page.getByRole("region", { name: /^Return of / })).toContainText("no such luck");
  await operator.expectAccessible();

  await page.getByRole("link", { name: "Jobs" }).first().click();
  await expect(page.getByRole("table", { name: "Jobs, newest first" })).toContainText("cmd.run");
  await expect(page.getByText("Some failed").first()).toBeVisible();
  await operator.expectAccessible();
});

test("nothing is sent while a field is empty, and the call is shown before it is made", async ({ operator, page }) => {
  await operator.signIn();
  const form = page.getByRole("form", { name: "Run a function" });
  await form.getByRole("button", { name: "Run", exact: true }).click();
  await expect(form.getByText("Say which function, as test.ping.")).toBeVisible();
  await expect(form.getByLabel("Function")).toBeFocused();
  await expect(page).not.toHaveURL(/job=/);
  await form.getByLabel("Function").fill("test.arg");
  await form.getByLabel("Arguments").fill("one n=2 'm={\"a\": true}'");
  await expect(form.getByText("n = 2 number")).toBeVisible();
  await form.getByRole("button", { name: "As CLI / As API" }).click();
  await expect(form.getByLabel("The call on the command line")).toHaveValue(`raas run '*' test.arg one n=2 'm={"a":true}'`);
  await operator.expectAccessible();
});

test("the keyboard alone is enough", async ({ operator, page }) => {
  await operator.signIn();
  await expect(operator.cluster("eu-web")).toBeVisible();
  await operator.cluster("eu-web").getByRole("button", { name: "Run on eu-web" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Function", { exact: true })).toBeFocused();
  await page.keyboard.type("test.ping");
  await page.keyboard.press("Enter");
  const answers = page.getByRole("region", { name: "Answers" });
  await expect(answers.getByText("2 succeeded")).toBeVisible();
});
