//! Settings as types: a wrong type is a problem with its place, and the default is taken so that all problems are found.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::setting::{Problem, Setting, Settings};

pub(super) struct Typed<'a> {
    settings: &'a Settings,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Typed<'a> {
    pub(super) fn new(settings: &'a Settings, problems: &'a mut Vec<Problem>) -> Self {
        Self { settings, problems }
    }

    pub(super) fn text(&mut self, key: &str, default: &str) -> String {
        self.optional_text(key).unwrap_or_else(|| default.to_owned())
    }

    /// `None` also for an empty text.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<String> {
        let setting = self.there(key)?;
        match &setting.value {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            // Salt takes `id: 17` as well.
            Value::Number(number) => Some(number.to_string()),
            _ => self.wrong(setting, "a text"),
        }
    }

    pub(super) fn path(&mut self, key: &str, default: impl AsRef<Path>) -> PathBuf {
        self.optional_text(key).map_or_else(|| default.as_ref().to_owned(), PathBuf::from)
    }

    pub(super) fn paths(&mut self, key: &str) -> Vec<PathBuf> {
        let Some(setting) = self.there(key) else { return Vec::new() };
        match &setting.value {
            Value::String(one) => vec![PathBuf::from(one)],
            Value::Array(items) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).map(PathBuf::from).collect()
            }
            _ => self.wrong(setting, "a list of directories").unwrap_or_default(),
        }
    }

    pub(super) fn port(&mut self, key: &str, default: u16) -> u16 {
        let Some(setting) = self.there(key) else { return default };
        let port = whole_number(&setting.value).and_then(|n| u16::try_from(n).ok()).filter(|port| *port > 0);
        port.or_else(|| self.wrong(setting, "a port (1 to 65535)")).unwrap_or(default)
    }

    pub(super) fn size(&mut self, key: &str, default: usize) -> usize {
        let Some(setting) = self.there(key) else { return default };
        let size = whole_number(&setting.value).and_then(|n| usize::try_from(n).ok());
        size.or_else(|| self.wrong(setting, "a number of bytes")).unwrap_or(default)
    }

    fn there(&self, key: &str) -> Option<&'a Setting> {
        self.settings.get(key).filter(|setting| !setting.value.is_null())
    }

    fn wrong<T>(&mut self, setting: &Setting, wanted: &str) -> Option<T> {
        let shown: String = setting.value.to_string().chars().take(80).collect();
        self.problems.push(setting.problem(format!("must be {wanted}, but it is {shown}")));
        None
    }
}

fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
