//! Failed logins slow the next ones down, across all servers of one database: by name and address, so that who guesses
//! from one place locks nobody out at another.

use std::{net::IpAddr, time::Duration};

use jiff::{SignedDuration, Timestamp};
use raas_db::{
    Session,
    login_failure::{self, Attempt, Recent},
};

use crate::{RpcError, config};

/// An address may fail so many times more often than one name from it: several people may share it.
const NAMES: i64 = 5;
/// A name may fail so many times more often than from one address, before addresses that failed once have to wait.
const ADDRESSES: i64 = 10;

/// Whose turn it is.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    config_name: String,
    username: String,
    address: String,
}

impl Tried {
    pub(super) fn new(config_name: &str, username: &str, address: Option<IpAddr>) -> Self {
        Self {
            config_name: config_name.to_owned(),
            username: username.to_owned(),
            address: address.map(|address| address.to_string()).unwrap_or_default(),
        }
    }

    pub(super) fn attempt(&self) -> Attempt<'_> {
        Attempt { config_name: &self.config_name, username: &self.username, address: &self.address }
    }
}

/// Refuses while this name from this address, this address, or (where it failed already) this name is locked out.
pub(super) async fn check(
    session: &impl Session,
    config: &config::Auth,
    tried: &Tried,
    now: Timestamp,
) -> Result<(), RpcError> {
    let lockout = SignedDuration::from_secs(i64::from(config.lockout_s));
    let since = now.checked_sub(lockout).unwrap_or(Timestamp::MIN);
    let recent = login_failure::recent(session, tried.attempt(), since).await?;
    let Some(whom) = locked(&recent, i64::from(config.attempts)) else { return Ok(()) };
    let until = recent.last_at.and_then(|at| at.checked_add(lockout).ok()).unwrap_or(now);
    let wait = until.duration_since(now).as_secs().max(1);
    let whom = match whom {
        Whom::Name => format!("for {:?}", tried.username),
        Whom::Address => "from your address".to_owned(),
    };
    Err(RpcError::TooMany(format!("too many failed logins {whom}: try again in {wait} s")))
}

#[derive(Debug, PartialEq, Eq)]
enum Whom {
    Name,
    Address,
}

/// Who has failed too often. An address that never failed is never locked out by what others do.
fn locked(recent: &Recent, attempts: i64) -> Option<Whom> {
    if recent.here >= attempts || (recent.here > 0 && recent.of_name >= attempts.saturating_mul(ADDRESSES)) {
        return Some(Whom::Name);
    }
    (recent.of_address >= attempts.saturating_mul(NAMES)).then_some(Whom::Address)
}

/// Counts a failure.
pub(super) async fn failed(
    session: &impl Session,
    config: &config::Auth,
    tried: &Tried,
    now: Timestamp,
) -> Result<(), RpcError> {
    let window = Duration::from_secs(u64::from(config.lockout_s));
    login_failure::record(session, tried.attempt(), now, window).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Recent, Whom, locked};

    #[test]
    fn an_address_that_did_nothing_is_never_locked_out() {
        let judge =
            |here, of_address, of_name| locked(&Recent { here, of_address, of_name, last_at: None }, 20);
        assert_eq!(judge(20, 20, 20), Some(Whom::Name), "twenty guesses from here");
        assert_eq!(judge(0, 0, 1_000_000), None, "a flood from elsewhere");
        assert_eq!(judge(1, 1, 200), Some(Whom::Name), "many addresses guess together");
        assert_eq!(judge(1, 100, 1), Some(Whom::Address), "one address guesses at many names");
        assert_eq!(judge(19, 19, 19), None);
    }
}
