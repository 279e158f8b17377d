//! Returns that decide: copied, with what they carry. The caller knows that none of them is there.

use std::collections::HashMap;

use bytes::BytesMut;
use jiff::{Timestamp, civil::Date};
use tokio_postgres::types::{IsNull, ToSql, Type, accepts, to_sql_checked};

use super::{NewReturn, Reporter};
use crate::{
    DbError, Session,
    body::{self, Body},
};

/// A packed value up to this size may stand in its return's own row: the row stays in its page.
const INLINE: usize = 1500;
/// A packed value up to this size does so even when others are equal: a reference and a look would cost more.
const TINY: usize = 96;

/// The columns of queries/ret/copy.sql.
const TYPES: [Type; 16] = [
    Type::DATE,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::UUID,
    Type::TEXT,
    Type::JSON,
    Type::BOOL,
    Type::INT8,
    Type::TIMESTAMPTZ,
    Type::TIMESTAMPTZ,
    Type::BYTEA,
    Type::JSON,
    Type::TEXT,
    Type::BOOL,
    Type::BYTEA,
];

pub(super) async fn store(
    client: &impl Session,
    day: Date,
    from: Reporter<'_>,
    now: Timestamp,
    new: &[&NewReturn<'_>],
) -> Result<(), DbError> {
    if new.is_empty() {
        return Ok(());
    }
    let inline = inline(new);
    let shared: Vec<(Date, &Body)> =
        new.iter().zip(&inline).filter(|(_, json)| json.is_none()).map(|(one, _)| (day, one.body)).collect();
    body::insert(client, &shared).await?;
    let args: Vec<Text<'_>> = new.iter().map(|one| Text(&one.fun_args)).collect();
    let extras: Vec<Option<Text<'_>>> = new.iter().map(|one| one.extra.as_deref().map(Text)).collect();
    let hashes: Vec<&[u8]> = new.iter().map(|one| one.body.hash.as_slice()).collect();
    let rows: Vec<Vec<&(dyn ToSql + Sync)>> = new
        .iter()
        .enumerate()
        .map(|(i, one)| -> Vec<&(dyn ToSql + Sync)> {
            vec![
                &one.day,
                &from.cluster_id,
                &one.jid,
                &one.minion_id,
                &from.master_uuid,
                &one.fun,
                &args[i],
                &one.success,
                &one.retcode,
                &one.stamp,
                &now,
                &hashes[i],
                &extras[i],
                &one.source,
                &one.trimmed,
                &inline[i],
            ]
        })
        .collect();
    client.copy_rows(include_str!("../../queries/ret/copy.sql"), &TYPES, &rows).await?;
    Ok(())
}

/// The values that stand in their own rows: small ones of which there is no second here.
fn inline<'a>(new: &[&NewReturn<'a>]) -> Vec<Option<&'a [u8]>> {
    let mut count = HashMap::<&[u8; 32], usize>::new();
    for one in new {
        *count.entry(&one.body.hash).or_default() += 1;
    }
    let own = |body: &'a Body| {
        let alone = count.get(&body.hash) == Some(&1);
        let fits = body.original.is_none() && body.json.len() <= if alone { INLINE } else { TINY };
        fits.then_some(&*body.json)
    };
    new.iter().map(|one| own(one.body)).collect()
}

/// JSON text as it is, for PostgreSQL to read.
#[derive(Debug)]
struct Text<'a>(&'a str);

impl ToSql for Text<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    accepts!(JSON);
    to_sql_checked!();
}
