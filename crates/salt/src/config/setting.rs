//! One key of a configuration with where it stands, and all keys together.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A key with its value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// The file it came from; none when Salt itself told us.
    pub file: Option<PathBuf>,
    /// Its line in the file, from 1, when it was found.
    pub line: Option<usize>,
}

impl Setting {
    pub(super) fn given(key: &str, value: Value) -> Self {
        Self { key: key.to_owned(), value, file: None, line: None }
    }

    /// A problem with this setting.
    pub fn problem(&self, what: impl Into<String>) -> Problem {
        Problem { file: self.file.clone(), line: self.line, key: Some(self.key.clone()), what: what.into() }
    }

    /// A switch, as YAML 1.1 reads it (Salt's YAML: `yes` and `on` are true); `None` when it is something else.
    pub fn switch(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            Value::String(text) => match text.as_str() {
                "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
                "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

/// All keys of a configuration: later files won.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<String, Setting>);

impl Settings {
    pub(super) fn new(entries: BTreeMap<String, Setting>) -> Self {
        Self(entries)
    }

    /// A key. `null` counts as there.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.0.get(key)
    }

    /// All keys that start with `prefix`.
    pub fn starting_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Setting> {
        self.0.values().filter(move |setting| setting.key.starts_with(prefix))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Setting> {
        self.0.values()
    }

    /// Sets a value; the place that is known for the key stays.
    pub(super) fn put(&mut self, key: &str, value: Value) {
        match self.0.get_mut(key) {
            Some(setting) => setting.value = value,
            None => drop(self.0.insert(key.to_owned(), Setting::given(key, value))),
        }
    }

    pub(super) fn take_over(&mut self, later: Settings) {
        self.0.extend(later.0);
    }

    pub(super) fn entries_mut(&mut self) -> &mut BTreeMap<String, Setting> {
        &mut self.0
    }
}

/// Something that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In this file.
    pub file: Option<PathBuf>,
    /// On this line, from 1.
    pub line: Option<usize>,
    /// Of this key.
    pub key: Option<String>,
    /// A sentence.
    pub what: String,
}

impl Problem {
    pub(super) fn in_file(file: &Path, line: Option<usize>, what: impl Into<String>) -> Self {
        Self { file: Some(file.to_owned()), line, key: None, what: what.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(out, "{}", file.display())?;
            if let Some(line) = self.line {
                write!(out, ":{line}")?;
            }
            out.write_str(": ")?;
        }
        if let Some(key) = &self.key {
            write!(out, "{key}: ")?;
        }
        out.write_str(&self.what)
    }
}
