//! Running programs: quietly with their words on failure, or openly with a count of the tests they report.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed.
    pub(crate) failed: u64,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The command as a person would type it.
pub(crate) fn words(command: &Command) -> String {
    let parts: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    parts.join(" ")
}

/// Runs it and returns what it printed; its errors become ours.
pub(crate) fn quiet(command: &mut Command) -> Result<String> {
    let what = words(command);
    let out = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run `{what}`"))?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    if !out.status.success() {
        bail!("`{what}` failed ({}):\n{text}{}", out.status, String::from_utf8_lossy(&out.stderr));
    }
    Ok(text)
}

/// Runs it with its output shown.
pub(crate) fn open(command: &mut Command) -> Result<()> {
    let what = words(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot run `{what}`"))?;
    if !status.success() {
        bail!("`{what}` failed ({status})");
    }
    Ok(())
}

/// Runs it with its output shown and counts the tests that it reports.
pub(crate) fn counted(command: &mut Command) -> Result<Count> {
    let what = words(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{what}`"))?;
    let mut count = Count::default();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n').map_while(Result::ok) {
            let text = String::from_utf8_lossy(&line);
            count += count_of_line(&text);
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }
    let status = child.wait().with_context(|| format!("cannot wait for `{what}`"))?;
    if !status.success() {
        bail!("`{what}` failed ({status})");
    }
    Ok(count)
}

/// Reads the closing lines of cargo test (`test result: ok. 3 passed; 0 failed; …`), Vitest (`Tests  3 passed (3)`) and
/// Playwright (`  3 passed (8.1s)`).
fn count_of_line(line: &str) -> Count {
    let words: Vec<&str> = line.split_whitespace().collect();
    let closing = match words.as_slice() {
        ["test", "result:", ..] | ["Tests", ..] => true,
        [number, "passed" | "failed", ..] => number.parse::<u64>().is_ok(),
        _ => false,
    };
    let before = |word: &str| {
        words
            .windows(2)
            .find(|pair| pair[1].trim_end_matches([';', ',', '.']) == word)
            .and_then(|pair| pair[0].parse().ok())
            .unwrap_or(0)
    };
    if closing { Count { passed: before("passed"), failed: before("failed") } } else { Count::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_three_runners_are_read_and_nothing_else() {
        let count = |line: &str| {
            let count = count_of_line(line);
            (count.passed, count.failed)
        };
        assert_eq!(count("test result: ok. 12 passed; 0 failed; 0 ignored; finished in 0.1s"), (12, 0));
        assert_eq!(count("      Tests  1 failed | 7 passed (8)"), (7, 1));
        assert_eq!(count("  3 passed (8.1s)"), (3, 0));
        assert_eq!(count("test the_3_passed_gates ... ok"), (0, 0));
        assert_eq!(count(" Test Files  2 passed (2)"), (0, 0));
    }
}
