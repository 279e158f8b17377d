//! Schemathesis, a tester of APIs from the Python registry, let loose on `/openapi.json` of a running server.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::Command;

use super::Options;

/// What it looks at: no fault of the server's, and every answer is what the document declares.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// The token comes out of the environment: arguments can be read by everybody on the machine.
const CONFIG: &str = "headers = { Authorization = \"JWT ${RAAS_TOKEN}\" }\n";

/// Runs it for some seconds. True: nothing was found.
pub(super) async fn run(
    program: &Path,
    dir: &Path,
    (url, token): (&str, &str),
    seconds: u32,
    options: Options<'_>,
) -> Result<bool> {
    std::fs::write(dir.join("schemathesis.toml"), CONFIG).context("its configuration cannot be written")?;
    println!("schemathesis, {seconds} s:");
    let status = Command::new(program)
        .args(["run", &format!("{url}/openapi.json"), "--checks", CHECKS])
        // A stream has no end.
        .args(["--exclude-path", "/stream", "--phases", "fuzzing"])
        .args(["--max-time", &seconds.to_string(), "--seed", &options.seed.to_string()])
        .args(["--suppress-health-check", "all", "--warnings", "off", "--no-color"])
        .current_dir(dir)
        .env("RAAS_TOKEN", token)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await
        .with_context(|| format!("cannot run {}", program.display()))?;
    Ok(status.success())
}
