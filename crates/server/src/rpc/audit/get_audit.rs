//! `audit.get_audit`

use raas_api::{
    Page, Permission,
    audit::{AuditEventType, AuditSort, AuditedEvent, GetAudit, GetAuditParams},
};
use raas_db::audit::{self, Found, Search, SortBy};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, words},
    scope,
};

/// The audit is not counted, and not sorted by other things than time, beyond this.
const COUNTED: i64 = 10_000;

impl Handle for GetAudit {
    async fn handle(ctx: &Ctx, params: GetAuditParams) -> Result<Page<AuditedEvent>, RpcError> {
        let (rows, limit) = (page::rows(params.page, params.limit)?, params.limit);
        if params.account_uuid.is_some() && params.username.is_some() {
            let why = "account_uuid and username exclude each other: give one of them";
            return Err(RpcError::Unusable(why.to_owned()));
        }
        let order = order(&params);
        let mut search = search(params);
        if !scope::is_everywhere(&ctx.actor, Permission::AuditRead) {
            // What others did names minions that are not theirs to know.
            search.only_of = Some(ctx.actor.account_uuid);
            ctx.warn("only your own rows are shown: your account is limited to some minions");
        }
        let client = ctx.state.db.client().await?;
        let found = audit::search(&client, &search, order, (rows.limit, rows.offset), COUNTED).await?;
        let results: Vec<AuditedEvent> = found.into_iter().map(shown).collect::<Result<_, _>>()?;
        let count = match page::whole(rows, results.len()) {
            Some(count) => count,
            None => audit::count(&client, &search, COUNTED).await?,
        };
        if count == COUNTED {
            ctx.warn(format!(
                "there are {COUNTED} rows or more: in another order than that of time only the newest {COUNTED} are \
                 sorted; narrow the search to have all of them counted and sorted"
            ));
        }
        Ok(Page { count, limit, results })
    }
}

/// Without a wish the newest come first.
fn order(params: &GetAuditParams) -> (SortBy, bool) {
    let by = match params.sort_by {
        None | Some(AuditSort::StartTime) => SortBy::StartTime,
        Some(AuditSort::EndTime) => SortBy::EndTime,
        Some(AuditSort::Username) => SortBy::Username,
        Some(AuditSort::EventType) => SortBy::EventType,
        Some(AuditSort::EventName) => SortBy::EventName,
        Some(AuditSort::Failed) => SortBy::Failed,
        Some(AuditSort::ElapsedMsec) => SortBy::Elapsed,
    };
    (by, params.reverse != params.sort_by.is_none())
}

fn search(params: GetAuditParams) -> Search {
    let (from, to) = params.daterange.unzip();
    Search {
        account_uuid: params.account_uuid,
        username: params.username,
        session_uuid: params.session_uuid,
        event_type: params.event_type.map(AuditEventType::as_str),
        event_name: params.event_name,
        failed: params.failed,
        from,
        to,
        elapsed_min: params.elapsed_msec_min,
        elapsed_max: params.elapsed_msec_max,
        only_of: None,
    }
}

fn shown(row: Found) -> Result<AuditedEvent, RpcError> {
    let elapsed = row.end_time.duration_since(row.start_time).as_millis();
    Ok(AuditedEvent {
        id: row.audit_id,
        start_time: row.start_time,
        end_time: row.end_time,
        event_type: words::read(&row.event_type, AuditEventType::from_word)?,
        event_name: row.event_name,
        username: row.username,
        account_uuid: row.account_uuid,
        session_uuid: row.session_uuid,
        failed: row.failed,
        event_data: words::json(&row.event_data),
        address: row.address,
        elapsed_msec: i64::try_from(elapsed).unwrap_or(i64::MAX),
        number: row.number,
    })
}
