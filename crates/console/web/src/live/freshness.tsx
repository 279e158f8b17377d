// Of what moment a part of the page is; inside a part that is too old no state is shown as if it were so.
import { createContext, type ReactNode, useContext } from "react";

import { ago, clockTime } from "../words/time";
import { useNow } from "./clock";
import { STALE_MS } from "./judge";

const Stale = createContext(false);

/** Whether the part around is too old to be believed. */
export const useStale = () => useContext(Stale);

/** Judges everything inside by the moment of its data. */
export function AsOf({ time, children }: { time: number; children: ReactNode }) {
  const now = useNow();
  return <Stale value={time > 0 && now - time > STALE_MS}>{children}</Stale>;
}

/** "as of 14:02:11 (3 s)", amber when too old. */
export function AsOfText({ time }: { time: number }) {
  const now = useNow();
  if (time === 0) return null;
  const old = now - time > STALE_MS;
  return (
    <span className={old ? "as-of as-of--old" : "as-of"}>
      as of <time dateTime={new Date(time).toISOString()}>{clockTime(time)}</time> ({ago(now - time)}
      {old ? ", too old to rely on" : ""})
    </span>
  );
}
