//! Salt's own matchers, asked through a process of its Python.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use raas_lab::Venv;
use raas_target::{Published, Tgt};
use serde_json::{Value, json};

use super::fleet::Known;

/// The process; it ends with this.
pub(super) struct Salt {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Salt {
    pub(super) fn start(venv: &Venv) -> Self {
        let mut child = Command::new(venv.program("python"))
            .args(["-W", "ignore", "-c", include_str!("matchers.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (asks, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, asks, answers }
    }

    pub(super) fn fleet(&mut self, fleet: &[Known]) {
        let minions: Vec<Value> = fleet
            .iter()
            .map(|known| json!({"id": known.id, "grains": known.grains, "pillar": known.pillar}))
            .collect();
        assert_eq!(self.ask(&json!({"minions": minions})), json!(true));
    }

    /// For each case the places of the minions that would run the job.
    pub(super) fn minions_say(&mut self, cases: &[Published]) -> Vec<Vec<usize>> {
        self.say(cases, "minion")
    }

    /// For each case the places of the minions that the master expects.
    pub(super) fn master_says(&mut self, cases: &[Published]) -> Vec<Vec<usize>> {
        self.say(cases, "master")
    }

    fn say(&mut self, cases: &[Published], side: &str) -> Vec<Vec<usize>> {
        let cases: Vec<Value> = cases
            .iter()
            .map(|case| match &case.tgt {
                Tgt::Text(text) => json!({"tgt": text, "tgt_type": case.tgt_type}),
                Tgt::List(members) => json!({"tgt": members, "tgt_type": case.tgt_type}),
            })
            .collect();
        serde_json::from_value(self.ask(&json!({"cases": cases, "side": side}))).unwrap()
    }

    fn ask(&mut self, ask: &Value) -> Value {
        writeln!(self.asks, "{ask}").unwrap();
        self.asks.flush().unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("Salt's matchers said {line:?}: {e}"))
    }
}

impl Drop for Salt {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
