//! What a caller chooses about the database, and the URL taken apart. Nothing is opened here.
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{DbError, chain};

/// How to reach the database and how long to wait for what.
#[derive(Clone)]
pub struct DbOptions {
    /// `postgresql://user:password@host1:5432,host2:5432/name?sslmode=verify-full`. Never logged.
    pub url: String,
    /// Connections of the pool; LISTEN and migrations use one more each.
    pub max_connections: usize,
    /// The whole time that one address of one host gets to let us in.
    pub connect_timeout: Duration,
    /// How long a call waits for a free connection of the pool.
    pub wait_timeout: Duration,
    /// The longest statement; the server ends longer ones.
    pub statement_timeout: Duration,
    /// The longest wait for an answer, so that a database that is silent holds nobody. Longer than
    /// `statement_timeout`, which the database itself keeps.
    pub answer_timeout: Duration,
    /// The longest wait for a lock.
    pub lock_timeout: Duration,
    /// How long a transaction may stand idle.
    pub idle_in_transaction_timeout: Duration,
}

impl DbOptions {
    /// Usual limits for this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 16,
            connect_timeout: Duration::from_secs(5),
            wait_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(35),
            lock_timeout: Duration::from_secs(10),
            idle_in_transaction_timeout: Duration::from_secs(30),
        }
    }
}

impl std::fmt::Debug for DbOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DbOptions").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

/// The words of libpq. Over a unix socket there is no TLS, whatever is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SslMode {
    /// Clear text.
    Disable,
    /// TLS where the server offers it; no check of its certificate.
    Prefer,
    /// TLS, no check of the certificate unless `sslrootcert` is given.
    Require,
    /// TLS, and the certificate comes from a known authority.
    VerifyCa,
    /// TLS, a known authority, and the certificate names this host.
    VerifyFull,
}

/// The URL taken apart: what tokio-postgres reads itself, and what it does not know.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) config: tokio_postgres::Config,
    /// None: the URL does not say; then verify-full, except on this machine.
    pub(crate) sslmode: Option<SslMode>,
    pub(crate) sslrootcert: Option<PathBuf>,
    pub(crate) names_session: bool,
}

impl Target {
    pub(crate) fn parse(url: &str) -> Result<Self, DbError> {
        if !url.starts_with("postgresql://") && !url.starts_with("postgres://") {
            return Err(DbError::Config(
                "the database URL must start with postgresql://, as in postgresql://user:password@host:5432/raas".into(),
            ));
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut target = Self {
            config: tokio_postgres::Config::new(),
            sslmode: None,
            sslrootcert: None,
            names_session: false,
        };
        let mut rest = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", word)) => target.sslmode = Some(sslmode(word)?),
                Some(("sslrootcert", path)) => target.sslrootcert = Some(percent_decoded(path).into()),
                other => {
                    target.names_session |= other.is_some_and(|(key, _)| key == "target_session_attrs");
                    rest.push(pair);
                }
            }
        }
        let plain = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        target.config = plain.parse().map_err(|e: tokio_postgres::Error| DbError::Config(chain(&e)))?;
        if target.config.get_hosts().is_empty() && target.config.get_hostaddrs().is_empty() {
            return Err(DbError::Config("the database URL names no host".into()));
        }
        if target.config.get_user().is_none() {
            return Err(DbError::Config("the database URL names no user".into()));
        }
        Ok(target)
    }
}

fn sslmode(word: &str) -> Result<SslMode, DbError> {
    Ok(match word {
        "disable" => SslMode::Disable,
        "allow" | "prefer" => SslMode::Prefer,
        "require" => SslMode::Require,
        "verify-ca" => SslMode::VerifyCa,
        "verify-full" => SslMode::VerifyFull,
        other => {
            return Err(DbError::Config(format!(
                "sslmode={other} is not known: use disable, prefer, require, verify-ca or verify-full"
            )));
        }
    })
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text as it may stand in any part of a URL.
pub(crate) fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_libpq_that_the_driver_does_not_know_are_read() {
        let target = Target::parse(
            "postgresql://u:p@a:1,b:2/db?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&connect_timeout=3",
        )
        .unwrap();
        assert_eq!(target.sslmode, Some(SslMode::VerifyFull));
        assert_eq!(target.sslrootcert, Some("/etc/ca.pem".into()));
        assert_eq!(target.config.get_hosts().len(), 2);
        assert_eq!(target.config.get_ports(), [1, 2]);
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said() {
        for (url, word) in [
            ("host=a user=b", "must start with postgresql://"),
            ("postgresql://u@h/db?sslmode=full", "sslmode=full"),
            ("postgresql://u@/db", "names no host"),
            ("postgresql://h/db", "names no user"),
            ("postgresql://u@h/db?colour=red", "colour"),
        ] {
            let error = Target::parse(url).unwrap_err().to_string();
            assert!(error.contains(word), "{url}: {error}");
        }
    }

    #[test]
    fn a_socket_path_survives_the_url() {
        let url = format!("postgresql://u@{}/db", percent_encoded("/tmp/a b"));
        let target = Target::parse(&url).unwrap();
        assert_eq!(target.config.get_hosts(), [tokio_postgres::config::Host::Unix("/tmp/a b".into())]);
    }
}
