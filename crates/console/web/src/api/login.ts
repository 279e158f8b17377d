// Signing in: the _xsrf cookie first, then name and password for a token.
import { ApiError } from "./error";
import { startSession } from "./session";

interface Answer {
  _xsrf?: string;
  jwt?: string;
  attributes?: { username?: string };
  error?: { message?: string };
}

/** Starts a session, or throws a sentence that says what to do. */
export async function login(username: string, password: string): Promise<void> {
  const offer = await ask("GET");
  const answer = await ask("POST", { "x-xsrftoken": offer._xsrf ?? "" }, { username, password });
  if (!answer.jwt) throw new ApiError("The server answered without a token. Is this really raas?", 502);
  startSession({ token: answer.jwt, username: answer.attributes?.username ?? username });
}

async function ask(method: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  const response = await fetch("/account/login", {
    method,
    headers: { "content-type": "application/json", ...headers },
    credentials: "same-origin",
    signal: AbortSignal.timeout(15_000),
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new ApiError("The server does not answer. Is it running, and can this machine reach it?", 0);
  });
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (response.ok) return answer;
  throw new ApiError(refusal(response.status, answer.error?.message), response.status);
}

function refusal(status: number, message: string | undefined): string {
  if (status === 401) return "User name or password is wrong.";
  if (status === 429) return `${upper(message ?? "too many failed logins: try again later")}.`;
  if (status === 503) return "The server runs, but its database is away. Try again in a moment.";
  return message ? `${upper(message)}.` : `The server refused (HTTP ${status}).`;
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
