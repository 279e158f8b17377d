// Signing in: the cookie's value is repeated; every refusal says what to do.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { currentSession } from "../api/session";
import { type Asked, json, refusal, serve } from "../testing/server";
import { SignIn } from "./sign-in";

async function signIn(answer: (asked: Asked) => Response) {
  const asked = serve((one) => (one.body === null ? json({ _xsrf: "x1" }) : answer(one)));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SignIn ended={null} />
    </QueryClientProvider>,
  );
  await userEvent.type(screen.getByLabelText("User name"), "root");
  await userEvent.type(screen.getByLabelText("Password"), "secret");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  return asked;
}

test("the right password starts a session", async () => {
  const asked = await signIn(() => json({ jwt: "t9", attributes: { username: "root" } }));
  expect(currentSession()).toEqual({ token: "t9", username: "root" });
  expect(asked[1]).toMatchObject({ headers: { "x-xsrftoken": "x1" }, body: { username: "root", password: "secret" } });
});

test.each([
  [401, "user name or password is wrong", "User name or password is wrong."],
  [429, 'too many failed logins for "root": try again in 298 s', 'Too many failed logins for "root": try again in 298 s.'],
  [503, "away", "The server runs, but its database is away. Try again in a moment."],
])("refused with %i", async (code, message, shown) => {
  await signIn(() => json(refusal(code, message), code));
  expect(await screen.findByRole("alert")).toHaveProperty("textContent", expect.stringContaining(shown));
  expect(currentSession()).toBeNull();
});

test("a server that is away", async () => {
  await signIn(() => {
    throw new TypeError("fetch failed");
  });
  expect(await screen.findByText(/The server does not answer/)).toBeTruthy();
});

test("an ended session says why", () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SignIn ended="Your sign-in has expired." />
    </QueryClientProvider>,
  );
  expect(screen.getByText(/has expired/)).toBeTruthy();
});
