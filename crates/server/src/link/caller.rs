//! The master that calls: its signature was verified with a key that is accepted now.

use axum::extract::FromRequestParts;
use http::request::Parts;
use raas_db::{
    master::{self, Master},
    master_key::{self, MasterKey},
};
use raas_wire::{MasterKeyState, RefusalCode, key};

use super::{Refuse, door::Signed};
use crate::AppState;

/// Bytes that take longer to hash than a thread takes to wake.
const LARGE: usize = 256 << 10;

/// Extractor of every call but enrolment.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Master);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refuse;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refuse> {
        let signed = parts
            .extensions
            .get::<Signed>()
            .ok_or_else(|| Refuse(RefusalCode::Signature, "the call is not signed".to_owned()))?;
        let client = state.db.client().await?;
        let keys = master_key::by_fingerprint(&client, &signed.fingerprint).await?;
        let Some(first) = keys.first() else {
            return Err(not_accepted(format!(
                "this server does not know the key {}: enrol",
                signed.fingerprint
            )));
        };
        verify(signed, public(first)?).await?;
        if first.state != MasterKeyState::Accepted {
            return Err(not_accepted(format!(
                "the key of {} is {}: {}",
                first.master_id,
                first.state.as_str(),
                first.reason
            )));
        }
        match master::by_id(&client, &first.master_id).await? {
            Some(master) if master.fingerprint == first.fingerprint => Ok(Self(master)),
            _ => Err(not_accepted(
                "this key is accepted, but its master has not enrolled yet: enrol".to_owned(),
            )),
        }
    }
}

/// Off the async threads where the body is large: all of it is hashed.
async fn verify(signed: &Signed, key: key::VerifyingKey) -> Result<(), Refuse> {
    if signed.body.len() < LARGE {
        return signed.verify(&key);
    }
    let signed = signed.clone();
    let verified = tokio::task::spawn_blocking(move || signed.verify(&key)).await;
    verified.unwrap_or_else(|_| Err(Refuse(RefusalCode::Unavailable, "this server is stopping".to_owned())))
}

fn public(stored: &MasterKey) -> Result<key::VerifyingKey, Refuse> {
    key::public_from_pem(&stored.public_key).map_err(|error| {
        tracing::error!(master = stored.master_id, %error, "a stored key cannot be read");
        Refuse(
            RefusalCode::Signature,
            "the stored key of this master cannot be read: delete it and enrol again".to_owned(),
        )
    })
}

fn not_accepted(why: String) -> Refuse {
    Refuse(RefusalCode::NotAccepted, why)
}
