//! A limit to some minions: the same words as a target, by cluster.

use std::collections::BTreeMap;

use crate::cmd::RouteTarget;

/// Cluster id, or `*` for every cluster → target. A minion is within the limit when one entry matches it.
/// The same shape as `tgt` of `cmd.route_cmd`; ids of masters of a cluster mean nothing here.
pub type Scope = BTreeMap<String, RouteTarget>;
