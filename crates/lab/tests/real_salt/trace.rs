//! Jobs that leave a line in a file for each thing that happens, so that what really ran is counted and not believed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use raas_api::cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget};
use raas_api::{CommandKind, Jid};
use raas_lab::{Stage, wait};
use serde_json::json;

use super::PATIENCE;

/// A file that jobs write to: `<minion> <word>` in each line.
pub(super) struct Trace(PathBuf);

impl Trace {
    /// An empty one.
    pub(super) fn new(stage: &Stage, name: &str) -> Self {
        let path = stage.salt.dir().join(format!("trace-{name}"));
        std::fs::write(&path, "").unwrap();
        Self(path)
    }

    /// Whoever wrote this word, and how often.
    pub(super) fn who(&self, word: &str) -> BTreeMap<String, usize> {
        let mut who = BTreeMap::new();
        for line in std::fs::read_to_string(&self.0).unwrap().lines() {
            if let Some((id, said)) = line.split_once(' ')
                && said == word
            {
                *who.entry(id.to_owned()).or_default() += 1;
            }
        }
        who
    }

    /// What each minion wrote after `word` last, as the number in `pid 42`.
    pub(super) fn said(&self, word: &str) -> BTreeMap<String, u32> {
        let text = std::fs::read_to_string(&self.0).unwrap();
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines
            .filter_map(|(id, said)| Some((id.to_owned(), said.strip_prefix(word)?.trim().parse().ok()?)))
            .collect()
    }

    /// Where it is, for what writes to it by itself.
    pub(super) fn path(&self) -> &std::path::Path {
        &self.0
    }

    /// Waits until so many minions wrote this word.
    pub(super) async fn wait(&self, word: &str, minions: usize) {
        wait::until(&format!("{minions} minions to write {word:?}"), PATIENCE, || {
            let who = self.who(word);
            std::future::ready(if who.len() == minions { Ok(()) } else { Err(format!("{who:?}")) })
        })
        .await
        .unwrap();
    }

    /// Everybody wrote this word at most once.
    pub(super) fn assert_once(&self, word: &str) {
        let who = self.who(word);
        assert!(who.values().all(|times| *times == 1), "{word}: {who:?}");
    }

    /// Starts a runner on a cluster that runs a shell script on the master, in which `say WORD` writes a line.
    pub(super) async fn run(&self, stage: &Stage, cluster: &str, script: &str) -> Jid {
        let say = format!("say() {{ echo \"it $1\" >> {}; }}; ", self.0.display());
        let kwarg = json!({"python_shell": true});
        let params = RouteCmdParams {
            cmd: Some(CommandKind::Runner),
            fun: Some("salt.cmd".to_owned()),
            arg: Some(RouteCmdArg {
                arg: Some(vec![json!("cmd.run"), json!(say + script)]),
                kwarg: kwarg.as_object().cloned(),
            }),
            masters: Some(vec![cluster.to_owned()]),
            ..Default::default()
        };
        stage.api.call::<RouteCmd>(&params).await.unwrap()
    }

    /// A shell script for minions' `cmd.run` with `template: jinja`, in which `say WORD` writes a line.
    pub(super) fn script(&self, script: &str) -> String {
        format!("say() {{ echo \"{{{{ grains.id }}}} $1\" >> {}; }}; {script}", self.0.display())
    }

    /// Sends a shell script to a cluster, in which `say WORD` writes a line. A minion that is silent for `timeout` seconds
    /// is asked.
    pub(super) async fn job(&self, stage: &Stage, cluster: &str, script: &str, timeout: u32) -> Jid {
        let kwarg = json!({"template": "jinja", "python_shell": true});
        let tgt = BTreeMap::from([(cluster.to_owned(), RouteTarget::glob("*"))]);
        let params = RouteCmdParams {
            fun: Some("cmd.run".to_owned()),
            arg: Some(RouteCmdArg {
                arg: Some(vec![json!(self.script(script))]),
                kwarg: kwarg.as_object().cloned(),
            }),
            tgt: Some(tgt),
            timeout: Some(timeout),
            ..Default::default()
        };
        stage.api.call::<RouteCmd>(&params).await.unwrap()
    }
}
