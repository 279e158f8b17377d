//! Columns that hold one of a closed set of words.

use raas_wire::{ClusterKind, MasterKeyState, SaltState};
use tokio_postgres::Row;

use crate::error::DbError;

/// Reads a column whose CHECK constraint allows only known words.
pub(crate) fn get<T>(row: &Row, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
    let text: &str = row.try_get(column)?;
    read(text).ok_or_else(|| unknown(column, text))
}

/// The same for a column that may be null.
pub(crate) fn get_opt<T>(
    row: &Row,
    column: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, DbError> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| read(text).ok_or_else(|| unknown(column, text))).transpose()
}

fn unknown(column: &str, text: &str) -> DbError {
    DbError::Query {
        code: "client".into(),
        internal: format!("column {column} holds the unknown word {text:?}"),
    }
}

pub(crate) fn kind(row: &Row) -> Result<ClusterKind, DbError> {
    get(row, "kind", ClusterKind::from_word)
}

pub(crate) fn key_state(row: &Row, column: &str) -> Result<MasterKeyState, DbError> {
    get(row, column, MasterKeyState::from_word)
}

pub(crate) fn salt_state(row: &Row) -> Result<Option<SaltState>, DbError> {
    get_opt(row, "salt_state", SaltState::from_word)
}
