// The one connection of the page: follows /stream, refreshes what changed, and knows how live the page is.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

import { follow } from "../api/stream";
import { useNow } from "./clock";
import { beat, type Heard, judge, type Liveness } from "./judge";
import { Refresher } from "./refresher";

interface Connection {
  liveness: Liveness;
  heard: Heard;
}

const Context = createContext<Connection>({ liveness: "waiting", heard: { stream: null, answer: null, since: 0 } });
// Apart, because it seldom changes: whoever only asks questions is not drawn again each second.
const Beat = createContext(beat("waiting"));

export function ConnectionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const now = useNow();
  const [heard, setHeard] = useState<Heard>(() => ({ stream: null, answer: null, since: Date.now() }));

  useEffect(() => {
    const stop = new AbortController();
    const refresher = new Refresher(client);
    void follow(
      {
        alive: () => setHeard((old) => ({ ...old, stream: Date.now() })),
        lost: () => setHeard((old) => ({ ...old, stream: null })),
        changed: (change) => refresher.changed(change),
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [client]);

  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        if (event.type === "updated" && event.action.type === "success") {
          setHeard((old) => ({ ...old, answer: Date.now() }));
        }
      }),
    [client],
  );

  const liveness = judge(heard, now);
  return (
    <Beat value={beat(liveness)}>
      <Context value={{ liveness, heard }}>{children}</Context>
    </Beat>
  );
}

export const useConnection = () => useContext(Context);

/** How often a query asks by itself. */
export const useBeat = () => useContext(Beat);
