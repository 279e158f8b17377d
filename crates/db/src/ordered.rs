//! Statements in several orders: one text per order, made once, so that each is a constant to the statement cache.

/// Something that rows can be ordered by: a closed list.
pub(crate) trait Order: Copy + PartialEq + 'static {
    /// All of them.
    const ALL: &'static [Self];
    /// The SQL to order by, ascending or descending.
    fn by(self, descending: bool) -> String;
    /// The line that joins what only this order needs: all others do without, so that an index alone can answer.
    fn join(self) -> &'static str {
        ""
    }
}

/// The texts of one statement.
pub(crate) struct Ordered<O>(Vec<(O, bool, String)>);

impl<O: Order> Ordered<O> {
    /// Replaces the line `default` (`ORDER BY …`) of `sql` by every order.
    pub(crate) fn new(sql: &str, default: &str) -> Self {
        let line = |order: O, descending| format!("{}ORDER BY {}", order.join(), order.by(descending));
        let text = |order, descending| sql.replace(default, &line(order, descending));
        Self(O::ALL.iter().flat_map(|&o| [false, true].map(|d| (o, d, text(o, d)))).collect())
    }

    /// The text in this order.
    pub(crate) fn get(&'static self, order: O, descending: bool) -> &'static str {
        self.0
            .iter()
            .find(|(o, d, _)| *o == order && *d == descending)
            .map_or("", |(_, _, text)| text.as_str())
    }
}
