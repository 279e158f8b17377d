//! From where a request comes, and with what: the peer's address, or what a trusted proxy says of it.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header::USER_AGENT, request::Parts},
};

use crate::AppState;

/// Longest User-Agent that is kept.
const MAX_AGENT: usize = 200;

/// Who is at the other end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Address; none: not known.
    pub(crate) address: Option<IpAddr>,
    /// Program.
    pub(crate) user_agent: Option<String>,
}

impl Caller {
    /// Reads it from a request.
    pub(super) fn of(parts: &Parts, state: &AppState) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            address: peer.map(|peer| behind(peer, &parts.headers, &state.config.server.trusted_proxies)),
            user_agent: agent.map(|agent| agent.chars().take(MAX_AGENT).collect()),
        }
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}

/// The nearest address that is no trusted proxy. Anybody can write the header; only what a trusted proxy added counts.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for hop in hops.iter().rev() {
        if !trusted.contains(&nearest) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::behind;
    use axum::http::HeaderMap;

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_what_it_added() {
        let ip = |text: &str| text.parse::<std::net::IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "10.9.9.9, 192.0.2.7".parse().unwrap());
        assert_eq!(behind(ip("192.0.2.1"), &headers, &[]), ip("192.0.2.1"));
        assert_eq!(behind(ip("192.0.2.1"), &headers, &[ip("192.0.2.1")]), ip("192.0.2.7"));
        let both = [ip("192.0.2.1"), ip("192.0.2.7")];
        assert_eq!(behind(ip("192.0.2.1"), &headers, &both), ip("10.9.9.9"));
        headers.insert("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(behind(ip("192.0.2.1"), &headers, &both), ip("192.0.2.1"));
    }
}
