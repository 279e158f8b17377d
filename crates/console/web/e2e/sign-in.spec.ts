// Signing in and out, and coming back to where one was.
import { expect, test } from "./operator";

test("a wrong password is refused with a sentence, the right one opens the console", async ({ operator, page }) => {
  await page.goto("/");
  await operator.expectAccessible();
  await operator.enter("nobody-of-that-name", "not the password");
  await expect(page.getByRole("alert")).toContainText("User name or password is wrong.");
  // The browser itself writes down that a login was refused.
  operator.complaints.length = 0;
  await operator.signIn();
  await expect(page.getByRole("heading", { name: "Clusters", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("an expired sign-in asks again and keeps the place", async ({ operator, page }) => {
  await operator.signIn("/jobs?page=1");
  await page.evaluate(() => sessionStorage.setItem("raas.session", JSON.stringify({ token: "too.old.token", username: "root" })));
  await page.reload();
  await expect(page.getByText("Your sign-in has expired.")).toBeVisible();
  operator.complaints.length = 0;
  await operator.signIn("/jobs?page=1");
  await expect(page).toHaveURL(/\/jobs\?page=1$/);
  await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeVisible();
});

test("the page allows only its own files, and what the API does not have stays JSON", async ({ operator, page, request }) => {
  const response = await page.goto("/");
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
  const asked: string[] = [];
  page.on("request", (one) => asked.push(new URL(one.url()).origin));
  await operator.signIn();
  expect([...new Set(asked)]).toEqual([new URL(page.url()).origin]);
  const missing = await request.get("/no-such-path");
  expect(missing.status()).toBe(404);
  expect(((await missing.json()) as { error: { code: number } }).error.code).toBe(404);
});
