//! A row of the audit from what is known of a call.

use jiff::Timestamp;
use raas_api::audit::AuditEventType;
use raas_db::audit::Event;
use serde_json::{Value, json};

use crate::{Actor, auth::Caller};

/// A call that is audited: known once its parameters have their names.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    /// `resource.method`
    pub(crate) name: String,
    /// Its parameters without secrets.
    pub(crate) params: Value,
    /// When it began.
    pub(crate) began: Timestamp,
}

impl Act {
    /// The row; `refused` is what the caller was told instead.
    pub(crate) fn event(&self, actor: &Actor, now: Timestamp, refused: Option<&str>) -> Event {
        let mut data = json!({"params": self.params});
        if let Some(message) = refused {
            data["error"] = json!(message);
        }
        Event {
            start_time: self.began,
            end_time: now,
            event_type: AuditEventType::Rpc.as_str(),
            event_name: self.name.clone(),
            username: actor.username.clone(),
            account_uuid: Some(actor.account_uuid),
            session_uuid: actor.session_uuid,
            address: actor.address.map(|address| address.to_string()),
            failed: refused.is_some(),
            event_data: data.to_string(),
        }
    }
}

/// Something that the server does by itself.
pub(crate) fn system(name: &str, now: Timestamp, data: &Value) -> Event {
    Event {
        start_time: now,
        end_time: now,
        event_type: AuditEventType::System.as_str(),
        event_name: name.to_owned(),
        username: "system".to_owned(),
        account_uuid: None,
        session_uuid: None,
        address: None,
        failed: false,
        event_data: data.to_string(),
    }
}

/// Somebody came with a token that is refused. Whose it was is not known.
pub(crate) fn token(caller: &Caller, now: Timestamp, refused: &str) -> Event {
    Event { event_name: "token".to_owned(), ..login("unknown", None, caller, now, Some(refused)) }
}

/// Somebody signed in, or tried to.
pub(crate) fn login(
    username: &str,
    actor: Option<&Actor>,
    caller: &Caller,
    now: Timestamp,
    refused: Option<&str>,
) -> Event {
    let mut data = json!({"user_agent": caller.user_agent});
    if let Some(message) = refused {
        data["note"] = json!(message);
    }
    Event {
        event_type: AuditEventType::Auth.as_str(),
        username: username.to_owned(),
        account_uuid: actor.map(|actor| actor.account_uuid),
        address: caller.address.map(|address| address.to_string()),
        failed: refused.is_some(),
        ..system("login", now, &data)
    }
}
