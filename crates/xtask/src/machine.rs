//! Where this runs: the source tree, the target directory, the search path, the rights. Read once, here, and passed on.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The machine and the source tree.
#[derive(Debug)]
pub(crate) struct Machine {
    /// Root of the source tree.
    pub(crate) root: PathBuf,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
    /// The cargo that runs us.
    pub(crate) cargo: PathBuf,
    /// Search path for programs; grows when we install some of our own.
    pub(crate) path: OsString,
    /// How packages may be installed.
    pub(crate) rights: Rights,
}

/// How packages of the system may be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// We are root.
    Root,
    /// By sudo.
    Sudo,
    /// Not at all.
    None,
}

impl Machine {
    /// Looks at the machine.
    #[allow(clippy::disallowed_methods, reason = "the one place of xtask that reads the environment")]
    pub(crate) fn look() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("xtask is not in crates/xtask")?;
        let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => root.join(dir),
            None => root.join("target"),
        };
        let path = env::var_os("PATH").unwrap_or_default();
        let mut machine = Self { root: root.to_owned(), target, cargo, path, rights: Rights::None };
        machine.rights = machine.rights_here();
        Ok(machine)
    }

    fn rights_here(&self) -> Rights {
        let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0");
        match (root, self.find("sudo")) {
            (true, _) => Rights::Root,
            (false, Some(_)) => Rights::Sudo,
            (false, None) => Rights::None,
        }
    }

    /// A program on the search path.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        env::split_paths(&self.path).map(|dir| dir.join(name)).find(|path| path.is_file())
    }

    /// Puts a directory in front of the search path.
    pub(crate) fn prepend_path(&mut self, dir: PathBuf) -> Result<()> {
        let dirs = std::iter::once(dir).chain(env::split_paths(&self.path));
        self.path = env::join_paths(dirs).context("a directory of the search path holds a colon")?;
        Ok(())
    }

    /// A command in the root of the source tree, with our search path.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        command
    }

    /// A cargo command.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&self.cargo);
        command.args(arguments);
        command
    }

    /// Where built programs are.
    pub(crate) fn bin_dir(&self) -> PathBuf {
        self.target.join("debug")
    }

    /// Where slow things are kept between runs: Python environments.
    pub(crate) fn lab_cache(&self) -> PathBuf {
        self.target.join("lab")
    }

    /// Where tools of our own are kept.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The web console's sources.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("crates/console/web")
    }
}
