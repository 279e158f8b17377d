// The door: POST /rpc, one call or several in one request, with the session's token and a time limit.
import { ApiError, serverAway } from "./error";
import { currentSession, endSession } from "./session";

const TIME_LIMIT_MS = 15_000;

export interface Call {
  resource: string;
  method: string;
  kwarg?: object;
}

export interface Reply {
  ret: unknown;
  error: { code: number; message: string } | null;
  warnings: string[];
}

/** Several calls in one request; the replies in their order. Each may have failed by itself. */
export async function rpcAll(calls: Call[], signal?: AbortSignal): Promise<Reply[]> {
  const body = await post(calls, signal);
  if (!Array.isArray(body)) throw new ApiError("The server answered with something that is no reply.", 502);
  return body as Reply[];
}

/** One call; what it returned. */
export async function rpc<T>(call: Call, signal?: AbortSignal): Promise<T> {
  const [reply] = await rpcAll([call], signal);
  return value<T>(reply);
}

/** What a reply returned, or its error thrown. */
export function value<T>(reply: Reply | undefined): T {
  if (!reply) throw new ApiError("The server left a call without a reply.", 502);
  if (reply.error) throw new ApiError(reply.error.message, reply.error.code);
  return reply.ret as T;
}

async function post(body: object, signal?: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  const session = currentSession();
  const response = await fetch("/rpc", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `JWT ${session?.token ?? ""}` },
    body: JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw serverAway(limit.aborted ? `no reply within ${TIME_LIMIT_MS / 1000} s` : "no connection");
  });
  return read(response, session?.token);
}

async function read(response: Response, token: string | undefined): Promise<unknown> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  const message = (body as Partial<Reply> | null)?.error?.message;
  if (response.status === 401) {
    // Only if nobody signed in anew meanwhile.
    if (currentSession()?.token === token) endSession("Your sign-in has expired. Sign in again to go on where you were.");
    throw new ApiError(message ?? "Not signed in.", 401);
  }
  if (message) throw new ApiError(message, response.status);
  throw serverAway(`HTTP ${response.status}`);
}
