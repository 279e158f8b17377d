//! The target of a stored command in words.

use raas_api::{
    CommandKind,
    cmd::{RouteTarget, TargetText},
};
use serde_json::Value;

/// What a command was aimed at, as far as one cluster is concerned; empty when it is not known.
pub(super) fn words(cmd: CommandKind, tgt: &str, cluster_id: &str, masters: &[String]) -> String {
    let asked: Value = serde_json::from_str(tgt).unwrap_or_default();
    if cmd != CommandKind::Local {
        let names = asked["masters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let names: Vec<String> = names.iter().filter_map(Value::as_str).map(|n| format!("{n:?}")).collect();
        return names.join(", ");
    }
    // A job that was seen on a master has one target; one that was asked for here has one per name.
    if let Ok(target) = serde_json::from_value::<RouteTarget>(asked.clone()) {
        return one(&target);
    }
    let Some(targets) = asked.as_object() else { return String::new() };
    let concerns =
        |name: &&String| *name == "*" || *name == cluster_id || masters.contains(name) || targets.len() == 1;
    let said: Vec<String> = targets
        .iter()
        .filter(|(name, _)| concerns(name))
        .filter_map(|(name, target)| {
            let target: RouteTarget = serde_json::from_value(target.clone()).ok()?;
            let of = if name == "*" { "every cluster".to_owned() } else { format!("{name:?}") };
            Some(format!("{} of {of}", one(&target)))
        })
        .collect();
    said.join(" and ")
}

fn one(target: &RouteTarget) -> String {
    match &target.tgt {
        TargetText::Text(text) => format!("{text:?} ({})", target.tgt_type),
        TargetText::List(ids) if ids.len() <= 5 => format!("{} (list)", ids.join(",")),
        TargetText::List(ids) => format!("a list of {}", ids.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use raas_api::CommandKind::{Local, Runner};

    #[test]
    fn a_target_is_said_as_far_as_the_cluster_is_concerned() {
        let two = r#"{"eu-web": {"tgt": "w*", "tgt_type": "glob"}, "eu-db": {"tgt": ["a", "b"], "tgt_type": "list"}}"#;
        assert_eq!(words(Local, two, "eu-web", &[]), "\"w*\" (glob) of \"eu-web\"");
        assert_eq!(words(Local, two, "eu-db", &[]), "a,b (list) of \"eu-db\"");
        let all = r#"{"*": {"tgt": "*", "tgt_type": "glob"}}"#;
        assert_eq!(words(Local, all, "eu-web", &[]), "\"*\" (glob) of every cluster");
        assert_eq!(words(Local, r#"{"tgt": "*", "tgt_type": "glob"}"#, "eu-web", &[]), "\"*\" (glob)");
        assert_eq!(
            words(Runner, r#"{"masters": ["eu-web"], "disposition": []}"#, "eu-web", &[]),
            "\"eu-web\""
        );
        assert_eq!(words(Local, "null", "eu-web", &[]), "");
    }
}
