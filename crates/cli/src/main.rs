//! The `raas` command: serve, and the operator's verbs over the HTTP API. Each verb is a file.

mod audit;
mod clusters;
mod completions;
mod config;
mod dead_letters;
mod doctor;
mod door;
mod environment;
mod events;
mod jobs;
mod keys;
mod login;
mod masters;
mod migrate;
mod minions;
mod openapi;
mod output;
mod plan;
mod roles;
mod run;
mod saved_jobs;
mod schedules;
mod serve;
mod targets;
mod tokens;
mod users;
mod watch;
mod why;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use door::Door;

/// Many Salt masters, one console, one API, one history.
#[derive(Debug, Parser)]
#[command(
    name = "raas",
    version,
    after_help = "Exit codes: 0 all good, 1 usage or transport error, 2 some minions failed, 3 some did not answer, or nobody was there to answer."
)]
struct Cli {
    #[command(flatten)]
    door: Door,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the server.
    Serve(serve::ServeArgs),
    /// Check, print or describe the server's configuration.
    Config(config::ConfigArgs),
    /// Bring a database up to date.
    Migrate(migrate::MigrateArgs),
    /// Print the OpenAPI document of the HTTP API.
    Openapi,
    /// Sign in, and keep the token for the next calls.
    Login,
    /// Masters and their keys: list, accept, reject, delete.
    Masters(masters::MastersArgs),
    /// Clusters with their masters, minions and warnings; check how their minions are configured.
    Clusters(clusters::ClustersArgs),
    /// Minions and where they are.
    Minions(minions::MinionsArgs),
    /// Saved target groups: list, whom they mean, save, delete.
    Targets(targets::TargetsArgs),
    /// Schedules: list, what runs next, what became of it, enable, disable, delete.
    Schedules(schedules::SchedulesArgs),
    /// Run a function on minions and show every answer.
    Run(run::RunArgs),
    /// Recent commands; stop, pause and resume one that runs; saved jobs: list and run them.
    Jobs(jobs::JobsArgs),
    /// Follow a command to its end.
    Watch(watch::WatchArgs),
    /// Follow what changes: jobs, minions, masters, clusters; Ctrl-C ends it.
    Events(events::EventsArgs),
    /// The story of one minion's answer to a command.
    Why(why::WhyArgs),
    /// Minion keys: list; accept, reject or delete on every master of a cluster.
    Keys(keys::KeysArgs),
    /// Accounts, their roles and sessions.
    Users(users::UsersArgs),
    /// Roles: what they allow, and on which minions.
    Roles(roles::RolesArgs),
    /// Tokens of programs that act for you.
    Tokens(tokens::TokensArgs),
    /// Who did what; and whether somebody changed what is written about it.
    Audit(audit::AuditArgs),
    /// Everything that is wrong, each with its fix.
    Doctor,
    /// Records of plugins that could not be taken: list, show, replay, delete.
    DeadLetters(dead_letters::DeadLettersArgs),
    /// Print what a shell needs to complete verbs and options, as `source <(raas completions bash)`.
    Completions(completions::CompletionsArgs),
    /// Print the manual, as `raas man > raas.1`.
    Man,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are asked for; everything else is a usage error. clap's own code 2 means "some failed" here.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    match perform(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("raas: {}", output::plain(&format!("{error:#}")));
            ExitCode::from(1)
        }
    }
}

fn perform(cli: Cli) -> anyhow::Result<ExitCode> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("the TLS provider was installed twice"))?;
    match cli.verb {
        Verb::Serve(args) => serve::run(&args),
        Verb::Config(args) => config::run(args),
        Verb::Migrate(args) => migrate::run(&args),
        Verb::Openapi => openapi::run(),
        Verb::Completions(args) => completions::completions::<Cli>(&args),
        Verb::Man => completions::man::<Cli>(),
        verb => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(over_the_api(&cli.door, verb))
        }
    }
}

async fn over_the_api(door: &Door, verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Login => login::run(door).await,
        Verb::Masters(args) => masters::run(door, args).await,
        Verb::Clusters(args) => clusters::run(door, args).await,
        Verb::Minions(args) => minions::run(door, args).await,
        Verb::Targets(args) => targets::run(door, args).await,
        Verb::Schedules(args) => schedules::run(door, args).await,
        Verb::Run(args) => run::run(door, args).await,
        Verb::Jobs(args) => jobs::run(door, args).await,
        Verb::Watch(args) => watch::run(door, args).await,
        Verb::Events(args) => events::run(door, args).await,
        Verb::Why(args) => why::run(door, args).await,
        Verb::Keys(args) => keys::run(door, args).await,
        Verb::Users(args) => users::run(door, args).await,
        Verb::Roles(args) => roles::run(door, args).await,
        Verb::Tokens(args) => tokens::run(door, args).await,
        Verb::Audit(args) => audit::run(door, args).await,
        Verb::Doctor => doctor::run(door).await,
        Verb::DeadLetters(args) => dead_letters::run(door, args).await,
        Verb::Serve(_)
        | Verb::Config(_)
        | Verb::Migrate(_)
        | Verb::Openapi
        | Verb::Completions(_)
        | Verb::Man => Ok(ExitCode::SUCCESS),
    }
}
