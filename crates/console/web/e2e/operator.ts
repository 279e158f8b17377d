// An operator in a browser: signs in, runs functions, and notices everything that the page complains about.
import { readFileSync } from "node:fs";

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page, test as base } from "@playwright/test";

const user = process.env.RAAS_USER ?? "root";

function password(): string {
  const file = process.env.RAAS_PASSWORD_FILE;
  if (!file) throw new Error("RAAS_PASSWORD_FILE is not set: run this with `raas-lab stage`, as `cargo xtask test` does");
  return readFileSync(file, "utf8").trim();
}

export class Operator {
  /** What the browser wrote to its console, and failures of the page itself. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.complaints.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 500) this.complaints.push(`${response.status()} of ${response.url()}`);
    });
  }

  async enter(name: string, secret: string) {
    await this.page.getByLabel("User name").fill(name);
    await this.page.getByLabel("Password").fill(secret);
    await this.page.getByRole("button", { name: "Sign in" }).click();
  }

  /** Opens a page and signs in there. */
  async signIn(path = "/") {
    await this.page.goto(path);
    await this.enter(user, password());
    await expect(this.page.getByRole("button", { name: "Sign out" })).toBeVisible();
  }

  cluster(id: string): Locator {
    return this.page.getByRole("region", { name: id, exact: true });
  }

  /** Runs a function and waits for its answers to appear by themselves. */
  async run(what: { cluster: string; fun: string; args?: string; tgt?: string }): Promise<Locator> {
    const form = this.page.getByRole("form", { name: "Run a function" });
    await form.getByLabel("Cluster").selectOption(what.cluster);
    await form.getByLabel("Minions").fill(what.tgt ?? "*");
    await form.getByLabel("Function").fill(what.fun);
    await form.getByLabel("Arguments").fill(what.args ?? "");
    await form.getByRole("button", { name: "Run", exact: true }).click();
    await expect(this.page).toHaveURL(/\/\?job=\d{20}$/);
    return this.page.getByRole("region", { name: "Answers" });
  }

  /** Every rule of axe for WCAG 2.2 A and AA. */
  async expectAccessible() {
    const { violations } = await new AxeBuilder({ page: this.page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    const told = violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => node.html).join("\n  ")}`);
    expect(told.join("\n")).toBe("");
  }

  expectNoComplaints() {
    expect(this.complaints.join("\n")).toBe("");
  }
}

interface Fixtures {
  operator: Operator;
}

export const test = base.extend<Fixtures>({
  operator: async ({ page }, use) => {
    const operator = new Operator(page);
    await use(operator);
    operator.expectNoComplaints();
  },
});

export { expect };
