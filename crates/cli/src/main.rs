//! The `raas` command: serve, and the operator's verbs over the HTTP API. The only place that reads the environment.

mod serve;

use clap::{Parser, Subcommand};

/// Many Salt masters, one console, one API, one history.
#[derive(Debug, Parser)]
#[command(name = "raas", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the server.
    Serve(serve::ServeArgs),
}

fn main() -> std::process::ExitCode {
    let result = match Cli::parse().verb {
        Verb::Serve(args) => serve::run(args),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("raas: {error:#}");
            std::process::ExitCode::from(1)
        }
    }
}
