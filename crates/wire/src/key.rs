//! Ed25519 keys of masters and of the server: PEM in, PEM out, fingerprints. Drawing one takes the caller's randomness.

use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    spki::der::pem::LineEnding,
};
pub use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// A key that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("not an Ed25519 key in PEM form: {0}")]
pub struct KeyError(String);

/// Makes a key from 32 random bytes.
pub fn from_random(seed: &[u8; 32]) -> SigningKey {
    SigningKey::from_bytes(seed)
}

/// PKCS#8 PEM of the private key. Write it with mode 0600.
///
/// # Errors
/// When the encoder fails (it does not for Ed25519).
pub fn private_to_pem(key: &SigningKey) -> Result<String, KeyError> {
    key.to_pkcs8_pem(LineEnding::LF).map(|pem| pem.to_string()).map_err(|e| KeyError(e.to_string()))
}

/// Reads a PKCS#8 PEM private key.
///
/// # Errors
/// When it is not one.
pub fn private_from_pem(pem: &str) -> Result<SigningKey, KeyError> {
    SigningKey::from_pkcs8_pem(pem).map_err(|e| KeyError(e.to_string()))
}

/// SPKI PEM of the public key.
///
/// # Errors
/// When the encoder fails (it does not for Ed25519).
pub fn public_to_pem(key: &VerifyingKey) -> Result<String, KeyError> {
    key.to_public_key_pem(LineEnding::LF).map_err(|e| KeyError(e.to_string()))
}

/// Reads an SPKI PEM public key.
///
/// # Errors
/// When it is not one.
pub fn public_from_pem(pem: &str) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::from_public_key_pem(pem.trim()).map_err(|e| KeyError(e.to_string()))
}

/// What operators compare: SHA-256 of the 32 key bytes, hex.
pub fn fingerprint(key: &VerifyingKey) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}
