//! Table `body`: returned values, compressed, identical ones once a day. Small ones that nobody shares stand in `ret` itself.

use std::io::Read as _;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::{DbError, Session};

/// zstd level: speed counts here, one core ingests for many masters.
const LEVEL: i32 = 1;
/// One statement carries about this much at most.
const STATEMENT_BYTES: usize = 16 << 20;

/// A value ready to be stored.
#[derive(Clone, Debug)]
pub struct Body {
    /// SHA-256 of the JSON text and the original bytes.
    pub hash: [u8; 32],
    /// zstd of the JSON text.
    pub(crate) json: Box<[u8]>,
    /// zstd of Salt's own bytes, where JSON cannot carry them.
    pub(crate) original: Option<Box<[u8]>>,
    /// Of the JSON text.
    size: i64,
}

/// Compresses and hashes values, one after the other: making a compressor costs more than a small value does.
pub struct Packer(zstd::bulk::Compressor<'static>);

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packer")
    }
}

impl Packer {
    /// A fresh one.
    pub fn new() -> Result<Self, std::io::Error> {
        zstd::bulk::Compressor::new(LEVEL).map(Self)
    }

    /// Compresses and hashes a value: its JSON text, and Salt's own bytes where JSON cannot carry them.
    pub fn pack(&mut self, json: &str, original: Option<&[u8]>) -> Result<Body, std::io::Error> {
        Ok(Body {
            hash: hash(json, original),
            json: self.0.compress(json.as_bytes())?.into_boxed_slice(),
            original: original.map(|bytes| self.0.compress(bytes)).transpose()?.map(Vec::into_boxed_slice),
            size: i64::try_from(json.len()).unwrap_or(i64::MAX),
        })
    }
}

/// What tells values apart: SHA-256 of the JSON text and the original bytes.
pub(crate) fn hash(json: &str, original: Option<&[u8]>) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(json.as_bytes());
    if let Some(original) = original {
        // A separator that JSON cannot hold: text and bytes cannot be mistaken for each other.
        hash.update([0]);
        hash.update(original);
    }
    hash.finalize().into()
}

impl Body {
    /// Bytes that it takes.
    pub(crate) fn len(&self) -> usize {
        self.json.len() + self.original.as_ref().map_or(0, |original| original.len())
    }
}

/// What was compressed by a [`Packer`].
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut plain = Vec::new();
    zstd::Decoder::new(packed)?.read_to_end(&mut plain)?;
    Ok(plain)
}

/// Stores bodies; those that are there already are left alone.
pub async fn insert(client: &impl Session, bodies: &[(Date, &Body)]) -> Result<(), DbError> {
    let mut new: Vec<&(Date, &Body)> = bodies.iter().collect();
    new.sort_by(|a, b| (a.0, &a.1.hash).cmp(&(b.0, &b.1.hash)));
    new.dedup_by(|a, b| a.0 == b.0 && a.1.hash == b.1.hash);
    let sql = include_str!("../queries/body/insert.sql");
    let mut rest = new.as_slice();
    while !rest.is_empty() {
        let (chunk, more) = rest.split_at(fitting(rest));
        rest = more;
        let days: Vec<Date> = chunk.iter().map(|b| b.0).collect();
        let hashes: Vec<&[u8]> = chunk.iter().map(|b| b.1.hash.as_slice()).collect();
        let json: Vec<&[u8]> = chunk.iter().map(|b| &*b.1.json).collect();
        let originals: Vec<Option<&[u8]>> = chunk.iter().map(|b| b.1.original.as_deref()).collect();
        let sizes: Vec<i64> = chunk.iter().map(|b| b.1.size).collect();
        client.execute(sql, &[&days, &hashes, &json, &originals, &sizes]).await?;
    }
    Ok(())
}

/// How many of the first bodies fit one statement; at least one.
fn fitting(bodies: &[&(Date, &Body)]) -> usize {
    let mut bytes = 0;
    let fits = bodies.iter().take_while(|b| {
        bytes += b.1.len();
        bytes <= STATEMENT_BYTES
    });
    fits.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::{Packer, unpack};

    #[test]
    fn a_value_comes_back_and_the_hash_covers_the_original_bytes() {
        let mut packer = Packer::new().unwrap();
        let plain = packer.pack("\"a\"", None).unwrap();
        let with_bytes = packer.pack("\"a\"", Some(b"\xff")).unwrap();
        assert_eq!(unpack(&plain.json).unwrap(), b"\"a\"");
        assert_eq!(unpack(with_bytes.original.as_ref().unwrap()).unwrap(), b"\xff");
        assert_ne!(plain.hash, with_bytes.hash);
    }
}
