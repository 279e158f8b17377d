//! Reads values of raas.conf: a wrong one is a problem with file, line, key and what was expected, and the default is taken.

use std::path::PathBuf;

use raas_salt::config::{Problem, Setting, Settings};
use serde_json::Value;

use super::keys::{Inner, KEYS, Use};

/// Longest name, as the server takes it.
const MAX_NAME: usize = 255;

pub(super) struct Reader<'a> {
    settings: &'a Settings,
    pub(super) problems: Vec<Problem>,
    pub(super) notes: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, problems: Vec::new(), notes: Vec::new() }
    }

    /// A problem with a key, whether it is there or not.
    pub(super) fn problem(&mut self, key: &str, what: &str) {
        let problem = match self.settings.get(key) {
            Some(setting) => setting.problem(what),
            None => Problem { file: None, line: None, key: Some(key.to_owned()), what: what.to_owned() },
        };
        self.problems.push(problem);
    }

    pub(super) fn server(&mut self) -> String {
        let Some(setting) = self.there("sseapi_server") else {
            self.problem(
                "sseapi_server",
                "is not set: it must be the URL of the server, as https://raas.example:8080 (raas-plugin install --server URL writes it)",
            );
            return String::new();
        };
        let text = setting.value.as_str().unwrap_or_default().trim().trim_end_matches('/').to_owned();
        if let Err(why) = is_server(&text) {
            self.expected(setting, &format!("the URL of the server, as https://raas.example:8080 ({why})"));
        }
        text
    }

    /// Two names for one switch.
    pub(super) fn validate(&mut self) -> bool {
        let names = ["sseapi_ssl_validate_cert", "sseapi_validate_cert"];
        let [first, second] = names.map(|name| self.there(name).is_some().then(|| self.switch(name, true)));
        if let (Some(first), Some(second)) = (first, second)
            && first != second
        {
            self.problem(names[1], "contradicts sseapi_ssl_validate_cert: keep one of them");
        }
        first.or(second).unwrap_or(true)
    }

    pub(super) fn switch(&mut self, key: &str, default: bool) -> bool {
        let Some(setting) = self.there(key) else { return default };
        setting.switch().unwrap_or_else(|| {
            self.expected(setting, "True or False");
            default
        })
    }

    pub(super) fn number(&mut self, key: &str, default: u64, least: u64, most: u64) -> u64 {
        let Some(setting) = self.there(key) else { return default };
        whole(&setting.value, least, most).unwrap_or_else(|| {
            self.expected(setting, &format!("a whole number from {least} to {most}"));
            default
        })
    }

    pub(super) fn name(&mut self, key: &str) -> Option<String> {
        let setting = self.there(key)?;
        let text = match &setting.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.expected(setting, "a name");
                return None;
            }
        };
        if text.is_empty() {
            return None;
        }
        if text.len() > MAX_NAME || text.chars().any(char::is_control) || text.trim() != text {
            self.expected(
                setting,
                &format!("a name of at most {MAX_NAME} bytes, without control characters"),
            );
        }
        Some(text)
    }

    pub(super) fn path(&mut self, key: &str) -> Option<PathBuf> {
        let setting = self.there(key)?;
        match setting.value.as_str().map(PathBuf::from) {
            Some(path) if path.is_absolute() => Some(path),
            _ => {
                self.expected(setting, "the full path of a file");
                None
            }
        }
    }

    /// A map of numbers, each with its default.
    pub(super) fn queue(&mut self, key: &str, known: &[Inner]) -> Vec<(&'static str, u64)> {
        let default = |inner: &Inner| Some((inner.name, inner.number?.0));
        let defaults: Vec<_> = known.iter().filter_map(default).collect();
        let Some(setting) = self.there(key) else { return defaults };
        let Some(map) = setting.value.as_object() else {
            self.expected(setting, "a map, as in the commented raas.conf");
            return defaults;
        };
        for (name, value) in map {
            match known.iter().find(|inner| inner.name == name) {
                None => self.notes.push(setting.problem(format!("{name}: is not known here"))),
                Some(Inner { number: Some((_, least, most)), .. })
                    if whole(value, *least, *most).is_none() =>
                {
                    let what = format!(
                        "{name} must be a whole number from {least} to {most}, but it is {}",
                        shown(value)
                    );
                    self.problems.push(setting.problem(what));
                }
                Some(_) => {}
            }
        }
        let value = |(name, default): (&'static str, u64)| {
            (name, map.get(name).and_then(|value| whole(value, 0, u64::MAX)).unwrap_or(default))
        };
        defaults.into_iter().map(value).collect()
    }

    /// Keys that look like ours and are not, or change nothing.
    pub(super) fn unknown(&mut self) {
        for setting in self.settings.starting_with("sseapi_") {
            let note = match KEYS.iter().find(|known| known.name == setting.key) {
                None => match closest(&setting.key) {
                    Some(close) => setting.problem(format!("is not known here; is {close} meant?")),
                    None => setting.problem("is not known here"),
                },
                Some(known) => match known.used {
                    Use::Followed => continue,
                    Use::Unused(why) => setting.problem(format!("is accepted and changes nothing: {why}")),
                },
            };
            self.notes.push(note);
        }
    }

    fn there(&self, key: &str) -> Option<&'a Setting> {
        self.settings.get(key).filter(|setting| !setting.value.is_null())
    }

    fn expected(&mut self, setting: &Setting, what: &str) {
        self.problems.push(setting.problem(format!("must be {what}, but it is {}", shown(&setting.value))));
    }
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(80).collect()
}

fn whole(value: &Value, least: u64, most: u64) -> Option<u64> {
    value.as_u64().filter(|number| (least..=most).contains(number))
}

fn is_server(text: &str) -> Result<(), String> {
    let url: reqwest::Url = text.parse().map_err(|error| format!("{error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it must begin with http:// or https://".to_owned());
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("it has no host".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must have no user or password: a master proves itself with its key".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it must end with host, port or path".to_owned());
    }
    Ok(())
}

/// The known key that differs by a letter or two.
fn closest(key: &str) -> Option<&'static str> {
    let close = |known: &str| {
        let same = key.bytes().zip(known.bytes()).take_while(|(a, b)| a == b).count();
        let tail = key.bytes().rev().zip(known.bytes().rev()).take_while(|(a, b)| a == b).count();
        let longest = key.len().max(known.len());
        longest.saturating_sub(same + tail) <= 2
    };
    KEYS.iter().map(|known| known.name).find(|known| close(known))
}
