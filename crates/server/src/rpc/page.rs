//! `page` and `limit`, and words that must be one of a closed list: the same for every list of commands and returns.

use std::cmp::Ordering;

use crate::RpcError;

/// A page: how many rows (none: all), from which one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) limit: Option<i64>,
    pub(crate) offset: i64,
}

/// Reads `page` and `limit`; -1 means all.
pub(crate) fn rows(page: Option<u32>, limit: i64) -> Result<Rows, RpcError> {
    match limit {
        -1 => Ok(Rows { limit: None, offset: 0 }),
        0.. => Ok(Rows { limit: Some(limit), offset: i64::from(page.unwrap_or(0)).saturating_mul(limit) }),
        other => Err(RpcError::invalid("limit", other, "-1 (all), 0 or more")),
    }
}

/// The one of `allowed` that is called `word`; the first when none is given.
pub(crate) fn one_of<T: Copy>(
    parameter: &str,
    word: Option<&str>,
    allowed: &[(&str, T)],
    default: T,
) -> Result<T, RpcError> {
    let Some(word) = word else { return Ok(default) };
    allowed.iter().find(|(name, _)| *name == word).map(|(_, one)| *one).ok_or_else(|| {
        let names: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
        RpcError::invalid(parameter, format!("{word:?}"), format!("one of {}", names.join(", ")))
    })
}

/// How many there are in all, when this page already shows it.
pub(crate) fn whole(rows: Rows, shown: usize) -> Option<i64> {
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    match rows.limit {
        None => Some(shown),
        Some(limit) if rows.offset == 0 && shown < limit => Some(shown),
        Some(_) => None,
    }
}

/// One page of what is in memory.
pub(crate) fn cut<T>(all: &[T], rows: Rows) -> &[T] {
    let from = usize::try_from(rows.offset).unwrap_or(usize::MAX).min(all.len());
    let limit = rows.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let to = from.saturating_add(limit).min(all.len());
    all.get(from..to).unwrap_or_default()
}

/// One page of what is in memory, in an order without equals; what stands on other pages is not sorted.
pub(crate) fn cut_in_order<T>(all: &mut [T], rows: Rows, order: impl Fn(&T, &T) -> Ordering) -> &[T] {
    let from = all.len() - cut(all, Rows { limit: None, ..rows }).len();
    if from > 0 && from < all.len() {
        all.select_nth_unstable_by(from, &order);
    }
    let rest = all.get_mut(from..).unwrap_or_default();
    let many = cut(rest, Rows { offset: 0, ..rows }).len();
    if many > 0 && many < rest.len() {
        rest.select_nth_unstable_by(many - 1, &order);
    }
    let page = rest.get_mut(..many).unwrap_or_default();
    page.sort_unstable_by(order);
    page
}

/// Whether a value fits a filter: a glob with `*` and `?`, else the value itself. No filter fits everything.
pub(crate) fn fits(filter: Option<&str>, value: Option<&str>) -> bool {
    match (filter, value) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(filter), Some(value)) => {
            let (filter, value): (Vec<char>, Vec<char>) = (filter.chars().collect(), value.chars().collect());
            glob(&filter, &value)
        }
    }
}

/// Greedy with one step back: the last `*` takes one character more each time the rest does not fit.
fn glob(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t, mut back) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                back = Some((p + 1, t));
                p += 1;
            }
            Some(c) if *c == '?' || Some(c) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match back {
                Some((after, from)) => {
                    back = Some((after, from + 1));
                    p = after;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|c| *c == '*')
}

/// An order, or its reverse.
pub(crate) fn turned(order: Ordering, reverse: bool) -> Ordering {
    if reverse { order.reverse() } else { order }
}

#[cfg(test)]
mod tests {
    use super::{Rows, cut, cut_in_order, fits};

    #[test]
    fn a_page_that_alone_is_sorted_is_the_page_of_all_sorted() {
        let all: Vec<u32> = (0..100).map(|n| (n * 37 + 11) % 101).collect();
        let mut sorted = all.clone();
        sorted.sort_unstable();
        for (limit, offset) in
            [(Some(7), 0), (Some(7), 42), (Some(7), 98), (Some(7), 200), (Some(0), 5), (None, 0)]
        {
            let rows = Rows { limit, offset };
            let mut mixed = all.clone();
            assert_eq!(cut_in_order(&mut mixed, rows, u32::cmp), cut(&sorted, rows), "{rows:?}");
        }
    }

    #[test]
    fn a_filter_is_a_glob() {
        for (filter, value, fit) in [
            ("eu-*", "eu-web", true),
            ("*-web*", "eu-web-1", true),
            ("e?", "eu", true),
            ("e?", "e", false),
            ("eu", "eu-web", false),
            ("**", "", true),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbc", false),
        ] {
            assert_eq!(fits(Some(filter), Some(value)), fit, "{filter} {value}");
        }
        assert!(fits(None, None) && !fits(Some("*"), None));
    }
}
