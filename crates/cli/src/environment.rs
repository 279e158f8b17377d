//! The only place of this program that reads the environment and the clock.
#![allow(clippy::disallowed_methods)]

use std::{ffi::OsString, path::PathBuf};

/// `RAAS__SECTION__KEY` settings.
pub(crate) fn layers() -> Vec<(String, String)> {
    std::env::vars().filter(|(name, _)| name.starts_with("RAAS__")).collect()
}

/// `RAAS_ROOT_PASSWORD`: the first password of root.
pub(crate) fn root_password() -> Option<String> {
    std::env::var("RAAS_ROOT_PASSWORD").ok()
}

/// `RAAS_PASSWORD`: the password to sign in with.
pub(crate) fn password() -> Option<String> {
    std::env::var("RAAS_PASSWORD").ok()
}

/// `RAAS_TOKEN`: a token of `raas tokens save`, for programs.
pub(crate) fn token() -> Option<String> {
    std::env::var("RAAS_TOKEN").ok().filter(|token| !token.is_empty())
}

/// `PATH`.
pub(crate) fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}

/// Where the token of `raas login` is kept.
pub(crate) fn token_file() -> Option<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    config.or_else(home).map(|dir| dir.join("raas").join("token.json"))
}

/// Now.
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
