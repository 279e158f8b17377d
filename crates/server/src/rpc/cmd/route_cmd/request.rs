//! Parameters of `cmd.route_cmd` → what is asked for. Says exactly what is missing or contradicts, by parameter.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use raas_api::{
    CommandKind, Disposition, Jid,
    cmd::{RouteCmdArg, RouteCmdParams, RouteTarget},
};
use raas_wire::RunClient;

use super::origin::Origin;
use crate::{RpcError, job::Times};

/// Longest time a command may give a minion: a week.
const MAX_TIMEOUT_S: u32 = 7 * 24 * 3600;

/// A command that makes sense.
#[derive(Clone, Debug)]
pub(in crate::rpc::cmd) struct Request {
    pub(in crate::rpc::cmd) wanted: Wanted,
    pub(in crate::rpc::cmd) fun: String,
    pub(super) arg: RouteCmdArg,
    pub(super) jid: Option<Jid>,
    pub(super) timeout_ms: i64,
    /// The saved things that it comes from.
    pub(super) origin: Origin,
}

/// Where it shall happen.
#[derive(Clone, Debug)]
pub(in crate::rpc::cmd) enum Wanted {
    /// On minions: master or cluster id, or `*`, → target.
    Local(BTreeMap<String, RouteTarget>),
    /// On masters.
    Run { client: RunClient, masters: Vec<String>, disposition: Vec<Disposition> },
}

impl Request {
    pub(in crate::rpc::cmd) fn kind(&self) -> CommandKind {
        match &self.wanted {
            Wanted::Local(_) => CommandKind::Local,
            Wanted::Run { client: RunClient::Runner, .. } => CommandKind::Runner,
            Wanted::Run { client: RunClient::Wheel, .. } => CommandKind::Wheel,
        }
    }

    /// The masters and clusters named; none for all of them.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        let names: Vec<String> = match &self.wanted {
            Wanted::Local(tgt) => tgt.keys().cloned().collect(),
            Wanted::Run { masters, .. } => masters.clone(),
        };
        (names != ["*"]).then_some(names)
    }
}

/// Checks the parameters; saved things have been put in their places.
pub(super) fn read(params: RouteCmdParams, times: Times) -> Result<Request, RpcError> {
    let fun = function(params.fun.as_deref())?;
    let wanted = match params.cmd.unwrap_or(CommandKind::Local) {
        CommandKind::Local => local(&params)?,
        CommandKind::Runner => run(RunClient::Runner, &params)?,
        CommandKind::Wheel => run(RunClient::Wheel, &params)?,
    };
    let timeout_ms = match params.timeout {
        Some(seconds) if (1..=MAX_TIMEOUT_S).contains(&seconds) => i64::from(seconds) * 1000,
        Some(other) => {
            return Err(RpcError::invalid("timeout", other, format!("1 to {MAX_TIMEOUT_S} seconds")));
        }
        None if matches!(wanted, Wanted::Local(_)) => millis(times.timeout),
        None => millis(times.run),
    };
    let (arg, jid) = (params.arg.unwrap_or_default(), params.jid);
    Ok(Request { wanted, fun, arg, jid, timeout_ms, origin: Origin::default() })
}

fn millis(time: SignedDuration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

pub(in crate::rpc) fn function(fun: Option<&str>) -> Result<String, RpcError> {
    let expected = "a function, as \"test.ping\" (it may only be left out with job_uuid)";
    match fun {
        None => Err(RpcError::invalid("fun", "missing", expected)),
        Some(fun)
            if fun.is_empty()
                || fun.len() > 256
                || fun.contains(|c: char| c.is_whitespace() || c.is_control()) =>
        {
            Err(RpcError::invalid("fun", format!("{fun:?}"), expected))
        }
        Some(fun) => Ok(fun.to_owned()),
    }
}

fn local(params: &RouteCmdParams) -> Result<Wanted, RpcError> {
    if params.masters.is_some() {
        return Err(RpcError::invalid(
            "masters",
            "given",
            "nothing: it is for runner and wheel; a local command takes tgt",
        ));
    }
    if params.disposition.is_some() {
        return Err(RpcError::invalid("disposition", "given", "nothing: it is for runner and wheel"));
    }
    let tgt = params.tgt.clone().unwrap_or_default();
    places(&tgt)?;
    Ok(Wanted::Local(tgt))
}

/// Refuses a target without a place, or with `*` beside others.
pub(in crate::rpc) fn places(tgt: &BTreeMap<String, RouteTarget>) -> Result<(), RpcError> {
    if tgt.is_empty() {
        let expected = "what to target, by master or cluster id, as {\"eu-web\": {\"tgt\": \"*\", \"tgt_type\": \"glob\"}}";
        return Err(RpcError::invalid("tgt", "missing or empty", expected));
    }
    alone("tgt", tgt.keys())
}

fn run(client: RunClient, params: &RouteCmdParams) -> Result<Wanted, RpcError> {
    if params.tgt.is_some() {
        return Err(RpcError::invalid(
            "tgt",
            "given",
            "nothing: it is for local commands; a runner or wheel takes masters",
        ));
    }
    let named = params.masters.clone().unwrap_or_default();
    masters(&named)?;
    let disposition = params.disposition.clone().unwrap_or_default();
    for (one, other) in [
        (Disposition::AllMasters, Disposition::AnyMaster),
        (Disposition::AnyInCluster, Disposition::AllInCluster),
    ] {
        if disposition.contains(&one) && disposition.contains(&other) {
            return Err(RpcError::invalid("disposition", format!("{one} with {other}"), "one of the two"));
        }
    }
    Ok(Wanted::Run { client, masters: named, disposition })
}

/// Refuses no masters, or `*` beside others.
pub(in crate::rpc) fn masters(masters: &[String]) -> Result<(), RpcError> {
    if masters.is_empty() {
        return Err(RpcError::invalid("masters", "missing or empty", "master ids, cluster ids, or [\"*\"]"));
    }
    alone("masters", masters.iter())
}

fn alone<'a>(parameter: &str, mut names: impl ExactSizeIterator<Item = &'a String>) -> Result<(), RpcError> {
    if names.len() > 1 && names.any(|name| name == "*") {
        return Err(RpcError::invalid(parameter, "\"*\" beside others", "\"*\" alone, or names"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::{config, job::Times};
    use raas_api::cmd::RouteCmdParams;
    use serde_json::json;

    fn times() -> Times {
        Times::of(&config::load(&config::Layers::default()).unwrap())
    }

    fn refusal(params: serde_json::Value) -> String {
        let params: RouteCmdParams = serde_json::from_value(params).unwrap();
        read(params, times()).unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_names_the_parameter_and_what_it_wants() {
        let all = json!({"tgt": "*"});
        for (params, words) in [
            (json!({}), ["\"fun\" is missing", "test.ping"]),
            (json!({"fun": "a b"}), ["\"fun\"", "a b"]),
            (json!({"fun": "test.ping"}), ["\"tgt\" is missing", "eu-web"]),
            (
                json!({"fun": "test.ping", "masters": ["m"], "tgt": {"m": all}}),
                ["\"masters\"", "runner and wheel"],
            ),
            (json!({"fun": "test.ping", "tgt": {"m": all, "*": all}}), ["\"tgt\"", "alone"]),
            (json!({"fun": "x.y", "cmd": "runner"}), ["\"masters\" is missing", "cluster ids"]),
            (json!({"fun": "x.y", "cmd": "runner", "masters": ["*", "m"]}), ["\"masters\"", "alone"]),
            (
                json!({"fun": "x.y", "cmd": "wheel", "masters": ["*"], "tgt": {"m": all}}),
                ["\"tgt\"", "local"],
            ),
            (
                json!({"fun": "x.y", "cmd": "wheel", "masters": ["*"], "disposition": ["all-masters", "any-master"]}),
                ["\"disposition\"", "one of the two"],
            ),
            (json!({"fun": "test.ping", "tgt": {"*": all}, "timeout": 0}), ["\"timeout\" is 0", "seconds"]),
        ] {
            let said = refusal(params.clone());
            for word in words {
                assert!(said.contains(word), "{params} is refused with {said:?}, which lacks {word:?}");
            }
        }
    }
}
