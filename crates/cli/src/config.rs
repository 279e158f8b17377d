//! `raas config check|default|schema`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::serve::{ServeArgs, load};

/// What about the configuration.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    verb: ConfigVerb,
}

#[derive(Debug, Subcommand)]
enum ConfigVerb {
    /// Is this configuration right? Says everything that is wrong at once.
    Check(ServeArgs),
    /// Print the commented default.
    Default,
    /// Print the JSON schema.
    Schema,
}

pub(crate) fn run(args: ConfigArgs) -> anyhow::Result<ExitCode> {
    match args.verb {
        ConfigVerb::Check(args) => {
            load(&args)?;
            println!("The configuration is right.");
        }
        ConfigVerb::Default => print!("{}", raas_server::config::DEFAULT),
        ConfigVerb::Schema => println!("{}", serde_json::to_string_pretty(&raas_server::config::schema())?),
    }
    Ok(ExitCode::SUCCESS)
}
