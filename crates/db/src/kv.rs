//! Tables `account_value` and `system_value`: what clients keep, as JSON text.

use uuid::Uuid;

use crate::{DbError, Session};

/// The value of an account's key.
pub async fn get(client: &impl Session, account: Uuid, key: &str) -> Result<Option<String>, DbError> {
    let row = client.query_opt(include_str!("../queries/kv/get.sql"), &[&account, &key]).await?;
    row.map(|row| row.try_get("value").map_err(DbError::from)).transpose()
}

/// All keys of an account.
pub async fn keys(client: &impl Session, account: Uuid) -> Result<Vec<String>, DbError> {
    let rows = client.query(include_str!("../queries/kv/keys.sql"), &[&account]).await?;
    rows.iter().map(|row| Ok(row.try_get("key")?)).collect()
}

/// Keeps a value. False: it would be one key more than `most`.
pub async fn set(
    client: &impl Session,
    account: Uuid,
    key: &str,
    value: &str,
    most: i64,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/kv/set.sql");
    Ok(client.execute(sql, &[&account, &key, &value, &most]).await? == 1)
}

/// Deletes an account's key. False: there was none.
pub async fn delete(client: &impl Session, account: Uuid, key: &str) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/kv/delete.sql"), &[&account, &key]).await? == 1)
}

/// Keeps a value of the server.
pub async fn set_system(client: &impl Session, key: &str, value: &str) -> Result<(), DbError> {
    client.execute(include_str!("../queries/kv/set_system.sql"), &[&key, &value]).await.map(drop)
}

/// Deletes a key of the server. False: there was none.
pub async fn delete_system(client: &impl Session, key: &str) -> Result<bool, DbError> {
    Ok(client.execute(include_str!("../queries/kv/delete_system.sql"), &[&key]).await? == 1)
}
