//! The demonstration's screen: one line per step with what it proves and how long it took.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use owo_colors::OwoColorize;

/// Lines for people: a moving one while a step runs when this is a terminal, plain ones otherwise.
pub(crate) struct Screen {
    terminal: bool,
}

/// A step that runs.
pub(crate) struct Step<'a> {
    screen: &'a Screen,
    name: String,
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Screen {
    pub(crate) fn new() -> Self {
        Self { terminal: std::io::stdout().is_terminal() }
    }

    /// A heading.
    pub(crate) fn title(&self, text: &str) {
        if self.terminal { println!("\n{}\n", text.bold()) } else { println!("\n{text}\n") }
    }

    /// Begins a step.
    pub(crate) fn step(&self, name: &str) -> Step<'_> {
        let bar = self.terminal.then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template(" {spinner} {prefix:24} {wide_msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Step { screen: self, name: name.to_owned(), start: Instant::now(), bar }
    }
}

impl Step<'_> {
    /// What is being done now, in a long step.
    pub(crate) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(text.to_owned()),
            None => println!("   … {text}"),
        }
    }

    /// It worked; `proof` is what that shows.
    pub(crate) fn done(self, proof: &str) {
        let seconds = self.start.elapsed().as_secs_f64();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let name = &self.name;
        if self.screen.terminal {
            println!(" {} {:24} {proof} {}", "✔".green(), name.bold(), format!("{seconds:.1} s").dimmed());
        } else {
            println!(" ✔ {name:24} {proof} ({seconds:.1} s)");
        }
    }
}

impl Drop for Step<'_> {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take().filter(|bar| !bar.is_finished()) {
            bar.finish_and_clear();
            println!(" {} {}", "✘".red(), self.name.bold());
        }
    }
}
