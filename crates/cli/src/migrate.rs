//! `raas migrate [--check]`: bring a database up to date, or say what is missing.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use raas_db::{Db, DbOptions, migrate};

use crate::serve::{ServeArgs, load};

/// Which database.
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    serve: ServeArgs,
    /// Change nothing; exit code 2 when something is missing.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &MigrateArgs) -> anyhow::Result<ExitCode> {
    let (config, _) = load(&args.serve)?;
    let url = config
        .database
        .url
        .context("no database.url: a private PostgreSQL is migrated when raas serve starts")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let db = Db::open(DbOptions::new(url)).await?;
        let pending = if args.check { migrate::pending(&db).await? } else { migrate::run(&db).await? };
        let word = if args.check { "missing" } else { "applied" };
        for migration in &pending {
            println!("{word}: {}", migration.name);
        }
        if pending.is_empty() {
            println!("The database is up to date.");
        }
        Ok(if args.check && !pending.is_empty() { ExitCode::from(2) } else { ExitCode::SUCCESS })
    })
}
