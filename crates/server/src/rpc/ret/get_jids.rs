//! `ret.get_jids`: jobs by their jids, in the words of Salt's returners.

use std::collections::{BTreeMap, HashSet};

use raas_api::{
    Permission,
    cmd::RouteCmdArg,
    ret::{GetJids, GetJidsParams, JidInstance},
};
use raas_db::command::{self, Command};
use serde_json::Value;

use crate::{
    Ctx, RpcError, job,
    rpc::{Handle, words},
    scope,
};

/// A reply holds no more jobs than this.
const MOST: i64 = 10_000;

impl Handle for GetJids {
    async fn handle(ctx: &Ctx, params: GetJidsParams) -> Result<BTreeMap<String, JidInstance>, RpcError> {
        let limit = match params.limit {
            None => MOST,
            Some(limit @ 0..) => limit.min(MOST),
            Some(other) => return Err(RpcError::invalid("limit", other, "0 or more")),
        };
        let (start, end) = (params.start.map(String::from), params.end.map(String::from));
        let client = ctx.state.db.client().await?;
        // One more than wanted tells whether there are more.
        let more = limit.saturating_add(1);
        let mut found = command::between(&client, start.as_deref(), end.as_deref(), more).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        if found.len() > wanted {
            found.truncate(wanted);
            ctx.warn(format!(
                "there are more than these {limit} jobs, which are the newest; ask on with end"
            ));
        }
        let only = scope::minions(ctx, &client, Permission::ReturnerRead).await?;
        let jids = found.iter().map(|one| one.jid.clone()).collect();
        let seen: HashSet<String> = command::seen(&client, jids, &only).await?.into_iter().collect();
        found.retain(|one| seen.contains(&one.jid));
        Ok(found.into_iter().map(|one| (one.jid.clone(), shown(one))).collect())
    }
}

fn shown(command: Command) -> JidInstance {
    let arg: RouteCmdArg = serde_json::from_str(&command.arg).unwrap_or_default();
    let (target, target_type) = target(words::json(&command.tgt), command.source == "salt");
    JidInstance {
        function: command.fun,
        arguments: job::salt_args(&arg),
        target,
        target_type,
        user: command.user_name,
        start_time: command.created_at,
    }
}

/// A target of Salt's is one; of ours each entity has its own.
fn target(asked: Value, of_salt: bool) -> (Value, Option<String>) {
    let one = match asked.as_object() {
        _ if of_salt => Some(&asked),
        Some(map) if map.len() == 1 => map.values().next(),
        _ => None,
    };
    match one.and_then(|one| Some((one.get("tgt")?, one.get("tgt_type")?.as_str()?))) {
        Some((tgt, tgt_type)) => (tgt.clone(), Some(tgt_type.to_owned())),
        None => (asked, None),
    }
}

#[cfg(test)]
mod tests {
    use super::target;
    use serde_json::json;

    #[test]
    fn one_target_is_shown_as_salt_shows_it_and_several_by_entity() {
        let web = json!({"tgt": "web*", "tgt_type": "glob"});
        let shown = (json!("web*"), Some("glob".to_owned()));
        assert_eq!(target(web.clone(), true), shown);
        assert_eq!(target(json!({"eu": web}), false), shown);
        let two = json!({"eu": web, "us": web});
        assert_eq!(target(two.clone(), false), (two, None));
        let run = json!({"masters": ["*"], "disposition": []});
        assert_eq!(target(run.clone(), false), (run, None));
    }
}
