//! Figures of repeated measurements: medians, spread, and ratios within one run.

use std::fmt::Write as _;

/// Repeated measurements of one thing, in milliseconds, ascending.
#[derive(Clone, Debug)]
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    pub(crate) fn of(mut measured: Vec<f64>) -> Self {
        measured.sort_by(f64::total_cmp);
        Self(measured)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The measurement below which `hundredths` of them are.
    pub(crate) fn percentile(&self, hundredths: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * hundredths / 100).copied().unwrap_or(f64::NAN)
    }
}

/// One line per thing: p50, p90, and the ratio of its median to the median of `to`.
pub(crate) fn table(to: &Figures, lines: &[(&str, Figures)]) -> String {
    let mut text = format!("{:<48}{:>10}{:>10}{:>10}\n", "", "p50 ms", "p90 ms", "ratio");
    for (name, figures) in lines {
        let (median, high) = (figures.percentile(50), figures.percentile(90));
        let ratio = median / to.percentile(50);
        // Writing to a String does not fail.
        let _ = writeln!(text, "{name:<48}{median:>10.1}{high:>10.1}{ratio:>10.3}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Figures, table};

    #[test]
    fn a_line_has_median_spread_and_ratio() {
        let (cli, ours) = (Figures::of(vec![1000.0, 900.0, 1100.0]), Figures::of(vec![130.0, 100.0, 90.0]));
        let text = table(&cli, &[("raas", ours)]);
        let words: Vec<&str> = text.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(words, ["raas", "100.0", "100.0", "0.100"]);
    }
}
