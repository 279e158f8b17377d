//! What the request port's replies mean.

use rmpv::Value;

use super::RequestError;
use super::key::KeyText;
use crate::msgpack;

/// What came of a publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Publication {
    /// It went out.
    Sent {
        /// Accepted keys that match; **not** who is connected.
        minions: Vec<String>,
        /// Named in a list, but without a key here.
        missing: Vec<String>,
    },
    /// No key of this master matches: nothing was published.
    MatchedNone,
}

/// A runner was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunnerStarted {
    /// Salt's own jid for it.
    pub jid: String,
}

/// What a wheel function returned.
#[derive(Clone, Debug, PartialEq)]
pub struct WheelReply {
    /// Salt's own jid for it.
    pub jid: Option<String>,
    /// As Salt says.
    pub success: bool,
    /// The value.
    pub ret: Value,
}

/// Sorts out refusals; what is left is the answer to the request.
pub(super) fn checked(answer: Value, key: &KeyText, address: &str) -> Result<Value, RequestError> {
    match &answer {
        Value::String(text) => {
            let text = text.as_str().unwrap_or("a text that is not readable").to_owned();
            if text == "bad load" {
                return Err(RequestError::Refused(text));
            }
            // "Some exception handling minion payload": it may have come before or after the deed.
            Err(RequestError::Failed { address: address.to_owned(), said: text })
        }
        Value::Map(_) => match msgpack::get(&answer, "error") {
            Some(error) => Err(refusal(error, key)),
            None => Ok(answer),
        },
        other => {
            let why = format!(
                "its answer is not understood: {}",
                other.to_string().chars().take(200).collect::<String>()
            );
            Err(RequestError::Unanswered { address: address.to_owned(), why })
        }
    }
}

fn refusal(error: &Value, key: &KeyText) -> RequestError {
    let message = msgpack::text(error, "message").or(error.as_str()).unwrap_or("no reason given").to_owned();
    match msgpack::text(error, "name") {
        Some("AuthenticationError" | "UserAuthenticationError" | "TokenAuthenticationError") => {
            RequestError::Authentication { key: key.path.clone(), message }
        }
        Some(name) => RequestError::Refused(format!("{name}: {message}")),
        None => RequestError::Refused(message),
    }
}

pub(super) fn publication(answer: &Value) -> Result<Publication, RequestError> {
    let Some(load) = msgpack::get(answer, "load") else {
        return Err(RequestError::Refused("Salt does not know the request `publish`".to_owned()));
    };
    if let Some(error) = msgpack::text(load, "error") {
        if error.contains("could not resolve minions") {
            return Ok(Publication::MatchedNone);
        }
        return Err(RequestError::Refused(error.to_owned()));
    }
    let minions = msgpack::texts(msgpack::get(load, "minions"));
    if minions.is_empty() && msgpack::text(load, "jid").is_none() {
        return Ok(Publication::MatchedNone);
    }
    Ok(Publication::Sent { minions, missing: msgpack::texts(msgpack::get(load, "missing")) })
}

pub(super) fn runner(answer: &Value, address: &str) -> Result<RunnerStarted, RequestError> {
    match msgpack::text(answer, "jid") {
        Some(jid) => Ok(RunnerStarted { jid: jid.to_owned() }),
        None => Err(strange("runner", address)),
    }
}

pub(super) fn wheel(answer: &Value, address: &str) -> Result<WheelReply, RequestError> {
    let data =
        msgpack::get(answer, "data").filter(|data| data.is_map()).ok_or_else(|| strange("wheel", address))?;
    Ok(WheelReply {
        jid: msgpack::text(data, "jid").map(str::to_owned),
        success: msgpack::get(data, "success").and_then(Value::as_bool).unwrap_or(false),
        ret: msgpack::get(data, "return").cloned().unwrap_or(Value::Nil),
    })
}

fn strange(request: &str, address: &str) -> RequestError {
    let why = format!("its answer to `{request}` has none of the fields that Salt gives");
    RequestError::Unanswered { address: address.to_owned(), why }
}
