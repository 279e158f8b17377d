//! `ret.get_minions`: minion ids by master.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// No parameters.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMinionsParams {}

method!(
    GetMinions,
    "ret",
    "get_minions",
    GetMinionsParams,
    BTreeMap<String, Vec<String>>,
    "Minions with an accepted key: master id → minion ids."
);
