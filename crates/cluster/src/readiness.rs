//! Are the minions of a cluster ready for what its kind needs of them? What each said of its configuration, in;
//! what is wrong with it, with its fix, out. Pure.

use std::collections::BTreeMap;

use raas_wire::ClusterKind;
use serde::{Deserialize, Serialize};

/// What a minion said of its configuration. Nothing else is asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How it holds to its masters.
    pub master_type: Option<String>,
    /// The masters it is configured with, in their order; empty where a hot-hot minion cannot say.
    pub masters: Vec<String>,
    /// Seconds between two looks whether its master is there; 0: it does not look.
    pub master_alive_interval: Option<f64>,
    /// Whether it goes back to the first master.
    pub master_failback: Option<bool>,
    /// Whether it takes its masters in a random order.
    pub random_master: Option<bool>,
    /// Seconds it waits when a master's name is not resolved; 0: it goes on to the next master.
    pub retry_dns: Option<f64>,
    /// Whether it keeps its returns.
    pub cache_jobs: Option<bool>,
    /// Seconds within which it signs in again at random, when a master's key changed.
    pub random_reauth_delay: Option<f64>,
}

/// What came of asking one minion.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Its settings.
    Said(Settings),
    /// It did not answer, or not what was asked; a clause says why.
    Nothing(String),
}

/// Something wrong with minions, as warnings of a cluster are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable word.
    pub code: String,
    /// What is wrong, with the values and some of the minions.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// All minions it is true of.
    pub minions: Vec<String>,
}

/// Minions named in a message.
const NAMED: usize = 3;

/// One rule: which minions break it, in their own value.
struct Rule {
    code: &'static str,
    /// What the minions do, as "do not look whether …".
    problem: &'static str,
    fix: &'static str,
    kinds: &'static [ClusterKind],
    /// The value that is wrong; none: it is right.
    wrong: fn(&Settings) -> Option<String>,
}

const FAILOVER: &[ClusterKind] = &[ClusterKind::Failover];
const HOT: &[ClusterKind] = &[ClusterKind::Hot];
const SEVERAL: &[ClusterKind] = &[ClusterKind::Failover, ClusterKind::Hot, ClusterKind::Native];
const ALL: &[ClusterKind] =
    &[ClusterKind::Failover, ClusterKind::Hot, ClusterKind::Native, ClusterKind::Single];

/// What each kind of cluster needs of its minions, the gravest first.
const RULES: &[Rule] = &[
    Rule {
        code: "minions_master_type",
        problem: "will not change to another master of this failover cluster",
        fix: "Set master_type: failover in their configuration and restart them.",
        kinds: FAILOVER,
        wrong: |has| unlike(has.master_type.as_deref().unwrap_or("str"), "failover", "master_type"),
    },
    Rule {
        code: "minions_master_type",
        problem: "are on one master at a time, though this is a hot-hot cluster",
        fix: "Set master_type: str in their configuration and restart them.",
        kinds: HOT,
        wrong: |has| unlike(has.master_type.as_deref().unwrap_or("str"), "str", "master_type"),
    },
    Rule {
        code: "minions_alive_interval",
        problem: "do not notice that their master is gone",
        fix: "Set master_alive_interval: 30 in their configuration and restart them.",
        kinds: FAILOVER,
        wrong: |has| not_positive(has.master_alive_interval, "master_alive_interval"),
    },
    Rule {
        code: "minions_retry_dns",
        problem: "wait for a master's name instead of going on to the next master",
        fix: "Set retry_dns: 0 in their configuration and restart them.",
        kinds: FAILOVER,
        wrong: |has| {
            has.retry_dns.filter(|seconds| *seconds != 0.0).map(|seconds| format!("retry_dns: {seconds}"))
        },
    },
    Rule {
        code: "minions_reauth_delay",
        problem: "all sign in again at the same moment when a key of a master changes",
        fix: "Set random_reauth_delay: 60 (10 where there are few) in their configuration and restart them.",
        kinds: SEVERAL,
        wrong: |has| not_positive(has.random_reauth_delay, "random_reauth_delay"),
    },
    Rule {
        code: "minions_cache_jobs",
        problem: "keep no returns, so that the result of a job whose master died cannot be fetched",
        fix: "Set cache_jobs: True in their configuration and restart them.",
        kinds: ALL,
        wrong: |has| (has.cache_jobs != Some(true)).then(|| "cache_jobs: False".to_owned()),
    },
];

fn unlike(has: &str, wants: &str, name: &str) -> Option<String> {
    (has != wants).then(|| format!("{name}: {has}"))
}

fn not_positive(value: Option<f64>, name: &str) -> Option<String> {
    match value {
        Some(seconds) if seconds > 0.0 => None,
        Some(seconds) => Some(format!("{name}: {seconds}")),
        None => Some(format!("{name} is not set")),
    }
}

/// Judges the minions of a cluster that has so many accepted masters.
pub fn judge(kind: ClusterKind, masters: usize, answers: &BTreeMap<String, Answer>) -> Vec<Finding> {
    let said: Vec<(&str, &Settings)> = answers
        .iter()
        .filter_map(|(id, answer)| match answer {
            Answer::Said(settings) => Some((id.as_str(), settings)),
            Answer::Nothing(_) => None,
        })
        .collect();
    let mut findings: Vec<Finding> = RULES
        .iter()
        .filter(|rule| rule.kinds.contains(&kind))
        .filter_map(|rule| breaks(rule, &said))
        .collect();
    if kind != ClusterKind::Single {
        findings.extend(lists_differ(&said));
        findings.extend(list_too_short(masters, &said));
    }
    findings.extend(silent(answers));
    findings
}

fn breaks(rule: &Rule, said: &[(&str, &Settings)]) -> Option<Finding> {
    let wrong: Vec<(&str, String)> =
        said.iter().filter_map(|(id, has)| Some((*id, (rule.wrong)(has)?))).collect();
    let first = &wrong.first()?.1;
    let same = wrong.iter().all(|(_, value)| value == first);
    let value =
        |(id, value): &(&str, String)| if same { (*id).to_owned() } else { format!("{id} ({value})") };
    let named = some_of(wrong.iter().map(value).collect());
    let values = if same { format!(" ({first})") } else { String::new() };
    Some(finding(rule.code, &wrong, &format!("{}{values}: {named}", rule.problem), rule.fix.to_owned()))
}

fn finding<T>(code: &str, wrong: &[(&str, T)], what: &str, fix: String) -> Finding {
    let minions = if wrong.len() == 1 { "1 minion:".to_owned() } else { format!("{} minions", wrong.len()) };
    Finding {
        code: code.to_owned(),
        message: format!("{minions} {what}"),
        fix,
        minions: wrong.iter().map(|(id, _)| (*id).to_owned()).collect(),
    }
}

/// The list that most have is right, and in its order unless the minions take it in a random one.
fn lists_differ(said: &[(&str, &Settings)]) -> Option<Finding> {
    let list = |has: &Settings| {
        let mut masters = has.masters.clone();
        if has.random_master == Some(true) {
            masters.sort();
        }
        masters
    };
    let told = || said.iter().filter(|(_, has)| !has.masters.is_empty());
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for (_, has) in told() {
        *counts.entry(list(has)).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|(_, count)| **count).map(|(list, _)| list.clone())?;
    let wrong: Vec<(&str, Vec<String>)> =
        told().map(|(id, has)| (*id, list(has))).filter(|(_, masters)| *masters != most).collect();
    if wrong.is_empty() {
        return None;
    }
    let named = wrong.iter().map(|(id, masters)| format!("{id} has {}", masters.join(", "))).collect();
    let most = most.join(", ");
    let what = format!("have another list of masters than most ({most}): {}", some_of(named));
    let fix =
        format!("Set the same list in the same order in all of them, as master: [{most}], and restart them.");
    Some(finding("minions_master_lists_differ", &wrong, &what, fix))
}

/// Who does not know a master cannot go to it.
fn list_too_short(masters: usize, said: &[(&str, &Settings)]) -> Option<Finding> {
    let short: Vec<(&str, usize)> = said
        .iter()
        .map(|(id, has)| (*id, has.masters.len()))
        .filter(|(_, known)| *known > 0 && *known < masters)
        .collect();
    if short.is_empty() {
        return None;
    }
    let named = short.iter().map(|(id, known)| format!("{id} knows {known}")).collect();
    let what = format!("do not know all {masters} masters of the cluster: {}", some_of(named));
    let fix =
        "Name every master of the cluster in master: of their configuration, and restart them.".to_owned();
    Some(finding("minions_master_list_short", &short, &what, fix))
}

fn silent(answers: &BTreeMap<String, Answer>) -> Option<Finding> {
    let silent: Vec<(&str, &str)> = answers
        .iter()
        .filter_map(|(id, answer)| match answer {
            Answer::Nothing(why) => Some((id.as_str(), why.as_str())),
            Answer::Said(_) => None,
        })
        .collect();
    if silent.is_empty() {
        return None;
    }
    let named = silent.iter().map(|(id, why)| format!("{id} ({why})")).collect();
    let what = format!("did not say how they are configured: {}", some_of(named));
    let fix = "Check again when they answer. A minion whose disable_modules names slsutil cannot be asked."
        .to_owned();
    Some(finding("minions_not_checked", &silent, &what, fix))
}

fn some_of(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let named = names.join("; ");
    if more == 0 { named } else { format!("{named} and {more} more") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Answer, Settings, judge};
    use raas_wire::ClusterKind::{self, Failover, Hot, Native, Single};

    fn ready(kind: ClusterKind) -> Settings {
        Settings {
            master_type: Some(if kind == Failover { "failover" } else { "str" }.to_owned()),
            masters: vec!["a".to_owned(), "b".to_owned()],
            master_alive_interval: Some(30.0),
            master_failback: Some(false),
            random_master: Some(false),
            retry_dns: Some(0.0),
            cache_jobs: Some(true),
            random_reauth_delay: Some(10.0),
        }
    }

    /// Codes and messages for three minions, of which the last is changed.
    fn told(kind: ClusterKind, change: impl Fn(&mut Settings)) -> Vec<(String, String)> {
        let mut odd = ready(kind);
        change(&mut odd);
        let answers: BTreeMap<String, Answer> = [("w1", ready(kind)), ("w2", ready(kind)), ("w3", odd)]
            .map(|(id, settings)| (id.to_owned(), Answer::Said(settings)))
            .into();
        judge(kind, 2, &answers).into_iter().map(|one| (one.code, one.message)).collect()
    }

    #[test]
    fn who_is_ready_is_not_told_of() {
        for kind in [Failover, Hot, Single, Native] {
            assert_eq!(told(kind, |_| {}), []);
        }
    }

    #[test]
    fn each_kind_has_its_own_needs() {
        type Case = (&'static str, fn(&mut Settings), &'static [ClusterKind]);
        let cases: [Case; 8] = [
            ("minions_master_type", |has| has.master_type = Some("str".into()), &[Failover]),
            ("minions_master_type", |has| has.master_type = Some("failover".into()), &[Hot]),
            ("minions_alive_interval", |has| has.master_alive_interval = Some(0.0), &[Failover]),
            ("minions_retry_dns", |has| has.retry_dns = Some(30.0), &[Failover]),
            ("minions_reauth_delay", |has| has.random_reauth_delay = None, &[Failover, Hot, Native]),
            ("minions_cache_jobs", |has| has.cache_jobs = None, &[Failover, Hot, Native, Single]),
            ("minions_master_lists_differ", |has| has.masters.reverse(), &[Failover, Hot, Native]),
            ("minions_master_lists_differ", |has| has.masters[1] = "c".into(), &[Failover, Hot, Native]),
        ];
        for (code, change, kinds) in cases {
            for kind in [Failover, Hot, Native, Single] {
                let told = told(kind, change);
                let codes: Vec<&str> = told.iter().map(|one| one.0.as_str()).collect();
                let expected: &[&str] = if kinds.contains(&kind) { &[code] } else { &[] };
                assert_eq!(codes, expected, "{code} in a {kind} cluster: {told:?}");
                assert!(
                    told.iter().all(|one| one.1.starts_with("1 minion: ") && one.1.contains("w3")),
                    "{told:?}"
                );
            }
        }
    }

    #[test]
    fn the_order_does_not_matter_to_who_takes_a_random_one() {
        let told = told(Failover, |has| {
            has.masters.reverse();
            has.random_master = Some(true);
        });
        assert_eq!(told, []);
    }

    #[test]
    fn a_list_that_lacks_a_master_of_the_cluster_is_told_of() {
        let answers: BTreeMap<String, Answer> =
            ["w1", "w2"].map(|id| (id.to_owned(), Answer::Said(ready(Failover)))).into();
        let told = judge(Failover, 3, &answers);
        assert_eq!(told[0].code, "minions_master_list_short");
        assert_eq!(
            told[0].message,
            "2 minions do not know all 3 masters of the cluster: w1 knows 2; w2 knows 2"
        );
    }

    #[test]
    fn who_did_not_answer_is_named() {
        let answers: BTreeMap<String, Answer> = (1..=5)
            .map(|n| (format!("w{n}"), Answer::Nothing("no answer".to_owned())))
            .chain([("w0".to_owned(), Answer::Said(ready(Failover)))])
            .collect();
        let told = judge(Failover, 2, &answers);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].code, "minions_not_checked");
        assert!(told[0].message.starts_with("5 minions did not say"), "{told:?}");
        assert!(told[0].message.ends_with("w3 (no answer) and 2 more"), "{told:?}");
    }
}
