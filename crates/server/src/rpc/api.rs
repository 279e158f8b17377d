//! `api.*`

mod discover;
mod get_versions;

pub(super) use raas_api::discover::{Discover, GetVersions};
