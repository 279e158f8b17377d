// A server for tests: answers fetch by a function of each call, and keeps what was asked.
import { vi } from "vitest";

import { startSession } from "../api/session";

export interface Asked {
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

type Answer = (asked: Asked) => Response | Promise<Response>;

export function serve(answer: Answer): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
    const one = { path, headers: Object.fromEntries(new Headers(init.headers)), body };
    asked.push(one);
    return answer(one);
  });
  return asked;
}

export const json = (body: unknown, code = 200) => new Response(JSON.stringify(body), { status: code });

export const reply = (ret: unknown) => ({ riq: null, ret, error: null, warnings: [] });

export const refusal = (code: number, message: string) => ({ riq: null, ret: null, error: { code, message }, warnings: [] });

export const signedIn = () => startSession({ token: "t1", username: "root" });
