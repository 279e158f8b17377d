// A state as an icon and a word in its colour. In a part of the page that is too old it says what it was.
import { Label } from "@patternfly/react-core";
import QuestionCircleIcon from "@patternfly/react-icons/dist/esm/icons/question-circle-icon";

import { useStale } from "../live/freshness";
import { lookOf, type Tone } from "./state";

const COLOR = {
  good: "green",
  bad: "red",
  warning: "orange",
  busy: "blue",
  neutral: "grey",
  unknown: "grey",
} as const satisfies Record<Tone, string>;

interface Props {
  /** A word of the one table. */
  state: string;
  /** What follows the word, as an age. */
  more?: string | undefined;
  /** It is over and does not change any more: never stale. */
  final?: boolean;
}

export function StateLabel({ state, more, final = false }: Props) {
  const stale = useStale() && !final;
  const { word, tone, icon: Icon } = lookOf(state);
  const text = stale ? `was ${word.toLowerCase()}` : word;
  return (
    <Label
      isCompact
      color={stale ? "grey" : COLOR[tone]}
      icon={stale ? <QuestionCircleIcon /> : <Icon />}
      className={stale || tone === "unknown" ? "state state--unknown" : "state"}
      data-state={stale ? "stale" : state}
    >
      {more ? `${text} · ${more}` : text}
    </Label>
  );
}
