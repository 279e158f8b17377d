// The form's request: refused when something is missing, else the same as API call and command line.
import { describe, expect, test } from "vitest";

import { minion } from "../testing/fleet";
import { glob, matched } from "./matched";
import { asApi, asCli, params, problems, type Request } from "./request";

const ping: Request = { kind: "local", place: "eu-web", tgtType: "glob", tgt: "*", fun: "test.ping", args: "" };

describe("a request", () => {
  test("nothing is sent with an empty field", () => {
    expect(problems({ ...ping, fun: "  ", tgt: " ", place: "" })).toEqual({
      place: "Choose a cluster.",
      tgt: "Say which minions, as * or web* or a list of ids.",
      fun: "Say which function, as test.ping.",
    });
    expect(problems({ ...ping, fun: "ping" }).fun).toContain("module.function");
    expect(problems({ ...ping, args: "'" }).args).toContain("not closed");
    expect(problems(ping)).toEqual({});
    expect(problems({ ...ping, kind: "runner", tgt: "" })).toEqual({});
  });

  test("goes to the cluster with its target and arguments", () => {
    expect(params({ ...ping, tgtType: "list", tgt: "web-1, web-2", fun: "cmd.run", args: "uptime timeout=5" })).toEqual({
      cmd: "local",
      fun: "cmd.run",
      tgt: { "eu-web": { tgt: ["web-1", "web-2"], tgt_type: "list" } },
      arg: { arg: ["uptime"], kwarg: { timeout: 5 } },
    });
    expect(params(ping)).toEqual({ cmd: "local", fun: "test.ping", tgt: { "eu-web": { tgt: "*", tgt_type: "glob" } } });
    expect(params({ ...ping, kind: "runner", fun: "manage.up" })).toEqual({ cmd: "runner", fun: "manage.up", masters: ["eu-web"] });
  });

  test("is the same on the command line", () => {
    expect(asCli(ping)).toBe("raas run --cluster eu-web '*' test.ping");
    expect(asCli({ ...ping, place: "*", tgtType: "grain", tgt: "os:Debian", fun: "cmd.run", args: "'ls -l' n='\"5\"'" })).toBe(
      `raas run --type grain os:Debian cmd.run 'ls -l' 'n="5"'`,
    );
    expect(asCli({ ...ping, kind: "wheel", fun: "key.list_all" })).toBe("raas run --wheel --cluster eu-web key.list_all");
  });

  test("is the same over HTTP, safe for a shell", () => {
    const line = asApi({ ...ping, args: "\"it's\"" }, "https://raas.example");
    expect(line).toContain("curl -s https://raas.example/rpc");
    expect(line).toContain(`it'\\''s`);
  });
});

describe("whom a target reaches", () => {
  const minions = [minion("web-1", "eu-web", "m1"), minion("web-2", "eu-web", null, "unknown"), minion("web-3", "eu-db", "m3")];
  const names = (request: Request) => matched(request, minions)?.map((one) => one.minion);

  test("globs and lists can be told here, others only by the server", () => {
    expect(names({ ...ping, tgt: "web*" })).toEqual(["web-1", "web-2"]);
    expect(names({ ...ping, place: "*", tgt: "web-[!1]" })).toEqual(["web-2", "web-3"]);
    expect(names({ ...ping, tgtType: "list", tgt: "web-2 nobody" })).toEqual(["web-2"]);
    expect(names({ ...ping, tgtType: "compound", tgt: "web*" })).toBeUndefined();
  });

  test("a glob matches the whole id and takes its other signs literally", () => {
    expect(glob("web.1")?.test("webx1")).toBe(false);
    expect(glob("web-?")?.test("web-12")).toBe(false);
    expect(glob("[z-a]")).toBeNull();
  });
});
