//! `page` and `limit`, and words that must be one of a closed list: the same for every list of commands and returns.

use crate::RpcError;

/// A page: how many rows (none: all), from which one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) limit: Option<i64>,
    pub(crate) offset: i64,
}

/// Reads `page` and `limit`; -1 means all.
pub(crate) fn rows(page: Option<u32>, limit: i64) -> Result<Rows, RpcError> {
    match limit {
        -1 => Ok(Rows { limit: None, offset: 0 }),
        0.. => Ok(Rows { limit: Some(limit), offset: i64::from(page.unwrap_or(0)).saturating_mul(limit) }),
        other => Err(RpcError::invalid("limit", other, "-1 (all), 0 or more")),
    }
}

/// The one of `allowed` that is called `word`; the first when none is given.
pub(crate) fn one_of<T: Copy>(
    parameter: &str,
    word: Option<&str>,
    allowed: &[(&str, T)],
    default: T,
) -> Result<T, RpcError> {
    let Some(word) = word else { return Ok(default) };
    allowed.iter().find(|(name, _)| *name == word).map(|(_, one)| *one).ok_or_else(|| {
        let names: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
        RpcError::invalid(parameter, format!("{word:?}"), format!("one of {}", names.join(", ")))
    })
}

/// How many there are in all, when this page already shows it.
pub(crate) fn whole(rows: Rows, shown: usize) -> Option<i64> {
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    match rows.limit {
        None => Some(shown),
        Some(limit) if rows.offset == 0 && shown < limit => Some(shown),
        Some(_) => None,
    }
}
