//! The chain of audit rows: each hash covers the row and the hash before it. Pure: whoever has the rows can check them.

use std::fmt::Write as _;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What stands before the first row of all.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One row of the audit with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Its place: 1, 2, 3 …
    pub number: i64,
    /// Its id, as `audit.get_audit` shows it. Ids follow the begin of an act, places its end.
    pub id: i64,
    /// When it began.
    pub start_time: Timestamp,
    /// When it ended.
    pub end_time: Timestamp,
    /// system, auth, rpc, task.
    pub event_type: String,
    /// As `cmd.route_cmd`.
    pub event_name: String,
    /// Who.
    pub username: String,
    /// Who.
    pub account_uuid: Option<Uuid>,
    /// In which session.
    pub session_uuid: Option<Uuid>,
    /// From where.
    pub address: Option<String>,
    /// Refused, or failed.
    pub failed: bool,
    /// The rest, as the JSON text that was stored.
    pub event_data: String,
    /// SHA-256 over the hash before it and all of the above, hex.
    pub hash: String,
}

impl Link {
    /// The hash that this row must have after `previous`: SHA-256 of the previous hash (as hex text), a line feed, and
    /// the JSON array of all fields in the order of their declaration, times in microseconds.
    pub fn hash_after(&self, previous: &str) -> String {
        let fields = serde_json::json!([
            self.number,
            self.id,
            self.start_time.as_microsecond(),
            self.end_time.as_microsecond(),
            self.event_type,
            self.event_name,
            self.username,
            self.account_uuid,
            self.session_uuid,
            self.address,
            self.failed,
            self.event_data,
        ]);
        let digest = Sha256::digest(format!("{previous}\n{fields}"));
        digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// The first row that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("audit row {number} (id {id}): {why}")]
pub struct Broken {
    /// Its place.
    pub number: i64,
    /// Its id.
    pub id: i64,
    /// What is wrong.
    pub why: String,
}

/// Follows the chain over these rows from the place and hash before them; returns the place and hash at the end.
///
/// # Errors
/// The first row that is missing, out of place or changed.
pub fn verify(before: (i64, &str), rows: &[Link]) -> Result<(i64, String), Broken> {
    let (mut number, mut hash) = (before.0, before.1.to_owned());
    for row in rows {
        let broken = |why: String| Broken { number: row.number, id: row.id, why };
        if row.number != number + 1 {
            let gone = if row.number == number + 2 {
                format!("row {} before it is missing", number + 1)
            } else {
                format!("rows {} to {} before it are missing", number + 1, row.number - 1)
            };
            return Err(broken(gone));
        }
        hash = row.hash_after(&hash);
        if hash != row.hash {
            return Err(broken("it was changed after it was written: its hash does not fit".to_owned()));
        }
        number = row.number;
    }
    Ok((number, hash))
}

#[cfg(test)]
mod tests {
    use super::{Link, START, verify};
    use jiff::Timestamp;

    fn chain(length: i64) -> Vec<Link> {
        let mut previous = START.to_owned();
        (1..=length)
            .map(|number| {
                let mut row = Link {
                    number,
                    id: number + 100,
                    start_time: Timestamp::from_second(number).unwrap(),
                    end_time: Timestamp::from_second(number + 1).unwrap(),
                    event_type: "rpc".to_owned(),
                    event_name: "cmd.route_cmd".to_owned(),
                    username: "root".to_owned(),
                    account_uuid: None,
                    session_uuid: None,
                    address: None,
                    failed: false,
                    event_data: "{}".to_owned(),
                    hash: String::new(),
                };
                row.hash = row.hash_after(&previous);
                previous.clone_from(&row.hash);
                row
            })
            .collect()
    }

    #[test]
    fn a_whole_chain_verifies_also_in_parts() {
        let rows = chain(5);
        let end = verify((0, START), &rows).unwrap();
        let middle = verify((0, START), &rows[..2]).unwrap();
        assert_eq!(verify((middle.0, &middle.1), &rows[2..]).unwrap(), end);
    }

    #[test]
    fn every_field_counts_and_the_first_broken_row_is_named() {
        let changes: [fn(&mut Link); 11] = [
            |row| row.id += 1,
            |row| row.start_time = Timestamp::UNIX_EPOCH,
            |row| row.end_time = Timestamp::UNIX_EPOCH,
            |row| row.event_type.push('x'),
            |row| row.event_name.push('x'),
            |row| row.username.push('x'),
            |row| row.account_uuid = Some(uuid::Uuid::nil()),
            |row| row.session_uuid = Some(uuid::Uuid::nil()),
            |row| row.address = Some("::1".to_owned()),
            |row| row.failed = true,
            |row| row.event_data.push(' '),
        ];
        for (n, change) in changes.iter().enumerate() {
            let mut rows = chain(4);
            change(&mut rows[1]);
            assert_eq!(verify((0, START), &rows).unwrap_err().number, 2, "change {n}");
        }
        let mut rows = chain(4);
        rows.remove(1);
        let broken = verify((0, START), &rows).unwrap_err();
        assert_eq!(broken.to_string(), "audit row 3 (id 103): row 2 before it is missing");
    }
}
