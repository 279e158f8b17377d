//! `raas-plugin install`: the engine that Salt starts, and a commented raas.conf. Nothing that differs is overwritten unasked.

mod conf;
mod owner;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use raas_salt::MasterConfig;

use crate::files;

pub use conf::Chosen;

/// The engine, as it is written.
pub const ENGINE: &str = include_str!("install/engine.py");

/// Why nothing, or not everything, was installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The master's configuration cannot be read.
    #[error(transparent)]
    Config(#[from] raas_salt::ConfigError),
    /// What was asked for cannot be.
    #[error("{0}")]
    Asked(String),
    /// Files are there and differ.
    #[error(
        "{} there and not what would be written now: look at {}, then use --force to overwrite. Nothing was changed",
        if .0.len() == 1 { "a file is" } else { "files are" },
        .0.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" and ")
    )]
    Differs(Vec<PathBuf>),
    /// A file or directory cannot be written.
    #[error("{} cannot be written: {why}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        why: io::Error,
    },
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Install {
    /// Configuration directory of the master.
    pub config_dir: PathBuf,
    /// This program, as Salt shall start it.
    pub plugin: PathBuf,
    /// What goes into raas.conf.
    pub chosen: Chosen,
    /// Overwrite what differs.
    pub force: bool,
}

struct Wanted {
    path: PathBuf,
    text: String,
}

impl Install {
    /// Does it, and returns what to tell the operator, line by line.
    ///
    /// # Errors
    /// See [`InstallError`]; when files differ, nothing was changed.
    pub fn run(&self) -> Result<Vec<String>, InstallError> {
        let (config, _) = MasterConfig::read_what_can_be(&self.config_dir)?;
        self.chosen.check().map_err(InstallError::Asked)?;
        let config_dir = fs::canonicalize(&self.config_dir).unwrap_or_else(|_| self.config_dir.clone());
        let wanted = self.wanted(&config_dir);
        let differs: Vec<PathBuf> =
            wanted.iter().filter(|one| there(one) == Some(false)).map(|one| one.path.clone()).collect();
        if !differs.is_empty() && !self.force {
            return Err(InstallError::Differs(differs));
        }
        let owner = owner::of(&config.user);
        let mut said = Vec::new();
        for one in &wanted {
            let was = there(one);
            if was != Some(true) {
                write(one, owner.as_ref().ok())?;
            }
            let what = match was {
                Some(true) => "unchanged",
                Some(false) => "overwritten",
                None => "written",
            };
            said.push(format!("{what}: {}", one.path.display()));
        }
        said.extend(owner.err());
        said.extend(self.next_steps());
        Ok(said)
    }

    fn wanted(&self, config_dir: &Path) -> Vec<Wanted> {
        let engines = config_dir.join("raas/engines");
        let text = conf::text(&self.chosen, config_dir, &engines, &self.plugin);
        vec![
            Wanted { path: engines.join("raas_plugin.py"), text: ENGINE.to_owned() },
            Wanted { path: config_dir.join("master.d/raas.conf"), text },
        ]
    }

    fn next_steps(&self) -> Vec<String> {
        let conf = self.config_dir.join("master.d/raas.conf");
        let mut steps = Vec::new();
        if self.chosen.server.is_none() {
            steps.push(format!("set sseapi_server in {}", conf.display()));
        }
        steps.push("restart salt-master: systemctl restart salt-master".to_owned());
        steps.push(
            "then compare the fingerprint of `raas-plugin status` with that in the console, and accept it"
                .to_owned(),
        );
        steps
    }
}

/// Whether the file is there: as wanted, differently, or not at all.
fn there(wanted: &Wanted) -> Option<bool> {
    match fs::read(&wanted.path) {
        Ok(text) => Some(text == wanted.text.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => Some(false),
    }
}

fn write(wanted: &Wanted, owner: Option<&owner::Owner>) -> Result<(), InstallError> {
    let fail = |path: &Path, why| InstallError::Write { path: path.to_owned(), why };
    let dir = wanted.path.parent().unwrap_or(Path::new("/"));
    for made in make_directories(dir).map_err(|why| fail(dir, why))? {
        owner::give(&made, owner).map_err(|why| fail(&made, why))?;
    }
    files::replace(&wanted.path, wanted.text.as_bytes(), 0o644).map_err(|why| fail(&wanted.path, why))?;
    owner::give(&wanted.path, owner).map_err(|why| fail(&wanted.path, why))
}

/// Makes what is missing, and names it.
fn make_directories(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let missing: Vec<PathBuf> =
        dir.ancestors().take_while(|dir| !dir.exists()).map(Path::to_path_buf).collect();
    fs::create_dir_all(dir)?;
    Ok(missing)
}
