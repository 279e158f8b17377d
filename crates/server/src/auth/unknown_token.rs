//! Tokens that nobody has any more, or never had: written to the audit, once a minute for each address. A flood of them, from
//! one address or from many, fills no table.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use super::Caller;
use crate::{AppState, RpcError, audit};

/// How often an address is written down.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);
/// Addresses that are told apart; all others are written down as one.
const ADDRESSES: usize = 1000;

/// When each address was last written down, and how often it came since.
#[derive(Debug, Default)]
pub struct UnknownTokens(Mutex<BTreeMap<Option<IpAddr>, (Timestamp, u64)>>);

impl UnknownTokens {
    /// Counts one. How many there were since the last row, when it is time for another.
    fn count(&self, address: Option<IpAddr>, now: Timestamp) -> Option<u64> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = |at: Timestamp| now.duration_since(at) >= MINUTE;
        if seen.len() >= ADDRESSES {
            // Who came again since stays, so that its next row says how often.
            seen.retain(|_, (at, since)| !old(*at) || *since > 0);
        }
        let place = if seen.len() >= ADDRESSES && !seen.contains_key(&address) { None } else { address };
        match seen.get_mut(&place) {
            Some((at, since)) if !old(*at) => {
                *since += 1;
                None
            }
            Some((at, since)) => {
                *at = now;
                Some(std::mem::take(since))
            }
            None => {
                seen.insert(place, (now, 0));
                Some(0)
            }
        }
    }
}

/// Writes down that a token was refused, where it is time.
pub(super) async fn refused(state: &AppState, caller: &Caller, error: &RpcError) -> Result<(), RpcError> {
    metrics::counter!("raas_logins", "outcome" => "refused").increment(1);
    let now = state.clock.now();
    let Some(more) = state.unknown_tokens.count(caller.address, now) else { return Ok(()) };
    let mut why = error.to_string();
    if more > 0 {
        why = format!("{why} ({more} more of this address were refused before, and not written down)");
    }
    Ok(audit::write(state, &audit::token(caller, now, &why)).await?)
}

#[cfg(test)]
mod tests {
    use super::{ADDRESSES, UnknownTokens};
    use jiff::{SignedDuration, Timestamp};

    fn after(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn an_address_is_written_down_once_a_minute_with_how_often_it_came() {
        let tokens = UnknownTokens::default();
        let here = Some("192.0.2.1".parse().unwrap());
        assert_eq!(tokens.count(here, after(0)), Some(0));
        for second in 1..60 {
            assert_eq!(tokens.count(here, after(second)), None);
        }
        assert_eq!(tokens.count(None, after(30)), Some(0), "another address");
        assert_eq!(tokens.count(here, after(60)), Some(59));
    }

    #[test]
    fn a_flood_from_many_addresses_is_written_down_as_few() {
        let tokens = UnknownTokens::default();
        let address = |n: u32| Some(std::net::IpAddr::from(std::net::Ipv4Addr::from(n)));
        let written = (0..3_000).filter(|n| tokens.count(address(*n), after(0)).is_some()).count();
        assert_eq!(written, ADDRESSES + 1, "the last one stands for all others");
    }
}
