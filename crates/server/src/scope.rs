//! Limits to some minions: read, and matched. Where they hold is the business of each method.

use raas_api::{Scope, cmd::TargetText};
use raas_target::{Target, TargetInput};

use crate::RpcError;

/// One entry of a limit: a cluster id or `*`, and who is meant there.
type Entry = (String, Target);

/// Parses a limit; `parameter` names it in refusals.
pub(crate) fn parse(parameter: &str, scope: &Scope) -> Result<Vec<Entry>, RpcError> {
    let one = |(cluster, asked): (&String, &raas_api::cmd::RouteTarget)| {
        let (input, words) = match &asked.tgt {
            TargetText::Text(text) => (TargetInput::Text(text), format!("{text:?} ({})", asked.tgt_type)),
            TargetText::List(ids) => {
                (TargetInput::List(ids), format!("{} ids ({})", ids.len(), asked.tgt_type))
            }
        };
        let target = Target::parse(input, &asked.tgt_type)
            .map_err(|error| RpcError::wrong(&format!("{parameter}.{cluster}"), words, error.to_string()))?;
        Ok((cluster.clone(), target))
    };
    scope.iter().map(one).collect()
}
