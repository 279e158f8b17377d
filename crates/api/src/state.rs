//! The closed sets of states, one word each, the same in SQL, JSON, CLI and console.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares an enum whose words are the same everywhere.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in SQL, JSON, CLI and console.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one named by `word`, if there is one.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Whether a master or minion is there. Always shown with an age.
    Presence {
        /// There is fresh evidence.
        Present = "present",
        /// It was asked, or expected, and did not answer.
        Lost = "lost",
        /// No fresh evidence either way. Never shown as present.
        Unknown = "unknown",
    }
}

words! {
    /// State of a minion's key on one master.
    MinionKeyState {
        /// In `minions`.
        Accepted = "accepted",
        /// In `minions_pre`.
        Pending = "pending",
        /// In `minions_rejected`.
        Rejected = "rejected",
        /// In `minions_denied`: another key came under a known id.
        Denied = "denied",
    }
}

words! {
    /// The one answer for (jid, minion). Each has a reason, a time and a deadline; none stays open for ever.
    OutcomeState {
        /// Planned; no master has taken it.
        Queued = "queued",
        /// A master took it.
        Delivered = "delivered",
        /// The minion was asked and says that it runs.
        Running = "running",
        /// Returned, and good.
        Succeeded = "succeeded",
        /// Returned, and bad.
        Failed = "failed",
        /// It was published, the minion did not return, and did not answer when asked.
        NoAnswer = "no_answer",
        /// It was certainly not published to this minion.
        NotDelivered = "not_delivered",
        /// It may have run; what came of it cannot be known any more.
        ResultUnknown = "result_unknown",
        /// A person stopped it.
        Cancelled = "cancelled",
    }
}

impl OutcomeState {
    /// Whether nothing more is expected (a late return may still upgrade it).
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Delivered | Self::Running)
    }

    /// Whether the minion's return is there.
    pub fn has_return(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

words! {
    /// How surely a job reaches a minion, as the plan sees it before anything is sent.
    Reach {
        /// Fresh evidence says that it is on a live master that would publish to it.
        Proven = "proven",
        /// A live master that would publish to it may hold it: its key is accepted there, or that master has not told its keys.
        Assumed = "assumed",
        /// No live master that would publish to it may hold it.
        Unreachable = "unreachable",
    }
}

words! {
    /// What a plan has one master do.
    PlannedWork {
        /// Publish to the target as asked for.
        Target = "target",
        /// Publish to a list of minions.
        List = "list",
        /// Run a runner or wheel itself.
        Run = "run",
    }
}

words! {
    /// What an entry of an outcome's timeline is about.
    TimelineKind {
        /// Somebody asked for it, or it was seen on a master.
        AskedFor = "asked_for",
        /// The plan expected an answer.
        Planned = "planned",
        /// A step of a delivery of the job to one master.
        Delivery = "delivery",
        /// A step of a question about the job, put through one master.
        Question = "question",
        /// The outcome changed.
        Change = "change",
        /// A master saw the return.
        Witness = "witness",
        /// Changes that are not kept.
        LeftOut = "left_out",
    }
}

words! {
    /// State of a command, in the words of the RaaS API.
    CommandState {
        /// No master has taken it.
        New = "new",
        /// At least one master has taken it.
        Retrieved = "retrieved",
        /// Skipped.
        Skipped = "skipped",
        /// Being paused.
        Pausing = "pausing",
        /// Paused.
        Paused = "paused",
        /// Being resumed.
        Resuming = "resuming",
        /// Resumed.
        Resumed = "resumed",
        /// All outcomes ended, and some never returned.
        CompletedMissingReturns = "completed_missing_returns",
        /// All returned, and some failed.
        CompletedFailures = "completed_failures",
        /// All returned and all are good.
        CompletedAllSuccessful = "completed_all_successful",
        /// Being stopped.
        Stopping = "stopping",
        /// Stopped.
        Stopped = "stopped",
        /// Disabled.
        Disabled = "disabled",
    }
}

words! {
    /// What runs a function.
    CommandKind {
        /// Minions.
        Local = "local",
        /// The master's runner client.
        Runner = "runner",
        /// The master's wheel client.
        Wheel = "wheel",
    }
}

words! {
    /// Which masters get a runner or wheel. Default: `all-masters` with `any-in-cluster`.
    Disposition {
        /// Every entity of `masters`.
        AllMasters = "all-masters",
        /// One entity of `masters`.
        AnyMaster = "any-master",
        /// One live master of a cluster.
        AnyInCluster = "any-in-cluster",
        /// Every live master of a cluster.
        AllInCluster = "all-in-cluster",
    }
}
