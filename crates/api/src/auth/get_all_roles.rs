//! `auth.get_all_roles`

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{Scope, method};

/// Parameters.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetAllRolesParams {
    /// By name.
    pub sort_order: Option<SortOrder>,
}

/// First name first, or last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum SortOrder {
    /// A to Z.
    #[default]
    Asc,
    /// Z to A.
    Desc,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Role {
    /// Name.
    pub name: String,
    /// For people.
    pub desc: Option<String>,
    /// Its uuid.
    pub uuid: Uuid,
    /// What it allows.
    pub perms: Vec<String>,
    /// It is always there, and cannot be changed (ours).
    pub built_in: bool,
    /// The minions that it reaches; null: all (ours).
    pub scope: Option<Scope>,
}

/// Name → role, in the order that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Roles(#[schemars(with = "HashMap<String, Role>")] pub Map<String, Value>);

method!(GetAllRoles, "auth", "get_all_roles", GetAllRolesParams, Roles, "Every role with what it allows.");
