//! `10.0.0.0/8` or one address, against the grains `ipv4` and `ipv6`, as Salt's `ipcidr_match` does.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde_json::Value;

use crate::{Match, error::Fault};

/// A network, or one address.
#[derive(Clone, Debug)]
pub(crate) enum Network {
    /// Compared as text: Salt looks whether the grain holds the address as Python writes it.
    Address {
        /// Of version 6.
        six: bool,
        /// As Python writes it.
        text: String,
        /// As later Pythons (3.13) write it, where that differs.
        also: Option<String>,
    },
    Net(IpNet),
}

/// What one leaf of a compound target says. Salt evaluates all of them: one that raises an error ends the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Said(Match),
    Raised,
}

impl Network {
    pub(crate) fn new(text: &str) -> Result<Self, Fault> {
        let address =
            |six, plain: &str, also: Option<String>| Self::Address { six, text: plain.to_owned(), also };
        if let Some((bare, scope)) = text.split_once('%').filter(|_| !text.contains('/')) {
            let scoped = bare.parse::<Ipv6Addr>().ok().filter(|_| !scope.is_empty() && !scope.contains('%'));
            return scoped
                .map(|ip| address(true, &format!("{}%{scope}", older_text(ip)), None))
                .ok_or_else(|| wrong(text));
        }
        match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(ip)) => Ok(address(false, &ip.to_string(), None)),
            Ok(IpAddr::V6(ip)) => {
                let (older, newer) = (older_text(ip), ip.to_string());
                Ok(address(true, &older, Some(newer).filter(|newer| *newer != older)))
            }
            Err(_) => network(text).map(Self::Net),
        }
    }

    /// The grain that is looked at.
    pub(crate) fn grain(&self) -> &'static str {
        match self {
            Self::Address { six: true, .. } | Self::Net(IpNet::V6(_)) => "ipv6",
            Self::Address { .. } | Self::Net(IpNet::V4(_)) => "ipv4",
        }
    }

    pub(crate) fn matches(&self, grains: Option<&Value>) -> Match {
        match self.answer(grains) {
            Answer::Said(verdict) => verdict,
            Answer::Raised => Match::No,
        }
    }

    pub(crate) fn answer(&self, grains: Option<&Value>) -> Answer {
        let Some(grains) = grains else { return Answer::Said(Match::Unknown) };
        let Some(held) = grains.get(self.grain()) else { return Answer::Said(Match::No) };
        match self {
            Self::Address { text, also, .. } => match (is_in(text, held), also) {
                (None, _) => Answer::Raised,
                (Some(yes), Some(also)) if is_in(also, held) != Some(yes) => Answer::Said(Match::Unknown),
                (Some(yes), _) => Answer::Said(yes.into()),
            },
            Self::Net(net) => match held {
                Value::Array(members) => any_inside(net, members),
                // Salt then looks at the addresses of the machine.
                Value::Null => Answer::Said(Match::Unknown),
                one => any_inside(net, std::slice::from_ref(one)),
            },
        }
    }
}

/// Python's `text in held`; none where that is an error.
fn is_in(text: &str, held: &Value) -> Option<bool> {
    match held {
        Value::Array(members) => Some(members.iter().any(|member| member.as_str() == Some(text))),
        Value::Object(map) => Some(map.contains_key(text)),
        Value::String(whole) => Some(whole.contains(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The first that is inside ends the search; one that is no address before it ends it with an error.
fn any_inside(net: &IpNet, members: &[Value]) -> Answer {
    for member in members {
        match address(member) {
            None => return Answer::Raised,
            Some(ip) if net.contains(&ip) => return Answer::Said(Match::Yes),
            Some(_) => {}
        }
    }
    Answer::Said(Match::No)
}

/// Python's `ip_address`: texts, and numbers too.
fn address(value: &Value) -> Option<IpAddr> {
    match value {
        Value::String(text) => match text.split_once('%') {
            Some((bare, scope)) if !scope.is_empty() && !scope.contains('%') => {
                bare.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
            }
            Some(_) => None,
            None => text.parse().ok(),
        },
        Value::Bool(yes) => Some(IpAddr::V4(Ipv4Addr::from(u32::from(*yes)))),
        Value::Number(number) => number.as_u64().map(|number| match u32::try_from(number) {
            Ok(four) => IpAddr::V4(Ipv4Addr::from(four)),
            Err(_) => IpAddr::V6(Ipv6Addr::from(u128::from(number))),
        }),
        _ => None,
    }
}

/// Python's `ip_network`, strict: no bits beyond the prefix. A mask may stand for the prefix of version 4.
fn network(text: &str) -> Result<IpNet, Fault> {
    let (bare, mask) = text.split_once('/').ok_or_else(|| wrong(text))?;
    let decimal = || mask.bytes().all(|b| b.is_ascii_digit()).then(|| mask.parse::<u8>().ok()).flatten();
    let net = match bare.parse::<IpAddr>().map_err(|_| wrong(text))? {
        IpAddr::V4(ip) => decimal()
            .or_else(|| prefix(mask.parse().ok()?))
            .and_then(|p| Ipv4Net::new(ip, p).ok())
            .map(IpNet::V4),
        IpAddr::V6(ip) => decimal().and_then(|p| Ipv6Net::new(ip, p).ok()).map(IpNet::V6),
    };
    let net = net.ok_or_else(|| Fault::new(bare.len() + 1, format!("{mask:?}"), "a prefix length, as 24"))?;
    if net.trunc() == net {
        return Ok(net);
    }
    let found = format!("{text:?}, an address with bits beyond its prefix, which Salt takes for nobody");
    Err(Fault::new(0, found, format!("the network {}, or the address alone", net.trunc())))
}

/// Prefix length of a mask, or of a mask turned inside out (`0.0.0.255`); Python tries in that order.
fn prefix(mask: Ipv4Addr) -> Option<u8> {
    let bits = u32::from(mask);
    let length = |bits: u32| (bits.leading_ones() + bits.trailing_zeros() == 32).then(|| bits.leading_ones());
    length(bits).or_else(|| length(!bits)).and_then(|length| u8::try_from(length).ok())
}

/// Pythons before 3.13 write mapped addresses in hexadecimal.
fn older_text(ip: Ipv6Addr) -> String {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => format!("::ffff:{high:x}:{low:x}"),
        _ => ip.to_string(),
    }
}

fn wrong(text: &str) -> Fault {
    Fault::new(0, format!("{text:?}"), "an IP address or a network in CIDR form, as 10.0.0.0/8 or fd00::/8")
}
