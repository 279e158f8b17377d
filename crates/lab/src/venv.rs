//! Python environments with Salt from the Python registry: built once per version, found at once afterwards.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Newest patch of Salt 3006 (LTS) that the facts were measured on.
pub const SALT_3006: &str = "3006.30";
/// Newest patch of Salt 3007.
pub const SALT_3007: &str = "3007.17";
/// Newest patch of Salt 3008.
pub const SALT_3008: &str = "3008.5";
/// All that the product is tested on, the default first.
pub const VERSIONS: [&str; 3] = [SALT_3006, SALT_3007, SALT_3008];

/// Written last; an environment without it was not finished and is built anew.
const FINISHED: &str = ".raas-lab-finished";
/// Pythons to try, the ones that Salt is at home on first.
const PYTHONS: [&str; 6] = ["python3", "python3.11", "python3.12", "python3.10", "python3.13", "python3.9"];

/// A Python environment with one version of Salt.
#[derive(Clone, Debug)]
pub struct Venv {
    dir: PathBuf,
    version: String,
}

impl Venv {
    /// A program of it, as `salt-master`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.dir.join("bin").join(name)
    }

    /// Version of Salt.
    pub fn version(&self) -> &str {
        &self.version
    }
}

/// The environment for `version` under `cache`, built now when it is not there. `say` hears each step of the building.
pub fn salt_venv(version: &str, cache: &Path, say: &mut dyn FnMut(&str)) -> Result<Venv> {
    let dir = cache.join(format!("salt-{version}"));
    let venv = Venv { dir: dir.clone(), version: version.to_owned() };
    if dir.join(FINISHED).exists() {
        return Ok(venv);
    }
    fs::create_dir_all(cache).with_context(|| format!("cannot create {}", cache.display()))?;
    let _only_one_builder = lock(&cache.join(format!("salt-{version}.lock")))?;
    if dir.join(FINISHED).exists() {
        return Ok(venv);
    }
    if dir.exists() {
        // Programs of an environment name its path, so it cannot be built elsewhere and moved: a half-made one is removed.
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove the half-made {}", dir.display()))?;
    }
    build(&venv, say).with_context(|| {
        format!("cannot build the Python environment for Salt {version} in {}", dir.display())
    })?;
    fs::write(dir.join(FINISHED), version).with_context(|| format!("cannot write in {}", dir.display()))?;
    Ok(venv)
}

fn lock(path: &Path) -> Result<File> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

fn build(venv: &Venv, say: &mut dyn FnMut(&str)) -> Result<()> {
    let version = venv.version();
    let python = find_python()?;
    say(&format!("Salt {version}: Python environment with {python}"));
    run(Command::new(&python).args(["-m", "venv"]).arg(&venv.dir))?;
    pip(venv, &["--upgrade", "pip", "wheel", "setuptools<81"])?;
    say(&format!("Salt {version}: from the Python registry"));
    pip(venv, &["--no-deps", "--no-build-isolation", &format!("salt=={version}")])?;
    say(&format!("Salt {version}: what it needs"));
    let requirements = venv.dir.join("requirements.txt");
    fs::write(&requirements, relaxed_requirements(&metadata(&venv.dir)?))
        .with_context(|| format!("cannot write {}", requirements.display()))?;
    pip(venv, &["--requirement", &requirements.to_string_lossy()])?;
    say(&format!("Salt {version}: first start"));
    run(Command::new(venv.program("salt-master")).arg("--version"))
}

/// A Python that can make environments.
fn find_python() -> Result<String> {
    let can = |python: &&&str| {
        let probe = "import sys, venv, ensurepip; sys.exit(not (3, 9) <= sys.version_info < (3, 14))";
        Command::new(python).args(["-c", probe]).output().is_ok_and(|out| out.status.success())
    };
    PYTHONS.iter().find(can).map(ToString::to_string).context(
        "no Python 3.9 to 3.13 with its venv module was found: install it with `apt-get install python3 python3-venv`",
    )
}

fn metadata(dir: &Path) -> Result<String> {
    let packages = run_for_text(
        Command::new(dir.join("bin/python"))
            .args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]),
    )?;
    let entries =
        fs::read_dir(packages.trim()).with_context(|| format!("cannot list {}", packages.trim()))?;
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if name.starts_with("salt-") && name.ends_with(".dist-info") {
            let path = entry.path().join("METADATA");
            return fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()));
        }
    }
    bail!("Salt is installed but has no METADATA under {}", packages.trim())
}

/// What Salt needs, by its own list. The newest patches pin a certifi that the registry does not have; any will do here,
/// and virtualenv and libcloud are not needed.
fn relaxed_requirements(metadata: &str) -> String {
    let unwanted = ["certifi", "virtualenv", "apache-libcloud"];
    let mut lines: Vec<&str> = metadata
        .lines()
        .filter_map(|line| line.strip_prefix("Requires-Dist: "))
        .filter(|line| !line.contains("extra ==") && !unwanted.iter().any(|name| line.starts_with(name)))
        .collect();
    lines.push("certifi");
    lines.join("\n") + "\n"
}

fn pip(venv: &Venv, arguments: &[&str]) -> Result<()> {
    run(Command::new(venv.program("python"))
        .args(["-m", "pip", "install", "--quiet", "--retries", "5"])
        .args(arguments))
}

fn run(command: &mut Command) -> Result<()> {
    run_for_text(command).map(drop)
}

fn run_for_text(command: &mut Command) -> Result<String> {
    let out = command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !out.status.success() {
        let errors = String::from_utf8_lossy(&out.stderr);
        let tail: Vec<&str> = errors.lines().rev().take(12).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        bail!("{command:?} failed ({}):\n{}", out.status, tail.join("\n"));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_that_the_registry_lacks_is_relaxed_and_the_rest_kept() {
        let metadata = "Name: salt\nRequires-Dist: certifi>=2026.10.23\nRequires-Dist: PyYAML>=6\n\
                        Requires-Dist: virtualenv\nRequires-Dist: x; extra == \"docs\"\n";
        assert_eq!(relaxed_requirements(metadata), "PyYAML>=6\ncertifi\n");
    }
}
