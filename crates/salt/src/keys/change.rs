//! Accept, reject and delete: by moving files between the lists. A different key under a known id is never touched.

use std::fs;

use super::{Key, KeyError, KeyList, Keys, fingerprint, io_at};
use crate::is_minion_id;

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was made.
    Made,
    /// It was so already.
    AlreadySo,
}

impl Keys {
    /// Accepts a minion. With `pem` also one that this master never met; when another key is known here under the id,
    /// nothing is done.
    pub fn accept(&self, minion_id: &str, pem: Option<&str>) -> Result<Change, KeyError> {
        self.move_into(KeyList::Accepted, minion_id, pem)
    }

    /// Rejects a minion. A running minion that is rejected ends.
    pub fn reject(&self, minion_id: &str, pem: Option<&str>) -> Result<Change, KeyError> {
        self.move_into(KeyList::Rejected, minion_id, pem)
    }

    /// Forgets a minion: its key leaves every list. Salt itself also changes its session key at a delete
    /// (`wheel key.delete`); this does not.
    pub fn delete(&self, minion_id: &str) -> Result<Change, KeyError> {
        self.check(minion_id)?;
        let mut change = Change::AlreadySo;
        for list in KeyList::ALL {
            if self.key(list, minion_id)?.is_some() {
                let path = self.dir_of(list).join(minion_id);
                fs::remove_file(&path).map_err(io_at(&path))?;
                change = Change::Made;
            }
        }
        Ok(change)
    }

    fn move_into(&self, to: KeyList, minion_id: &str, pem: Option<&str>) -> Result<Change, KeyError> {
        self.check(minion_id)?;
        let given = pem.map(|pem| checked(minion_id, pem)).transpose()?;
        for list in [KeyList::Accepted, KeyList::Pending, KeyList::Rejected] {
            let Some(held) = self.key(list, minion_id)? else { continue };
            same(&held, given.as_deref(), list)?;
            if list == to {
                return Ok(Change::AlreadySo);
            }
            return self.move_key(list, to, minion_id);
        }
        match (given, self.key(KeyList::Denied, minion_id)?) {
            (Some(pem), _) => self.write_key(to, minion_id, &pem).map(|()| Change::Made),
            (None, Some(_)) => self.move_key(KeyList::Denied, to, minion_id),
            (None, None) => Err(KeyError::NoKey(minion_id.to_owned())),
        }
    }

    fn move_key(&self, from: KeyList, to: KeyList, minion_id: &str) -> Result<Change, KeyError> {
        self.make_dir(to)?;
        let target = self.dir_of(to).join(minion_id);
        fs::rename(self.dir_of(from).join(minion_id), &target).map_err(io_at(&target))?;
        Ok(Change::Made)
    }

    fn check(&self, minion_id: &str) -> Result<(), KeyError> {
        self.check_driver()?;
        if is_minion_id(minion_id) { Ok(()) } else { Err(KeyError::BadId(minion_id.to_owned())) }
    }
}

fn same(held: &Key, given: Option<&str>, list: KeyList) -> Result<(), KeyError> {
    let Some(given) = given.map(fingerprint).filter(|given| *given != held.fingerprint) else {
        return Ok(());
    };
    let (minion_id, held) = (held.minion_id.clone(), held.fingerprint.clone());
    Err(KeyError::DifferentKey { minion_id, list, held, given })
}

/// The key as Salt writes it: PEM without white space at its ends.
fn checked(minion_id: &str, pem: &str) -> Result<String, KeyError> {
    let pem = pem.trim();
    let body = pem.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("PUBLIC KEY-----"));
    let body = body
        .and_then(|(_, rest)| rest.split_once("-----END "))
        .filter(|(_, end)| end.ends_with("PUBLIC KEY-----"));
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=".contains(&byte);
    let good = body.is_some_and(|(body, end)| body.len() > 40 && body.bytes().all(plain) && end.len() < 40);
    if good && pem.len() < 16 << 10 {
        Ok(pem.to_owned())
    } else {
        Err(KeyError::BadKey { minion_id: minion_id.to_owned() })
    }
}
