//! Salt target expressions: parse and match, in memory. Knows nothing of databases, masters or networks.
//!
//! What the **minion** decides is the truth of who runs a job, so its matchers are what is followed here. The master's
//! own answer only says whom it expects; where the two differ is told in `docs/targets.md`.
//!
//! A match has three answers: [`Match::Unknown`] is said where only a minion or its master can decide
//! (ranges, grains or pillar that were never seen), so that routing can tell "nobody" from "cannot know".

mod compare;
mod compound;
mod data;
mod error;
mod glob;
mod groups;
mod ipcidr;
mod kind;
mod list;
mod looks;
mod minion;
mod nodegroup;
mod pcre;
mod published;
mod python;
mod reader;
mod target;
mod verdict;

pub use error::TargetError;
pub use groups::{Change, Groups};
pub use minion::Minion;
pub use nodegroup::{Nodegroup, Nodegroups};
pub use published::{Published, Tgt};
pub use target::{Target, TargetInput};
pub use verdict::Match;
