//! What the server is compared with, on the same PostgreSQL: COPY of the same rows, and Salt's own pgjsonb returner.
//! Both run in Python (rivals.py) with psycopg2, Salt's driver; here are their rows.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use raas_lab::Venv;
use serde_json::{Value, json};

use super::sample::Sample;

const SCRIPT: &str = include_str!("rivals.py");
/// 2000-01-01, from which PostgreSQL counts, to 2026-01-02, when every return of this benchmark happened: microseconds.
const STAMP: i64 = 820_627_200_000_000;

/// The PostgreSQL that all of them use.
#[derive(Debug)]
pub(super) struct Rivals {
    python: PathBuf,
    /// Where psycopg2 is.
    packages: PathBuf,
    script: PathBuf,
    socket: PathBuf,
    password: String,
}

/// What came of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    pub(crate) rows: f64,
    pub(crate) seconds: f64,
    /// Processor time of its one backend; none where there are many.
    pub(crate) cpu_seconds: Option<f64>,
}

impl Took {
    /// Rows a second.
    pub(super) fn rate(&self) -> f64 {
        self.rows / self.seconds
    }
}

impl Rivals {
    /// Of the private PostgreSQL of a server with this data directory.
    pub(super) fn new(venv: &Venv, cache: &Path, data_dir: &Path, dir: &Path) -> Result<Self> {
        let packages = cache.join(format!("psycopg2-{}", venv.version()));
        if !packages.join("psycopg2").is_dir() {
            eprintln!("psycopg2 from the Python registry");
            let mut pip = Command::new(venv.program("python"));
            pip.args(["-m", "pip", "install", "--quiet", "--retries", "5", "--target"]);
            text_of(pip.arg(&packages).arg("psycopg2-binary"))?;
        }
        let script = dir.join("rivals.py");
        std::fs::write(&script, SCRIPT).with_context(|| format!("cannot write {}", script.display()))?;
        let postgres = data_dir.join("postgres");
        let password = std::fs::read_to_string(postgres.join("password"))
            .context("cannot read the password of the private PostgreSQL")?;
        let lines = std::fs::read_to_string(postgres.join("data/postmaster.pid"))
            .context("the private PostgreSQL does not run")?;
        // The fifth line of this file is the socket's folder.
        let socket = lines.lines().nth(4).context("postmaster.pid names no socket")?;
        let (python, password) = (venv.program("python"), password.trim().to_owned());
        Ok(Self { python, packages, script, socket: PathBuf::from(socket), password })
    }

    /// COPY of the returns, their values as `bytea` or `jsonb`.
    pub(super) fn copy(&self, kind: &str, rows: &Path) -> Result<Took> {
        self.run(&["copy", kind, &rows.to_string_lossy()])
    }

    /// Salt's returner, called by so many workers.
    pub(super) fn pgjsonb(&self, rows: &Path, workers: usize, seconds: u64) -> Result<Took> {
        self.run(&["pgjsonb", &rows.to_string_lossy(), &workers.to_string(), &seconds.to_string()])
    }

    fn run(&self, arguments: &[&str]) -> Result<Took> {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).arg(&self.socket).args(["raas", "raas"]).args(arguments);
        command.env("PYTHONPATH", &self.packages).env("PGPASSWORD", &self.password);
        let said = text_of(&mut command)?;
        let answer: Value = serde_json::from_str(said.trim()).with_context(|| format!("not JSON: {said}"))?;
        let number = |name: &str| answer[name].as_f64();
        Ok(Took {
            rows: number("rows").context("no rows")?,
            seconds: number("seconds").context("no seconds")?,
            cpu_seconds: number("cpu_seconds"),
        })
    }
}

fn text_of(command: &mut Command) -> Result<String> {
    let out = command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !out.status.success() {
        bail!(
            "{} failed ({}):\n{}",
            command.get_program().display(),
            out.status,
            String::from_utf8_lossy(&out.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Writes the returns as PostgreSQL's COPY reads them in binary; `jsonb` begins with its version.
pub(super) fn write_copy(path: &Path, kind: &str, returns: &[Sample]) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot make {}", path.display()))?;
    let mut out = BufWriter::new(file);
    out.write_all(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0")?;
    let version: &[u8] = if kind == "jsonb" { b"\x01" } else { b"" };
    for one in returns {
        out.write_all(&8_i16.to_be_bytes())?;
        for text in [&one.jid, &one.minion_id, one.fun] {
            field(&mut out, &[text.as_bytes()])?;
        }
        field(&mut out, &[version, one.fun_args.as_bytes()])?;
        field(&mut out, &[b"\x01"])?;
        field(&mut out, &[&0_i64.to_be_bytes()])?;
        field(&mut out, &[&STAMP.to_be_bytes()])?;
        field(&mut out, &[version, one.value.as_bytes()])?;
    }
    out.write_all(&(-1_i16).to_be_bytes())?;
    out.flush().with_context(|| format!("cannot write {}", path.display()))
}

fn field(out: &mut impl std::io::Write, parts: &[&[u8]]) -> Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    out.write_all(&i32::try_from(length)?.to_be_bytes())?;
    for part in parts {
        out.write_all(part)?;
    }
    Ok(())
}

/// Writes the returns as the dictionaries that Salt hands to a returner, one a line.
pub(super) fn write_dictionaries(path: &Path, returns: &[Sample]) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot make {}", path.display()))?;
    let mut out = BufWriter::new(file);
    for one in returns {
        let value: Value = serde_json::from_str(&one.value)?;
        let arguments: Value = serde_json::from_str(one.fun_args)?;
        let dictionary = json!({
            "cmd": "_return", "id": one.minion_id, "jid": one.jid, "fun": one.fun, "fun_args": arguments,
            "return": value, "retcode": 0, "success": true, "_stamp": "2026-01-02T00:00:00.000000",
        });
        writeln!(out, "{dictionary}")?;
    }
    out.flush().with_context(|| format!("cannot write {}", path.display()))
}
