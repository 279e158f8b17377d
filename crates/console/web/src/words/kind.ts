// The kinds of clusters in words.
import type { Kind } from "../api/types";

interface KindWords {
  name: string;
  /** How jobs travel, in a sentence. */
  means: string;
}

export const KIND: Record<Kind, KindWords> = {
  failover: {
    name: "Failover",
    means: "Each minion is on one master at a time. A job goes to every master and each minion answers once.",
  },
  hot: {
    name: "Hot-hot",
    means: "Each minion is on every master. A job goes to one master; minions that it does not hold are reached through another.",
  },
  single: { name: "Single", means: "One master alone. Its jobs go through it." },
  native: { name: "Native", means: "Salt's own cluster. A job goes to one live peer." },
};
