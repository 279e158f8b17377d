//! Salt target expressions: parse and match, in memory. Knows nothing of databases, masters or networks.
//!
//! A match has three answers: [`Match::Unknown`] is said where only a minion or its master can decide
//! (pillar, ranges, grains that were never seen), so that routing can tell "nobody" from "cannot know".

mod compound;
mod error;
mod glob;
mod grain;
mod ipcidr;
mod pcre;
mod target;
mod verdict;

pub use error::TargetError;
pub use target::{Target, TargetInput};
pub use verdict::Match;
