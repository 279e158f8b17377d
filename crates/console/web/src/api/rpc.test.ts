// The door: replies, refusals, and a server that is away.
import { expect, test, vi } from "vitest";

import { json, refusal, reply, serve, signedIn } from "../testing/server";
import { rpc } from "./rpc";
import { currentSession } from "./session";

const call = { resource: "cmd", method: "get_cmds" };

test("a call carries the token and gives what was returned", async () => {
  signedIn();
  const asked = serve(() => json([reply({ count: 0 })]));
  await expect(rpc(call)).resolves.toEqual({ count: 0 });
  expect(asked[0]).toMatchObject({ path: "/rpc", headers: { authorization: "JWT t1" }, body: [call] });
});

test("a refusal is the server's own sentence", async () => {
  signedIn();
  serve(() => json([refusal(422, 'parameter "tgt" is missing')]));
  await expect(rpc(call)).rejects.toThrow('parameter "tgt" is missing');
  serve(() => json(refusal(503, "the database is away; nothing was lost, try again in a moment"), 503));
  await expect(rpc(call)).rejects.toThrow("the database is away");
});

test("an expired token ends the session and says so", async () => {
  signedIn();
  serve(() => json(refusal(401, "the token has expired: sign in again"), 401));
  await expect(rpc(call)).rejects.toThrow("expired");
  expect(currentSession()).toBeNull();
});

test("no connection is said as such, and the session stays", async () => {
  signedIn();
  await expect(rpc(call)).rejects.toThrow("The server does not answer (no connection)");
  expect(currentSession()).not.toBeNull();
});

test("an answer that is no reply is not taken for one", async () => {
  signedIn();
  serve(() => new Response("<html>a proxy</html>"));
  await expect(rpc(call)).rejects.toThrow("no reply");
  vi.unstubAllGlobals();
});
