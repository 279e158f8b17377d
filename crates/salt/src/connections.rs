//! How many minions hold a connection to the publish port, from the kernel's tables. Which ones cannot be told.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::MasterConfig;

/// `ESTABLISHED` in the kernel's tables.
const ESTABLISHED: &str = "01";

/// Established connections on the publish port; `None` where the kernel's tables cannot be read.
pub fn count(config: &MasterConfig) -> Option<u32> {
    let four = fs::read_to_string("/proc/net/tcp").ok()?;
    let six = fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    let only = config.listens_only_on();
    let lines = four.lines().chain(six.lines());
    let ours = lines.filter(|line| is_ours(line, config.publish_port, only));
    u32::try_from(ours.count()).ok()
}

fn is_ours(line: &str, port: u16, only: Option<IpAddr>) -> bool {
    let mut fields = line.split_whitespace();
    let (Some(local), Some(ESTABLISHED)) = (fields.nth(1), fields.nth(1)) else { return false };
    let Some((address, local_port)) = local.split_once(':') else { return false };
    u16::from_str_radix(local_port, 16) == Ok(port) && (only.is_none() || address_of(address) == only)
}

/// The kernel writes addresses as words in the machine's byte order.
fn address_of(text: &str) -> Option<IpAddr> {
    let words: Option<Vec<u32>> = text
        .as_bytes()
        .chunks(8)
        .map(|word| u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok())
        .collect();
    let bytes: Vec<u8> = words?.into_iter().flat_map(u32::to_ne_bytes).collect();
    match bytes.len() {
        4 => Some(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into()),
        16 => Some(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).to_canonical()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    #[cfg(target_endian = "little")]
    fn established_connections_on_the_port_and_address_count() {
        let line =
            "   1: 0106007F:1199 0106007F:D1C6 01 00000000:00000000 00:00000000 00000000     0        0 1";
        assert!(is_ours(line, 4505, None));
        assert!(is_ours(line, 4505, Some("127.0.6.1".parse().unwrap())));
        assert!(!is_ours(line, 4505, Some("127.0.6.2".parse().unwrap())));
        assert!(!is_ours(line, 4506, None));
        assert!(!is_ours(&line.replace(" 01 ", " 0A "), 4505, None));
        let six = "   1: 0000000000000000FFFF00000106007F:1199 0000000000000000FFFF00000106007F:D1C6 01 0:0 0:0 0 0 0 1";
        assert!(is_ours(six, 4505, Some("127.0.6.1".parse().unwrap())));
    }
}
