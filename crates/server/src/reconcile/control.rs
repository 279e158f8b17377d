//! Commands that are being paused or resumed: once that was carried out, their state says so.

use raas_db::{Client, DbError, command};

use super::round::Round;
use crate::Change;

/// One after the other, so that it never holds two of them.
pub(super) async fn pass(round: &Round<'_>, client: &Client) -> Result<(), DbError> {
    for jid in command::controlled(client).await? {
        command::set_controlled(client, &jid).await?;
        round.state.notify_change(client, &Change::of("outcomes").of_job(&jid)).await?;
    }
    Ok(())
}
