//! `ret.get_returns`: search returns.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use raas_api::{
    Page, Permission,
    ret::{FullRet, GetReturns, GetReturnsParams, Return, ReturnSort},
};
use raas_db::{
    Client, DbError, Only, body,
    ret::{self, Found, Search, SortBy},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Decided;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, tgt, words},
    scope,
};

/// History is not counted, and not sorted by other things than jids, beyond this.
const COUNTED: i64 = 10_000;
/// Returns of one job are counted up to this.
const OF_ONE_JOB: i64 = 100_000;

fn order(by: ReturnSort) -> SortBy {
    match by {
        ReturnSort::MinionId => SortBy::MinionId,
        ReturnSort::MasterId => SortBy::MasterId,
        ReturnSort::Fun => SortBy::Fun,
        ReturnSort::HasErrors => SortBy::HasErrors,
        ReturnSort::Jid => SortBy::Jid,
        ReturnSort::User => SortBy::User,
        ReturnSort::AlterTime => SortBy::AlterTime,
        ReturnSort::JobName => SortBy::JobName,
        ReturnSort::TgtName => SortBy::TgtName,
    }
}

impl Handle for GetReturns {
    async fn handle(ctx: &Ctx, params: GetReturnsParams) -> Result<Page<Return>, RpcError> {
        let limit = params.limit.unwrap_or(50);
        let rows = page::rows(params.page, limit)?;
        if let Some(jid) = params.jid.as_deref().filter(|jid| jid.parse::<raas_api::Jid>().is_err()) {
            return Err(RpcError::invalid("jid", format!("{jid:?}"), "20 digits, as 20260102030405000678"));
        }
        let order = params.sort_by.map(order);
        // Without a wish the newest come first.
        let reverse = params.reverse.unwrap_or(false) != order.is_none();
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::ReturnerRead).await?;
        let only = tgt::within(ctx, &client, params.match_tgt_uuid, only).await?;
        let master_uuid = match Decided::by(ctx, &client, params.master_id.as_deref()).await? {
            Decided::ByAny => None,
            Decided::By(master_uuid) => Some(master_uuid),
            Decided::ByNone => return Ok(Page { count: 0, limit, results: Vec::new() }),
        };
        let search = search(params, master_uuid, only);
        let order = (order.unwrap_or(SortBy::Jid), reverse);
        let counted = if search.jid.is_some() { OF_ONE_JOB } else { COUNTED };
        let first = search.is_of_a_master().then_some(&client);
        let known = count_by(first, &search, counted).await?;
        // Of a few minions both take their time: each return is looked up by its minion.
        let both = rows.limit.is_some() && !search.only.is_all();
        let spare = if both { ctx.state.db.spare().await } else { None };
        let (found, beside) = tokio::join!(
            ret::search(&client, &search, order, (rows.limit, rows.offset), (COUNTED, known)),
            count_by(spare.as_ref(), &search, counted),
        );
        // A page that shows all there is needs no count: then it does not matter whether it failed.
        let (found, beside) = (found?, beside.ok().flatten());
        let results: Vec<Return> = found.into_iter().map(reply).collect::<Result<_, _>>()?;
        let count = match page::whole(rows, results.len()).or(known).or(beside) {
            Some(count) => count,
            None => ret::count(&client, &search, counted).await?,
        };
        if count == counted {
            ctx.warn(format!(
                "there are {counted} returns or more: narrow the search to have all of them counted, and sorted in another \
                 order than that of jids"
            ));
        }
        Ok(Page { count, limit, results })
    }
}

/// How many there are, where somebody counts.
async fn count_by(client: Option<&Client>, search: &Search, bound: i64) -> Result<Option<i64>, DbError> {
    match client {
        Some(client) => ret::count(client, search, bound).await.map(Some),
        None => Ok(None),
    }
}

fn search(params: GetReturnsParams, master_uuid: Option<Uuid>, only: Only) -> Search {
    Search {
        jid: params.jid,
        master_uuid,
        minion_id: params.minion_id,
        fun: params.fun,
        user: params.user,
        args: params.args,
        highstate: params.highstate,
        start: params.start.map(String::from),
        end: params.end.map(String::from),
        has_errors: params.has_errors,
        cluster_id: params.cluster_id,
        only,
        job_uuid: params.job_uuid,
        job_name: params.job_name,
        tgt_uuid: params.tgt_uuid,
        tgt_name: params.tgt_name,
    }
}

fn reply(row: Found) -> Result<Return, RpcError> {
    let ret = words::packed(row.body.as_deref())?;
    let jid: raas_api::Jid = words::read(&row.jid, |text| text.parse().ok())?;
    let fun_args = words::json(&row.fun_args);
    let master_id = row.master_id.unwrap_or_default();
    let full_ret = FullRet {
        stamp: row.stamp.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string(),
        cmd: "_return".to_owned(),
        fun: row.fun.clone(),
        fun_args: fun_args.clone(),
        id: row.minion_id.clone(),
        jid: jid.clone(),
        master_id: master_id.clone(),
        retcode: row.retcode,
        ret: ret.clone(),
        success: row.success,
        extra: extra(row.extra.as_deref()),
    };
    Ok(Return {
        alter_time: row.alter_time,
        has_errors: !row.success || row.retcode != 0,
        full_ret,
        fun: row.fun,
        fun_args,
        jid,
        master: master_id,
        master_uuid: row.master_uuid,
        minion_id: row.minion_id,
        cluster_id: row.cluster_id,
        ret,
        original: row.original.as_deref().map(original).transpose()?,
        trimmed: row.trimmed,
    })
}

/// The other fields of the event; they never stand in the place of our own.
fn extra(text: Option<&str>) -> Map<String, Value> {
    let own = ["_stamp", "cmd", "fun", "fun_args", "id", "jid", "master_id", "retcode", "return", "success"];
    let Some(Value::Object(mut map)) = text.map(words::json) else { return Map::new() };
    map.retain(|key, _| !own.contains(&key.as_str()));
    map
}

fn original(packed: &[u8]) -> Result<String, RpcError> {
    let plain = body::unpack(packed).map_err(|error| RpcError::Internal(format!("stored bytes: {error}")))?;
    Ok(STANDARD.encode(plain))
}
