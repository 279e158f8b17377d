//! The files of a configuration in Salt's order: `master`, then `default_include`, then `include`; later wins.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::setting::{Problem, Setting, Settings};

/// Files that include each other in a circle end here.
const DEEPEST: usize = 8;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no master here.
    #[error("no Salt master is configured in {}: it has no file `master` and no directory `master.d`", .0.display())]
    NoMaster(PathBuf),
    /// All problems, one per line.
    #[error("{}", lines(.0))]
    Problems(Vec<Problem>),
}

impl ConfigError {
    pub(super) fn unless_empty(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::Problems(problems)) }
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Reads everything; what cannot be read is a problem beside the rest.
pub(super) fn read(config_dir: &Path) -> Result<(Settings, Vec<Problem>), ConfigError> {
    let main = config_dir.join("master");
    if !main.exists() && !config_dir.join("master.d").is_dir() {
        return Err(ConfigError::NoMaster(config_dir.to_owned()));
    }
    let mut reader = Reader { problems: Vec::new() };
    // Salt runs on defaults when the main file is missing.
    let mut settings = if main.exists() { reader.file(&main) } else { Settings::default() };
    let default = patterns(settings.get("default_include")).unwrap_or_else(|| vec!["master.d/*.conf".into()]);
    let include = patterns(settings.get("include")).unwrap_or_default();
    for patterns in [default, include] {
        let included = reader.included(&patterns, config_dir, 0);
        settings.take_over(included);
    }
    Ok((settings, reader.problems))
}

fn patterns(setting: Option<&Setting>) -> Option<Vec<String>> {
    match &setting?.value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) => Some(many.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    }
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    /// Files of one include list. Within one list Salt joins maps and lists; what two lists say is not joined.
    fn included(&mut self, patterns: &[String], base: &Path, depth: usize) -> Settings {
        let mut all = Settings::default();
        for pattern in patterns.iter().filter(|pattern| !pattern.is_empty()) {
            for file in matching(base, pattern) {
                let mut settings = self.file(&file);
                let deeper = self::patterns(settings.get("include")).unwrap_or_default();
                if !deeper.is_empty() && depth < DEEPEST {
                    let base = file.parent().unwrap_or(base).to_owned();
                    settings.take_over(self.included(&deeper, &base, depth + 1));
                }
                join(&mut all, settings);
            }
        }
        all
    }

    fn file(&mut self, path: &Path) -> Settings {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.problems.push(Problem::in_file(path, None, format!("cannot be read: {error}")));
                return Settings::default();
            }
        };
        match parse(&text) {
            Ok(map) => settings(path, &text, map),
            Err((line, what)) => {
                self.problems.push(Problem::in_file(path, line, what));
                Settings::default()
            }
        }
    }
}

fn matching(base: &Path, pattern: &str) -> Vec<PathBuf> {
    let pattern = base.join(pattern);
    // As Python's glob: hidden files are not meant by `*`.
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let found = glob::glob_with(&pattern.to_string_lossy(), options);
    let mut files: Vec<PathBuf> =
        found.into_iter().flatten().filter_map(Result::ok).filter(|f| f.is_file()).collect();
    files.sort();
    files
}

type Parsed = Result<serde_json::Map<String, Value>, (Option<usize>, String)>;

fn parse(text: &str) -> Parsed {
    let mut yaml: serde_yaml::Value = serde_yaml::from_str(text)
        .map_err(|error| (error.location().map(|at| at.line()), format!("is not valid YAML: {error}")))?;
    // `<<` of a broken kind stays as it is.
    let _ = yaml.apply_merge();
    match to_json(yaml) {
        Value::Null => Ok(serde_json::Map::new()),
        Value::Object(map) => Ok(map),
        _ => Err((None, "must be a map of settings (`key: value` lines)".to_owned())),
    }
}

fn settings(path: &Path, text: &str, map: serde_json::Map<String, Value>) -> Settings {
    let entries = map.into_iter().map(|(key, value)| {
        let line = line_of(text, &key);
        (key.clone(), Setting { key, value, file: Some(path.to_owned()), line })
    });
    Settings::new(entries.collect())
}

fn line_of(text: &str, key: &str) -> Option<usize> {
    let starts = |line: &str| {
        let line = line.trim_start_matches(['"', '\'']);
        let rest = line.strip_prefix(key).map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        rest.is_some_and(|rest| rest.starts_with(':'))
    };
    text.lines().position(starts).map(|at| at + 1)
}

fn to_json(yaml: serde_yaml::Value) -> Value {
    use serde_yaml::Value as Yaml;
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => {
            let whole = number.as_i64().map(Value::from).or_else(|| number.as_u64().map(Value::from));
            whole.or_else(|| number.as_f64().map(Value::from)).unwrap_or(Value::Null)
        }
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(to_json).collect()),
        Yaml::Mapping(map) => {
            Value::Object(map.into_iter().map(|(k, v)| (key_text(k), to_json(v))).collect())
        }
        Yaml::Tagged(tagged) => to_json(tagged.value),
    }
}

fn key_text(key: serde_yaml::Value) -> String {
    match to_json(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Salt's `dictupdate` with joined lists: what several files of one include list say about one key.
fn join(all: &mut Settings, mut later: Settings) {
    for (key, setting) in std::mem::take(later.entries_mut()) {
        match all.entries_mut().get_mut(&key) {
            Some(first) => {
                let value = merged(first.value.take(), setting.value);
                *first = Setting { value, ..Setting { value: Value::Null, ..setting } };
            }
            None => drop(all.entries_mut().insert(key, setting)),
        }
    }
}

fn merged(first: Value, later: Value) -> Value {
    match (first, later) {
        (Value::Object(mut first), Value::Object(later)) => {
            for (key, value) in later {
                let value = match first.remove(&key) {
                    Some(before) => merged(before, value),
                    None => value,
                };
                first.insert(key, value);
            }
            Value::Object(first)
        }
        (Value::Array(mut first), Value::Array(later)) => {
            let new: Vec<Value> = later.into_iter().filter(|item| !first.contains(item)).collect();
            first.extend(new);
            Value::Array(first)
        }
        (_, later) => later,
    }
}
