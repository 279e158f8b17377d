//! What the machine must have, and how it gets it. Nothing is done when it is there already.

use std::path::Path;

use anyhow::{Result, bail};

use crate::machine::{Machine, Rights};
use crate::{compose, node, run};

/// Something that the machine must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// `initdb` and `postgres`, for private PostgreSQL servers.
    PostgreSql,
    /// Python 3 that can make environments, for Salt.
    PythonVenv,
    /// A browser, for the console's tests.
    Chromium,
    /// Node and npm, for the console.
    Node,
    /// `docker-compose`, which reads docker-compose.yml; no engine is needed for that.
    Compose,
}

/// All of them.
pub(crate) const ALL: &[Need] =
    &[Need::PostgreSql, Need::PythonVenv, Need::Chromium, Need::Node, Need::Compose];

impl Need {
    fn name(self) -> &'static str {
        match self {
            Self::PostgreSql => "PostgreSQL's server programs",
            Self::PythonVenv => "Python 3 with its venv module",
            Self::Chromium => "Chromium",
            Self::Node => "Node",
            Self::Compose => "docker-compose",
        }
    }

    /// Packages of Debian; none for what comes from elsewhere.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::PostgreSql => &["postgresql"],
            Self::PythonVenv => &["python3", "python3-venv"],
            Self::Chromium => &["chromium"],
            Self::Node => &[],
            Self::Compose => &["docker-compose"],
        }
    }

    fn is_there(self, machine: &Machine) -> bool {
        match self {
            Self::PostgreSql => machine.find("initdb").is_some() || debian_initdb(),
            Self::PythonVenv => machine
                .command("python3")
                .args(["-c", "import venv, ensurepip"])
                .output()
                .is_ok_and(|out| out.status.success()),
            Self::Chromium => ["chromium", "chromium-browser", "google-chrome"]
                .iter()
                .any(|name| machine.find(name).is_some()),
            Self::Node => node::is_there(machine),
            Self::Compose => compose::program(machine).is_some(),
        }
    }
}

/// Debian keeps one directory per PostgreSQL version, outside the search path.
fn debian_initdb() -> bool {
    std::fs::read_dir("/usr/lib/postgresql")
        .is_ok_and(|versions| versions.flatten().any(|version| version.path().join("bin/initdb").is_file()))
}

/// Installs what is missing of `needs`.
pub(crate) fn ensure(machine: &mut Machine, needs: &[Need]) -> Result<()> {
    node::use_own(machine)?;
    let missing: Vec<Need> = needs.iter().copied().filter(|need| !need.is_there(machine)).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages()).copied().collect();
    if !packages.is_empty() {
        let names: Vec<&str> =
            missing.iter().filter(|need| !need.packages().is_empty()).map(|need| need.name()).collect();
        apt_get(machine, &names.join(", "), &packages)?;
    }
    if missing.contains(&Need::Node) {
        node::install(machine)?;
    }
    match missing.iter().find(|need| !need.is_there(machine)) {
        Some(need) => bail!(
            "{} is still missing after its installation; install it by hand and call again",
            need.name()
        ),
        None => Ok(()),
    }
}

fn apt_get(machine: &Machine, names: &str, packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "missing: {names}. This system has no apt-get: install what `{by_hand}` would, with its own package manager"
        );
    }
    if machine.rights == Rights::None {
        bail!("missing: {names}. Neither root nor sudo here: let somebody run `{by_hand}`");
    }
    println!("Installing {names} ({by_hand})");
    let apt = |arguments: &[&str]| {
        let mut command = if machine.rights == Rights::Root {
            machine.command("env")
        } else {
            let mut sudo = machine.command("sudo");
            sudo.arg("env");
            sudo
        };
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]).args(arguments);
        run::quiet(&mut command)
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())?;
    Ok(())
}
