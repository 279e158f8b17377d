//! Request bodies: read whole, up to a limit of bytes and of time. What they mean is the handlers' business.

use std::{error::Error, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{FromRequest, Request},
};
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use tower_http::timeout::{TimeoutBody, TimeoutError};

use crate::{AppState, RpcError, rpc::ApiReply};

/// How long a body may stand still.
pub(crate) const STALL: Duration = Duration::from_secs(10);
/// How long a body may take as a whole.
const WHOLE: Duration = Duration::from_secs(180);
/// How long a body that is too large is still taken off the wire.
const LINGER: Duration = Duration::from_secs(2);

/// Why a body cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// Larger than the limit.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The other side sends too slowly, or stopped.
    #[error("the body did not arrive in time: nothing came for {} s, or it took more than {} s", STALL.as_secs(), WHOLE.as_secs())]
    Slow,
    /// The connection failed, or what came is not HTTP.
    #[error("the body did not arrive whole: {0}")]
    Broken(String),
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    let announced = body.size_hint().lower();
    let mut body = Body::new(TimeoutBody::new(STALL, body));
    let read = async {
        let mut whole = BytesMut::new();
        let mut fits = usize::try_from(announced).is_ok_and(|length| length <= limit);
        while fits {
            let Some(frame) = body.frame().await else { return Ok(whole.freeze()) };
            let Ok(data) = frame.map_err(|error| failed(&error))?.into_data() else { continue };
            fits = whole.len().saturating_add(data.len()) <= limit;
            if fits {
                whole.extend_from_slice(&data);
            }
        }
        linger(&mut body).await;
        Err(BodyError::TooLarge(limit))
    };
    tokio::time::timeout(WHOLE, read).await.unwrap_or(Err(BodyError::Slow))
}

/// Throws away what still comes: who is cut off while it sends does not read why.
async fn linger(body: &mut Body) {
    let rest = async { while let Some(Ok(_)) = body.frame().await {} };
    let _ = tokio::time::timeout(LINGER, rest).await;
}

fn failed(error: &axum::Error) -> BodyError {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(one) = cause {
        if one.is::<TimeoutError>() {
            return BodyError::Slow;
        }
        cause = one.source();
    }
    BodyError::Broken(error.to_string())
}

/// The body of a call of the API, up to `server.max_body_mib`. Refused in the shape of the envelope.
#[derive(Debug)]
pub(crate) struct Whole(pub(crate) Bytes);

impl FromRequest<AppState> for Whole {
    type Rejection = ApiReply;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiReply> {
        let mib = state.config.server.max_body_mib;
        let limit = usize::try_from(mib).unwrap_or(16) << 20;
        let read = read(request.into_body(), limit).await;
        read.map(Self).map_err(|error| {
            ApiReply(match error {
                BodyError::TooLarge(_) => RpcError::TooLarge(format!(
                    "the body is larger than {mib} MiB: send less at once, or raise server.max_body_mib"
                )),
                BodyError::Slow => RpcError::TooSlow(error.to_string()),
                BodyError::Broken(_) => RpcError::Malformed(error.to_string()),
            })
        })
    }
}
