//! Encoding of large bodies: JSON, compressed with zstd. Sizes are limited before and after decompression.

use std::io::Read as _;

use serde::{Serialize, de::DeserializeOwned};

/// Largest encoded body taken, in bytes.
pub const MAX_ENCODED: usize = 64 << 20;
/// Largest decoded body taken, in bytes: one 50 MiB return as escaped JSON fits.
pub const MAX_PLAIN: usize = 256 << 20;
/// zstd level: 3 is its own default; higher ones cost more on the master than they save on the wire.
const LEVEL: i32 = 3;

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
    Ok(zstd::encode_all(serde_json::to_vec(value)?.as_slice(), LEVEL)?)
}

/// The inverse of [`encode`].
///
/// # Errors
/// When the body is too large (before or after decompression), not zstd, or not the JSON of `T`.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    if body.len() > MAX_ENCODED {
        return Err(BodyError::TooLarge { limit: MAX_ENCODED });
    }
    let mut plain = Vec::new();
    zstd::Decoder::new(body)?.take(MAX_PLAIN as u64 + 1).read_to_end(&mut plain)?;
    if plain.len() > MAX_PLAIN {
        return Err(BodyError::TooLarge { limit: MAX_PLAIN });
    }
    Ok(serde_json::from_slice(&plain)?)
}
