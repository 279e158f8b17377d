//! What is printed.

use std::time::Duration;

use super::Size;
use crate::bench::figures::Figures;

/// The table of members.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: i64,
    pub(super) heap: i64,
    pub(super) indexes: i64,
    pub(super) minions: i64,
}

/// So many minions told other grains at once: until the members were current.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) minions: u32,
    pub(super) took: Figures,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) resolved: Duration,
    /// MiB.
    pub(super) peak_resolving: f64,
    pub(super) table: Table,
    /// By turns: no group looks at what changed; some do.
    pub(super) changes: Vec<Change>,
    /// Milliseconds.
    pub(super) saved: f64,
    pub(super) kept: Figures,
    pub(super) anew: Figures,
    /// MiB at the end, and at most.
    pub(super) idle: (f64, f64),
}

#[allow(clippy::cast_precision_loss, reason = "figures for people")]
pub(super) fn print(size: Size, report: &Report) {
    let Table { rows, heap, indexes, minions } = report.table;
    let resolved = report.resolved.as_secs_f64();
    println!(
        "\n{minions} minions, {} groups, {rows} members kept ({:.1} groups a minion)",
        size.groups,
        rows as f64 / minions as f64
    );
    println!(
        "all groups resolved as a whole, from the start of the server: {resolved:.1} s, {:.1} ms a group",
        resolved * 1e3 / f64::from(size.groups)
    );
    println!(
        "a new group of a quarter of the minions, by a grain, until it is resolved: {:.0} ms",
        report.saved
    );
    println!(
        "minions tell other grains at once, until all groups are current (p50, p90, minions a second at p50):"
    );
    for (n, Change { minions, took }) in report.changes.iter().enumerate() {
        let what = if n % 2 == 0 { "no group means others" } else { "groups mean others" };
        let p50 = took.percentile(50);
        println!(
            "  {minions:>6} minions, {what:<22}{p50:>9.0} ms{:>9.0} ms{:>9.0}/s",
            took.percentile(90),
            f64::from(*minions) * 1e3 / p50
        );
    }
    println!("members of the new group (p50, p90):");
    for (what, took) in [("kept", &report.kept), ("worked out anew", &report.anew)] {
        println!("  {what:<16}{:>9.0} ms{:>9.0} ms", took.percentile(50), took.percentile(90));
    }
    let mib = |bytes: i64| bytes as f64 / f64::from(1 << 20);
    println!(
        "the table of members: {:.0} MiB ({:.0} rows, {:.0} indexes), {:.0} bytes a member",
        mib(heap + indexes),
        mib(heap),
        mib(indexes),
        (heap + indexes) as f64 / rows.max(1) as f64
    );
    println!(
        "memory of the server: at most {:.0} MiB while it resolved all, {:.0} MiB in all, {:.0} MiB at the end",
        report.peak_resolving, report.idle.1, report.idle.0
    );
}
