//! Encoding of large bodies: JSON, compressed with zstd. Sizes are limited before and after decompression.

use std::io::{BufWriter, Read as _};

use serde::{Serialize, de::DeserializeOwned};

/// Largest encoded body taken, in bytes: one return of 50 MB that cannot be compressed fits.
pub const MAX_ENCODED: usize = 96 << 20;
/// Largest decoded body taken, in bytes: one return of 50 MB fits, also as escaped JSON, or with its original bytes in base64
/// beside what JSON makes of them.
pub const MAX_PLAIN: usize = 256 << 20;
/// zstd level: 3 is its own default; higher ones cost more on the master than they save on the wire.
const LEVEL: i32 = 3;
/// 256 KiB of what came before are looked through for repetitions, which is most of a batch; zstd by itself would take memory
/// for eight times as much.
const WINDOW_LOG: u32 = 18;
/// What is collected before it is compressed.
const BUFFER: usize = 64 << 10;

/// Why a body could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// Larger than allowed.
    #[error("body of more than {limit} bytes")]
    TooLarge {
        /// The limit that was passed.
        limit: usize,
    },
    /// Not zstd.
    #[error("body is not valid zstd: {0}")]
    Compression(#[from] std::io::Error),
    /// Not the JSON that was expected.
    #[error("body is not the expected JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// `value` as compressed JSON.
///
/// # Errors
/// When it cannot be serialised.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, BodyError> {
    // Never whole in plain: a plugin lives beside its master, and shall not take its memory.
    let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
    encoder.window_log(WINDOW_LOG)?;
    let mut plain = BufWriter::with_capacity(BUFFER, encoder);
    serde_json::to_writer(&mut plain, value)?;
    let encoder = plain.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(encoder.finish()?)
}

/// The inverse of [`encode`].
///
/// # Errors
/// When the body is too large (before or after decompression), not zstd, or not the JSON of `T`.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    Ok(serde_json::from_slice(&unpack(body, MAX_PLAIN)?)?)
}

/// The JSON text of an encoded body, not looked at yet: `limit` bytes at most.
///
/// # Errors
/// When the body is too large (before or after decompression), or not zstd.
pub fn unpack(body: &[u8], limit: usize) -> Result<Vec<u8>, BodyError> {
    if body.len() > MAX_ENCODED {
        return Err(BodyError::TooLarge { limit: MAX_ENCODED });
    }
    let mut plain = Vec::new();
    zstd::Decoder::new(body)?.take(limit as u64 + 1).read_to_end(&mut plain)?;
    if plain.len() > limit {
        return Err(BodyError::TooLarge { limit });
    }
    Ok(plain)
}
