//! `raas-plugin check`: every setting explained, and every problem of this master with what to do. Changes nothing.

mod engine;
mod reach;
mod settings;

use std::path::Path;

use raas_salt::{ConfigError, MasterConfig};

use crate::settings::Reading;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be, or an explanation.
    Fine,
    /// Worth knowing.
    Note,
    /// Must be changed.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// A sentence.
    pub text: String,
}

impl Finding {
    fn fine(text: impl Into<String>) -> Self {
        Self { level: Level::Fine, text: text.into() }
    }

    fn note(text: impl Into<String>) -> Self {
        Self { level: Level::Note, text: text.into() }
    }

    fn problem(text: impl Into<String>) -> Self {
        Self { level: Level::Problem, text: text.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = match self.level {
            Level::Fine => "ok",
            Level::Note => "note",
            Level::Problem => "PROBLEM",
        };
        write!(f, "{word:<8} {}", self.text)
    }
}

/// Looks at everything.
///
/// # Errors
/// When there is no Salt master in `config_dir`.
pub async fn check(config_dir: &Path) -> Result<Vec<Finding>, ConfigError> {
    let (config, problems) = MasterConfig::read_what_can_be(config_dir)?;
    let mut findings: Vec<Finding> =
        problems.iter().map(|problem| Finding::problem(problem.to_string())).collect();
    let reading = Reading::of(&config);
    findings.extend(settings::all(&config, &reading));
    findings.extend(engine::in_place(&config, config_dir));
    findings.extend(reach::all(&config, &reading).await);
    findings.extend(hints(&reading));
    Ok(findings)
}

/// What cannot be seen from here, and matters.
fn hints(reading: &Reading) -> Vec<Finding> {
    use raas_wire::ClusterKind as K;
    let mut hints = vec![Finding::note(
        "minions: `cache_jobs: true` in their configuration lets the result of a job be fetched after its master died",
    )];
    if reading.settings.kind == K::Failover {
        hints.push(Finding::note(
            "failover minions want `master_type: failover`, a list of all masters and `master_alive_interval`; all masters share one Salt key pair (master.pem, master.pub)",
        ));
    }
    if reading.settings.kind == K::Hot {
        hints.push(Finding::note(
            "hot-hot minions have a list of all masters (`master: [m1, m2]`, no master_type)",
        ));
    }
    hints
}
