//! Which server, who, and how answers look: the options of every verb that calls the API.

use std::{
    collections::BTreeMap,
    fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use raas_client::{Client, Credentials, Options};

use crate::environment;

/// Options of every verb that calls the API.
#[derive(Debug, Args)]
pub(crate) struct Door {
    /// The server.
    #[arg(long, global = true, env = "RAAS_URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// Account; its password comes from RAAS_PASSWORD, from --password-file, or is asked for.
    #[arg(long, global = true, env = "RAAS_USER", default_value = "root")]
    pub user: String,
    /// A file that holds the password.
    #[arg(long, global = true)]
    pub password_file: Option<PathBuf>,
    /// Take any certificate.
    #[arg(long, global = true)]
    pub insecure: bool,
    /// How answers look.
    #[arg(long, short, global = true, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// How answers look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For both.
    Yaml,
}

impl Door {
    /// A client: with the token of a program (RAAS_TOKEN), with a password where one is at hand, else with the token
    /// of `raas login`.
    pub(crate) fn client(&self) -> anyhow::Result<Client> {
        if let Some(token) = environment::token() {
            return self.with(Credentials::Token(token));
        }
        let credentials = match self.password_at_hand()? {
            Some(password) => Credentials::Password { username: self.user.clone(), password },
            None => match self.kept_token() {
                Some(token) => Credentials::Token(token),
                None => bail!(
                    "not signed in as {} at {}: run raas login, or set RAAS_PASSWORD",
                    self.user,
                    self.url
                ),
            },
        };
        self.with(credentials)
    }

    /// A client that signs in with the password, asked for if need be.
    pub(crate) fn client_with_password(&self) -> anyhow::Result<Client> {
        let password = match self.password_at_hand()? {
            Some(password) => password,
            None => ask(&format!("Password of {} at {}: ", self.user, self.url))?,
        };
        self.with(Credentials::Password { username: self.user.clone(), password })
    }

    fn with(&self, credentials: Credentials) -> anyhow::Result<Client> {
        let mut options = Options::new(&self.url, credentials);
        options.insecure = self.insecure;
        Ok(Client::new(options)?)
    }

    fn password_at_hand(&self) -> anyhow::Result<Option<String>> {
        match &self.password_file {
            Some(path) => {
                let text =
                    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
                Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
            }
            None => Ok(environment::password()),
        }
    }

    fn kept_token(&self) -> Option<String> {
        let text = fs::read_to_string(environment::token_file()?).ok()?;
        serde_json::from_str::<BTreeMap<String, String>>(&text).ok()?.remove(&self.token_name())
    }

    /// Tokens are kept by account and server.
    fn token_name(&self) -> String {
        format!("{} at {}", self.user, self.url)
    }

    /// Keeps a token, readable by its owner only.
    pub(crate) fn keep_token(&self, token: &str) -> anyhow::Result<PathBuf> {
        use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
        let path = environment::token_file()
            .context("neither HOME nor XDG_CONFIG_HOME is set: nowhere to keep the token")?;
        let dir = path.parent().context("the token file has no folder")?;
        fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let mut kept: BTreeMap<String, String> = fs::read_to_string(&path)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        kept.insert(self.token_name(), token.to_owned());
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        file.write_all(serde_json::to_string_pretty(&kept)?.as_bytes())?;
        Ok(path)
    }
}

/// A new password for `user`: from a file, else asked for twice.
pub(crate) fn new_password(user: &str, file: Option<&Path>) -> anyhow::Result<String> {
    if let Some(path) = file {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !std::io::stdin().is_terminal() {
        bail!("no new password: use --new-password-file");
    }
    let password = ask(&format!("New password of {user}: "))?;
    if ask("The same again: ")? != password {
        bail!("the two passwords differ: nothing was changed");
    }
    Ok(password)
}

/// Asks at the terminal without showing what is typed.
fn ask(question: &str) -> anyhow::Result<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let input = std::io::stdin();
    if !input.is_terminal() {
        bail!("no password: set RAAS_PASSWORD or use --password-file");
    }
    eprint!("{question}");
    let before = tcgetattr(&input)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&input, OptionalActions::Now, &silent)?;
    let mut line = String::new();
    let read = input.read_line(&mut line);
    tcsetattr(&input, OptionalActions::Now, &before)?;
    eprintln!();
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
