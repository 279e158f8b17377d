// The kinds of clusters in words.
import type { Kind } from "../api/types";

interface KindWords {
  name: string;
  /** How jobs travel, in a sentence. */
  means: string;
  /** Said of a master that no minion is listed at. */
  none: string;
}

const ON_ONE = "No minion is on it now.";
const ON_ALL = "Its minions were last heard through another master.";


export const KIND: Record<Kind, KindWords> = {
  failover: {
    name: "Failover",
    means: "Each minion is on one master at a time. A job goes to every master and each minion answers once.",
    none: ON_ONE,
  },
  hot: {
    name: "Hot-hot",
    means: "Each minion is on every master, listed where it was last heard. A job goes through every master that may hold some of its minions; each minion runs it once.",
    none: ON_ALL,
  },
  single: { name: "Single", means: "One master alone. Its jobs go through it.", none: ON_ONE },
  native: { name: "Native", means: "Salt's own cluster. A job goes to one live peer.", none: ON_ALL },
};
