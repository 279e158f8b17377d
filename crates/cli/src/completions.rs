//! `raas completions SHELL` and `raas man`: what shells and `man` read, made from the verbs themselves.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell.
    shell: Shell,
}

/// Prints the script that a shell sources.
pub(crate) fn completions<C: CommandFactory>(args: &CompletionsArgs) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut C::command(), "raas", &mut script);
    print(&script)
}

/// Prints the manual: a page for `raas` and one for each verb, one after the other.
pub(crate) fn man<C: CommandFactory>() -> anyhow::Result<ExitCode> {
    let (mut pages, mut command) = (Vec::new(), C::command());
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut pages)?;
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set() && verb.get_name() != "help") {
        clap_mangen::Man::new(verb.clone()).render(&mut pages)?;
    }
    print(&pages)
}

/// A reader that closes its end has seen enough.
fn print(text: &[u8]) -> anyhow::Result<ExitCode> {
    match std::io::stdout().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use crate::Cli;

    #[test]
    fn every_verb_is_in_the_completions_and_in_the_manual() {
        let mut command = Cli::command();
        let mut script = Vec::new();
        clap_complete::generate(clap_complete::Shell::Bash, &mut command, "raas", &mut script);
        let script = String::from_utf8(script).unwrap();
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone()).render(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap().replace("\\-", "-");
        for verb in command.get_subcommands() {
            let name = verb.get_name();
            assert!(script.contains(name) && page.contains(name), "{name}");
        }
    }
}
