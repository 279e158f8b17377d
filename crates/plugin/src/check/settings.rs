//! What `check` says of raas.conf: each key with its value, where it comes from, and what it does.

use raas_salt::MasterConfig;

use super::Finding;
use crate::settings::{KEYS, Reading, Use};

pub(super) fn all(config: &MasterConfig, reading: &Reading) -> Vec<Finding> {
    let settings = &reading.settings;
    let cluster = settings.cluster_id.as_ref().map_or_else(
        || "stands alone (no sseapi_cluster_id)".to_owned(),
        |id| format!("belongs to the {} cluster {id:?}", settings.kind),
    );
    let mut findings = vec![Finding::fine(format!("master {:?} {cluster}", config.id))];
    for known in KEYS.iter().filter(|known| known.used == Use::Followed) {
        let said = match config.settings.get(known.name) {
            Some(setting) => {
                let line = setting.line.map(|line| format!(":{line}")).unwrap_or_default();
                let file = setting.file.as_ref().map(|file| format!(" ({}{line})", file.display()));
                format!("{} = {}{}", known.name, setting.value, file.unwrap_or_default())
            }
            None => format!("{} is not set (default: {})", known.name, known.default),
        };
        findings.push(Finding::fine(format!("{said}: {}", known.about)));
    }
    findings.extend(reading.problems.iter().map(|problem| Finding::problem(problem.to_string())));
    findings.extend(reading.notes.iter().map(|note| Finding::note(note.to_string())));
    if !settings.validate && settings.server.starts_with("https:") {
        findings.push(Finding::note(
            "the certificate of the server is not validated: its key is kept at first sight, compare it with `raas-plugin status`",
        ));
    }
    if settings.server.starts_with("http:") {
        findings.push(Finding::note(
            "the server is reached without TLS: what masters report can be read on the way",
        ));
    }
    findings
}
