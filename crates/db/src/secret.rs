//! Table `secret`: what all servers of one database must share (signing keys). What they are for is the server's business.
use jiff::Timestamp;

use crate::error::DbError;
use crate::session::Session;

/// The secret of this name, if there is one.
pub async fn get(client: &impl Session, name: &str) -> Result<Option<Vec<u8>>, DbError> {
    let row = client.query_opt(include_str!("../queries/secret/get.sql"), &[&name]).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// The secret of this name; the first server of all puts its own in. Every server gets the same.
pub async fn get_or_insert(
    client: &impl Session,
    name: &str,
    value: &[u8],
    now: Timestamp,
) -> Result<Vec<u8>, DbError> {
    if let Some(known) = get(client, name).await? {
        return Ok(known);
    }
    client.execute(include_str!("../queries/secret/insert.sql"), &[&name, &value, &now]).await?;
    get(client, name).await?.ok_or_else(|| DbError::Query {
        code: "client".into(),
        internal: format!("secret {name} went away while it was read"),
    })
}
