//! Answers as a table, JSON or YAML.

use std::{borrow::Cow, io::Write as _};

use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use serde::Serialize;

use crate::door::Output;

/// Prints `value`; as a table, these rows under these headings.
pub(crate) fn show<T: Serialize>(
    output: Output,
    value: &T,
    headings: &[&str],
    rows: impl FnOnce() -> Vec<Vec<String>>,
) -> anyhow::Result<()> {
    if output != Output::Table {
        return done(output, value);
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(headings.iter().map(|heading| heading.to_uppercase()));
    for row in rows() {
        table.add_row(row.iter().map(|cell| plain(cell)));
    }
    print(&table.to_string())
}

/// Text for a terminal that cannot command it: minions choose what they return, and a terminal obeys control characters. Lines
/// and tabs stay.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let commands = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| if commands(c) { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Prints a line, or several, for people.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    print(&plain(text))
}

/// What was done, for people: one sentence. Programs get it all at once, by [`done`].
pub(crate) fn say(output: Output, sentence: &str) -> anyhow::Result<()> {
    if output == Output::Table { line(sentence) } else { Ok(()) }
}

/// What was done, for programs.
pub(crate) fn done<T: Serialize>(output: Output, value: &T) -> anyhow::Result<()> {
    match output {
        Output::Json => print(&serde_json::to_string_pretty(value)?),
        Output::Yaml => print(serde_yaml::to_string(value)?.trim_end()),
        Output::Table => Ok(()),
    }
}

/// Prints a line, or several. A reader that closes its end has seen enough.
fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// The server's warnings, where people look but pipes do not.
pub(crate) fn warn(warnings: &[String]) {
    for warning in warnings {
        eprintln!("raas: warning: {}", plain(warning));
    }
}

/// A time as people read it, or `-`.
pub(crate) fn time(at: Option<jiff::Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_a_minion_returns_commands_no_terminal() {
        assert_eq!(plain("a\x1b]0;owned\x07b\u{9b}31m\r"), "a\\u{1b}]0;owned\\u{7}b\\u{9b}31m\\r");
        assert_eq!(plain("two\n\tlines, \u{e9}\u{1f600}"), "two\n\tlines, \u{e9}\u{1f600}");
    }
}
