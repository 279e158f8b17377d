//! What is printed: a line for each case, the slowest first, and which miss the goal.

use std::process::ExitCode;

use serde_json::Value;

use crate::bench::figures::Figures;

/// The goal, in milliseconds.
const GOAL: f64 = 50.0;

/// What came of one case.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) figures: Figures,
    /// Rows of the reply.
    pub(super) rows: usize,
}

/// Prints all; fails when one misses the goal.
pub(super) fn print<'a>(
    known: &Value,
    mut lines: Vec<Line>,
    left_out: impl Iterator<Item = (&'a str, &'a str)>,
) -> ExitCode {
    lines.sort_by(|a, b| b.figures.percentile(99).total_cmp(&a.figures.percentile(99)));
    println!("\n{} minions, {} returns", known["size"]["minions"], known["size"]["returns"]);
    println!("{:>9}{:>9}{:>7}{:>8}", "p50 ms", "p99 ms", "calls", "rows");
    let mut missed = 0;
    for Line { name, figures, rows } in &lines {
        let (p50, p99) = (figures.percentile(50), figures.percentile(99));
        let slow = p99 > GOAL;
        missed += usize::from(slow);
        let mark = if slow { "  MISSED" } else { "" };
        println!("{p50:>9.1}{p99:>9.1}{:>7}{rows:>8}  {name}{mark}", figures.len());
    }
    for (method, why) in left_out {
        println!("not measured: {method}: {why}");
    }
    println!("{missed} of {} cases miss the goal: p99 ≤ {GOAL} ms", lines.len());
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
