//! `auth.get_ws_ticket`

use crate::{NoParams, method};

method!(
    GetWsTicket,
    "auth",
    "get_ws_ticket",
    NoParams,
    String,
    "A ticket that opens one `/stream?ticket=…` within 60 seconds, for clients that cannot send an Authorization header there."
);
