//! Whether Salt will find and start the plugin.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use raas_salt::MasterConfig;
use serde_json::Value;

use super::Finding;
use crate::install::ENGINE;

/// Engines of the product that this one follows; both cannot speak for one master.
const OTHERS: [&str; 6] = ["sseapi", "eventqueue", "rpcqueue", "jobcompletion", "keyauth", "tgtmatch"];

pub(super) fn in_place(config: &MasterConfig, config_dir: &Path) -> Vec<Finding> {
    let install = format!("run raas-plugin install --config-dir {}", config_dir.display());
    let mut findings = Vec::new();
    let engines = config.settings.get("engines");
    let listed = engines.map(|setting| names(&setting.value)).unwrap_or_default();
    match listed.iter().find(|(name, _)| name == "raas") {
        None => findings.push(Finding::problem(format!(
            "`engines` does not name raas, so salt-master does not start the plugin: {install}"
        ))),
        Some((_, options)) => findings.push(program(options, &install)),
    }
    findings.push(file(config, &install));
    let foreign: Vec<&str> =
        listed.iter().map(|(name, _)| name.as_str()).filter(|name| OTHERS.contains(name)).collect();
    if !foreign.is_empty() {
        findings.push(Finding::problem(format!(
            "`engines` also starts {}, which belong to another product: remove them",
            foreign.join(", ")
        )));
    }
    for key in ["master_job_cache", "event_return"] {
        if let Some(setting) = config.settings.get(key)
            && setting.value.to_string().contains("sse")
        {
            findings
                .push(Finding::problem(setting.problem("belongs to another product: remove it").to_string()));
        }
    }
    findings
}

/// An engine is a name, or a map from its name to its options.
fn names(engines: &Value) -> Vec<(String, Value)> {
    let one = |item: &Value| match item {
        Value::String(name) => vec![(name.clone(), Value::Null)],
        Value::Object(map) => map.iter().map(|(name, options)| (name.clone(), options.clone())).collect(),
        _ => Vec::new(),
    };
    match engines {
        Value::Array(items) => items.iter().flat_map(one).collect(),
        other => one(other),
    }
}

fn program(options: &Value, install: &str) -> Finding {
    let Some(plugin) = options.get("plugin").and_then(Value::as_str) else {
        return Finding::problem(format!(
            "the engine raas is not told which program to start: {install} --force"
        ));
    };
    match std::fs::metadata(plugin) {
        Ok(meta) if meta.is_file() && meta.permissions().mode() & 0o111 != 0 => {
            Finding::fine(format!("salt-master starts {plugin}"))
        }
        Ok(_) => Finding::problem(format!("{plugin} cannot be executed: chmod 755 {plugin}")),
        Err(error) => {
            Finding::problem(format!("{plugin}: {error}; put raas-plugin there, or {install} --force"))
        }
    }
}

fn file(config: &MasterConfig, install: &str) -> Finding {
    let dirs = config.engines_dirs.iter().cloned().chain([config.extension_modules.join("engines")]);
    let files: Vec<PathBuf> =
        dirs.map(|dir| dir.join("raas_plugin.py")).filter(|file| file.exists()).collect();
    match files.as_slice() {
        [] => Finding::problem(format!("Salt finds no engine raas_plugin.py (engines_dirs): {install}")),
        [file, ..] => match std::fs::read_to_string(file) {
            Ok(text) if text == ENGINE => {
                Finding::fine(format!("the engine {} is this version's", file.display()))
            }
            Ok(_) => Finding::note(format!(
                "the engine {} is of another version: {install} --force",
                file.display()
            )),
            Err(error) => Finding::problem(format!("the engine {} cannot be read: {error}", file.display())),
        },
    }
}
