//! `cargo xtask test`: what CI runs, step by step, each with its time; it stops at the first failure and says what to do.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::install::{self, Need};
use crate::machine::Machine;
use crate::run::{self, Count};
use crate::tools::CargoDeny;
use crate::{chaos, compose, conformance, console, demo, tidy};

const ALL_SALT: &[&str] = &["3006.30", "3007.17", "3008.5"];

/// What to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// The story on all versions of Salt.
    pub(crate) all_salt: bool,
    /// Neither Salt nor browser.
    pub(crate) quick: bool,
}

/// The steps so far.
struct Steps {
    start: Instant,
    count: Count,
    times: Vec<(String, f64)>,
}

impl Steps {
    /// Runs one step; `advice` is what to do when it fails.
    fn step<T>(&mut self, name: &str, advice: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n── {name}");
        let start = Instant::now();
        match act() {
            Ok(value) => {
                let seconds = start.elapsed().as_secs_f64();
                println!("   {name}: {seconds:.1} s");
                self.times.push((name.to_owned(), seconds));
                Ok(value)
            }
            Err(error) => {
                bail!("{error:#}\n\nFAILED: {name}, after {:.1} s. {advice}", start.elapsed().as_secs_f64())
            }
        }
    }

    fn tests(&mut self, name: &str, advice: &str, act: impl FnOnce() -> Result<Count>) -> Result<()> {
        let count = self.step(name, advice, act)?;
        self.count += count;
        Ok(())
    }
}

/// Runs all steps.
pub(crate) fn run(machine: &mut Machine, choice: Choice) -> Result<bool> {
    let mut steps = Steps { start: Instant::now(), count: Count::default(), times: Vec::new() };
    let needs: &[Need] = if choice.quick { &[Need::PostgreSql, Need::Node] } else { install::ALL };
    steps.step("what the machine needs", "Install it by hand and call again.", || {
        install::ensure(machine, needs)
    })?;
    let machine = &*machine;
    let deny = CargoDeny::find_or_build(machine)?;
    steps.step("format", "Run `cargo fmt --all`.", || {
        run::open(&mut machine.cargo(&["fmt", "--all", "--check"]))
    })?;
    steps.step("tidy", "Each line names a place and its rule; `cargo xtask tidy` checks again.", || {
        tidy::run(machine)
    })?;
    let how = steps.step("docker-compose.yml", "Mend docker-compose.yml.", || compose::check(machine))?;
    println!("   ({how})");
    web(machine, &mut steps)?;
    steps.step(
        "clippy",
        "Mend what it says; `cargo clippy --workspace --all-targets` checks again.",
        || {
            run::open(&mut machine.cargo(&[
                "clippy",
                "--quiet",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]))
        },
    )?;
    steps.step("licences, sources, banned crates (cargo-deny)", "See deny.toml.", || deny.check(machine))?;
    rust_tests(machine, &mut steps)?;
    if !choice.quick {
        conformance(machine, &mut steps)?;
        let versions = if choice.all_salt { ALL_SALT } else { &[demo::SALT] };
        real_salt(machine, &mut steps, versions)?;
        browser(machine, &mut steps)?;
    }
    println!("\nAll steps in {:.0} s:", steps.start.elapsed().as_secs_f64());
    for (name, seconds) in &steps.times {
        println!("{seconds:8.1} s  {name}");
    }
    println!("{} passed, {} failed", steps.count.passed, steps.count.failed);
    Ok(steps.count.failed == 0)
}

fn web(machine: &Machine, steps: &mut Steps) -> Result<()> {
    if !console::is_there(machine) {
        return Ok(());
    }
    steps.step("console: packages", "Is the npm registry reachable?", || console::install(machine))?;
    steps.step("console: lint and types", "See crates/console/web.", || console::check(machine))?;
    steps.tests("console: unit tests", "See crates/console/web.", || console::test(machine))?;
    steps.step("console: build", "See crates/console/web.", || console::build(machine))
}

fn rust_tests(machine: &Machine, steps: &mut Steps) -> Result<()> {
    steps.step("build", "Mend what the compiler says.", || {
        run::open(&mut machine.cargo(&["build", "--quiet", "--workspace", "--all-targets"]))
    })?;
    steps.tests(
        "unit and integration tests",
        "Run the named test alone with `cargo test -p CRATE NAME`.",
        || {
            let mut command =
                machine.cargo(&["test", "--quiet", "--workspace", "--", "--skip", "real_salt::"]);
            run::counted(command.env("RAAS_BIN_DIR", machine.bin_dir()).env("RUST_BACKTRACE", "0"))
        },
    )?;
    let advice =
        "The same decisions again: `cargo xtask chaos --seed SEED --keep`, with the seed that it names.";
    steps.tests("chaos, the short run", advice, || chaos::short(machine))
}

fn conformance(machine: &Machine, steps: &mut Steps) -> Result<()> {
    steps.tests(
        "conformance, the short run",
        "Each line names a method; `cargo xtask conformance` calls them again.",
        || conformance::short(machine),
    )
}

fn real_salt(machine: &Machine, steps: &mut Steps, versions: &[&str]) -> Result<()> {
    let program = story_program(machine)?;
    for version in versions {
        let advice =
            format!("Run `RAAS_LAB_SALT={version} cargo test -p raas-lab real_salt -- --nocapture`.");
        steps.step(
            &format!("Salt {version} from the Python registry"),
            "Is the Python registry reachable?",
            || run::open(lab(machine, version).arg("venv")),
        )?;
        steps.tests(&format!("the story on real Salt {version}"), &advice, || {
            let mut command = machine.command(&program);
            command.current_dir(machine.root.join("crates/lab")).args([
                "real_salt::",
                "--nocapture",
                "--test-threads=1",
            ]);
            command.env("RAAS_BIN_DIR", machine.bin_dir()).env("RAAS_LAB_CACHE", machine.lab_cache());
            run::counted(command.env("RAAS_LAB_SALT", version).env("RUST_BACKTRACE", "0"))
        })?;
    }
    Ok(())
}

/// The console in a real browser, against a real server with real Salt behind it.
fn browser(machine: &Machine, steps: &mut Steps) -> Result<()> {
    if !console::is_there(machine) {
        return Ok(());
    }
    steps.tests("the console in a browser", "Screenshots are in crates/console/web/test-results.", || {
        let mut command = lab(machine, demo::SALT);
        command.args(["stage", "--dir"]).arg(machine.web()).args(["--", "npm", "run", "--silent", "e2e"]);
        run::counted(command.env("NO_COLOR", "1").env("CI", "true"))
    })
}

/// The lab's own program.
fn lab(machine: &Machine, salt: &str) -> std::process::Command {
    let mut command = machine.command(machine.bin_dir().join("raas-lab"));
    command
        .arg("--bin-dir")
        .arg(machine.bin_dir())
        .arg("--cache")
        .arg(machine.lab_cache())
        .args(["--salt", salt]);
    command
}

/// The story's program, built with the same features as everything else (`-p raas-lab` would compile much of it anew).
fn story_program(machine: &Machine) -> Result<PathBuf> {
    let arguments = ["test", "--quiet", "--workspace", "--no-run", "--message-format=json"];
    let messages = run::quiet(&mut machine.cargo(&arguments))?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message["target"]["src_path"]
                .as_str()
                .is_some_and(|path| path.ends_with("crates/lab/tests/main.rs"))
        })
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo built no program from crates/lab/tests/main.rs")
}
