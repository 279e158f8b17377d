// What a minion returned: text as it is, the rest as JSON; long ones are cut until asked for.
import { Button, Skeleton } from "@patternfly/react-core";
import { useState } from "react";

import { useReturn } from "../api/jobs";
import type { CmdDetail, Json } from "../api/types";
import { Problem } from "../ui/problem";

const FIRST_CHARS = 4000;

export function ReturnView({ outcome }: { outcome: CmdDetail }) {
  const found = useReturn(outcome);
  if (!outcome.has_return) return <p className="return return--none">{noReturn(outcome)}</p>;
  if (found.isPending) return <Skeleton screenreaderText="Loading the return" width="60%" />;
  if (found.isError) {
    return <Problem what="The return could not be had" error={found.error} onRetry={() => void found.refetch()} />;
  }
  return <ReturnText minion={outcome.minion_id} value={found.data?.return ?? null} />;
}

const noReturn = (one: CmdDetail) => `${one.minion_id} has not returned anything${one.reason ? `: ${one.reason}` : ""}.`;

/** A return as text. */
export const asText = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export function ReturnText({ minion, value }: { minion: string; value: Json }) {
  const [all, setAll] = useState(false);
  const text = asText(value);
  const isLong = text.length > FIRST_CHARS;
  return (
    <div className="return">
      {/* Scrolls by itself, so the keyboard must reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="region" aria-label={`Return of ${minion}`}>
        {text === "" ? <i>(empty text)</i> : isLong && !all ? `${text.slice(0, FIRST_CHARS)}…` : text}
      </pre>
      <div className="return__act">
        {isLong && (
          <Button variant="link" isInline onClick={() => setAll(!all)}>
            {all ? "Show less" : `Show all ${text.length.toLocaleString("en")} characters`}
          </Button>
        )}
        <Button variant="link" isInline onClick={() => void navigator.clipboard.writeText(text)}>
          Copy
        </Button>
      </div>
    </div>
  );
}
