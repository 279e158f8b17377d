// Who is signed in: the token, kept for this browser tab only, and why a sign-in ended.
import { useSyncExternalStore } from "react";

const KEY = "raas.session";

export interface Session {
  token: string;
  username: string;
}

export interface SessionState {
  session: Session | null;
  /** Why there is none, when it ended by itself. */
  ended: string | null;
}

function restore(): Session | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Partial<Session> | null;
    return kept?.token && kept.username ? { token: kept.token, username: kept.username } : null;
  } catch {
    return null;
  }
}

let state: SessionState = { session: restore(), ended: null };
const listeners = new Set<() => void>();

function set(next: SessionState) {
  state = next;
  try {
    if (next.session) sessionStorage.setItem(KEY, JSON.stringify(next.session));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing: the session lives until the page is closed.
  }
  listeners.forEach((listener) => listener());
}

export const currentSession = () => state.session;

export function startSession(session: Session) {
  set({ session, ended: null });
}

/** Ends the session; `why` is shown at the sign-in, which keeps the address. */
export function endSession(why: string | null = null) {
  if (state.session) set({ session: null, ended: why });
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSession = (): SessionState => useSyncExternalStore(subscribe, () => state);
