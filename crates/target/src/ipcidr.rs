//! `10.0.0.0/8` or one address, against the grains `ipv4` and `ipv6`.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use crate::{Match, TargetError};

/// A network, or one address as a network of one.
#[derive(Clone, Debug)]
pub(crate) struct Network(IpNet);

impl Network {
    pub(crate) fn new(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(|net| Self(net.trunc()))
            .map_err(|_| TargetError::BadNetwork(text.to_owned()))
    }

    pub(crate) fn matches(&self, grains: Option<&Value>) -> Match {
        let Some(grains) = grains else { return Match::Unknown };
        let grain = if matches!(self.0, IpNet::V4(_)) { "ipv4" } else { "ipv6" };
        let addresses = grains.get(grain).and_then(Value::as_array);
        addresses
            .is_some_and(|all| {
                all.iter()
                    .filter_map(Value::as_str)
                    .filter_map(|text| text.parse::<IpAddr>().ok())
                    .any(|address| self.0.contains(&address))
            })
            .into()
    }
}
