//! `admin.get_dead_letters`: the list, or one of them with what it says.

use raas_api::{
    Page,
    admin::{DeadLetter, GetDeadLetters, GetDeadLettersParams},
};
use raas_db::{dead_letter, pattern};
use serde_json::Value;

use crate::{
    Ctx, RpcError,
    link::reports::letter_text,
    rpc::{Handle, page},
};

/// Longest record that is shown, in bytes of its text.
const LONGEST: usize = 1 << 20;

impl Handle for GetDeadLetters {
    async fn handle(ctx: &Ctx, params: GetDeadLettersParams) -> Result<Page<DeadLetter>, RpcError> {
        if params.include_record && params.dead_letter_id.is_none() {
            return Err(RpcError::Unusable(
                "include_record wants a dead_letter_id: one at a time".to_owned(),
            ));
        }
        let rows = page::rows(params.page, params.limit)?;
        let ids = params.dead_letter_id.map(|id| vec![id]);
        let master_id = params.master_id.as_deref().filter(|id| *id != "*").map(pattern::glob);
        let which = dead_letter::Which {
            ids: ids.as_deref(),
            master_id: master_id.as_deref(),
            kind: params.kind.as_deref(),
        };
        let client = ctx.state.db.client().await?;
        let (count, letters) =
            dead_letter::page(&client, which, (rows.limit.unwrap_or(-1), rows.offset)).await?;
        let mut results: Vec<DeadLetter> = letters.into_iter().map(shown).collect();
        if let Some(one) = results.first_mut().filter(|_| params.include_record) {
            let record = dead_letter::record(&client, one.dead_letter_id).await?;
            one.record = record.and_then(|record| content(ctx, &record));
        }
        Ok(Page { count, limit: params.limit, results })
    }
}

fn shown(letter: dead_letter::DeadLetter) -> DeadLetter {
    DeadLetter {
        dead_letter_id: letter.dead_letter_id,
        master_id: letter.master_id,
        cluster_id: letter.cluster_id,
        kind: letter.kind,
        reason: letter.reason,
        at: letter.at,
        tries: letter.tries,
        tried_at: letter.tried_at,
        epoch: letter.epoch,
        n: letter.n,
        size: letter.size,
        record: None,
    }
}

fn content(ctx: &Ctx, record: &[u8]) -> Option<Value> {
    match letter_text(record) {
        Ok(text) if text.as_str().len() > LONGEST => {
            ctx.warn(format!("the record has {} bytes: too long to be shown", text.as_str().len()));
            None
        }
        Ok(text) => Some(text.value()),
        Err(why) => {
            ctx.warn(why);
            None
        }
    }
}
