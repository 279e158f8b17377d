//! Failed logins slow the next ones down, per name, across all servers of one database.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use raas_db::{Session, login_failure};

use crate::{RpcError, config};

/// Refuses while the name is locked out.
pub(super) async fn check(
    session: &impl Session,
    config: &config::Auth,
    config_name: &str,
    username: &str,
    now: Timestamp,
) -> Result<(), RpcError> {
    let Some(failed) = login_failure::get(session, config_name, username).await? else { return Ok(()) };
    let locked_until = failed
        .last_at
        .saturating_add(SignedDuration::from_secs(i64::from(config.lockout_s)))
        .unwrap_or(Timestamp::MAX);
    if u32::try_from(failed.failures).unwrap_or(0) >= config.attempts && now < locked_until {
        let wait = locked_until.duration_since(now).as_secs().max(1);
        return Err(RpcError::TooMany(format!(
            "too many failed logins for {username:?}: try again in {wait} s"
        )));
    }
    Ok(())
}

/// Counts a failure.
pub(super) async fn failed(
    session: &impl Session,
    config: &config::Auth,
    config_name: &str,
    username: &str,
    now: Timestamp,
) -> Result<(), RpcError> {
    let window = Duration::from_secs(u64::from(config.lockout_s));
    login_failure::record(session, config_name, username, now, window).await?;
    Ok(())
}
