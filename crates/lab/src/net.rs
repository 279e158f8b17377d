//! Free places on loopback: a port, and a third octet of 127.0.x.y whose Salt ports nobody uses.

use std::fs::{File, TryLockError};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Where minions listen for jobs on a master.
pub const PUBLISH_PORT: u16 = 4505;
/// Where minions and we send requests to a master.
pub const REQUEST_PORT: u16 = 4506;

/// Masters of one cluster live on 127.0.`octet`.1, .2, … The place is ours until this is dropped.
#[derive(Debug)]
pub struct LoopbackNet {
    octet: u8,
    // Held open: the lock ends with the process, however it ends.
    _lock: File,
}

impl LoopbackNet {
    /// Takes a free place for `masters` masters.
    pub fn take(masters: u8) -> Result<Self> {
        for octet in 10..=250 {
            let path = lock_path(octet);
            let Ok(file) = File::options().create(true).append(true).open(&path) else { continue };
            match file.try_lock() {
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("cannot lock {}", path.display()));
                }
                Ok(()) if (1..=masters).all(|host| salt_ports_free(octet, host)) => {
                    return Ok(Self { octet, _lock: file });
                }
                // Another lab's, or somebody's Salt listens there.
                Err(TryLockError::WouldBlock) | Ok(()) => {}
            }
        }
        bail!(
            "no free loopback network in 127.0.10.0 to 127.0.250.0: stop other labs, or the Salt masters that listen on 127.0.0.0/8"
        )
    }

    /// The address of master `number` (from 1).
    pub fn master(&self, number: u8) -> Ipv4Addr {
        Ipv4Addr::new(127, 0, self.octet, number)
    }
}

fn lock_path(octet: u8) -> PathBuf {
    std::env::temp_dir().join(format!("raas-lab-net-{octet}.lock"))
}

fn salt_ports_free(octet: u8, host: u8) -> bool {
    [PUBLISH_PORT, REQUEST_PORT]
        .into_iter()
        .all(|port| TcpListener::bind((Ipv4Addr::new(127, 0, octet, host), port)).is_ok())
}

/// A TCP port on 127.0.0.1 that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot bind a port on 127.0.0.1")?;
    Ok(listener.local_addr().context("cannot read the port")?.port())
}

/// How many connections are established to `address:port`, as the kernel's table says.
pub fn established(address: Ipv4Addr, port: u16) -> usize {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    count_established(&table, address, port)
}

fn count_established(table: &str, address: Ipv4Addr, port: u16) -> usize {
    // The table prints the address as one little-endian number in hexadecimal.
    let local = format!("{:08X}:{port:04X}", u32::from_le_bytes(address.octets()));
    table
        .lines()
        .filter(|line| {
            let mut fields = line.split_whitespace().skip(1);
            fields.next() == Some(local.as_str()) && fields.nth(1) == Some("01")
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_established_connections_of_that_address_count() {
        let table = "  sl  local_address rem_address   st\n\
             0: 0106007F:1199 00000000:0000 0A 0\n\
             1: 0106007F:1199 0100007F:C001 01 0\n\
             2: 0206007F:1199 0100007F:C002 01 0\n";
        assert_eq!(count_established(table, Ipv4Addr::new(127, 0, 6, 1), 4505), 1);
        assert_eq!(count_established(table, Ipv4Addr::new(127, 0, 6, 3), 4505), 0);
    }

    #[test]
    fn two_nets_taken_at_once_differ() {
        let one = LoopbackNet::take(2).unwrap();
        let two = LoopbackNet::take(2).unwrap();
        assert_ne!(one.master(1), two.master(1));
    }
}
