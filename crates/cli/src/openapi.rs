//! `raas openapi`: the document that the server serves at /openapi.json.

use std::process::ExitCode;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(&raas_server::openapi())?);
    Ok(ExitCode::SUCCESS)
}
