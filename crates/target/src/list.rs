//! `web1,db1`: a list of ids.

use std::collections::BTreeSet;

/// Ids.
#[derive(Clone, Debug)]
pub(crate) struct List {
    ids: BTreeSet<String>,
    /// `,a,b,` of a list given as text: Salt looks for `,id,` in it, so an id with commas in it may match too.
    text: String,
}

impl List {
    /// Of a text with commas.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: format!(",{text},"), ..Self::array(text.split(',')) }
    }

    /// Of an array.
    pub(crate) fn array<'a>(ids: impl Iterator<Item = &'a str>) -> Self {
        Self { ids: ids.filter(|id| !id.is_empty()).map(str::to_owned).collect(), text: String::new() }
    }

    pub(crate) fn ids(&self) -> &BTreeSet<String> {
        &self.ids
    }

    pub(crate) fn matches(&self, id: &str) -> bool {
        self.ids.contains(id) || (id.contains(',') && self.text.contains(&format!(",{id},")))
    }
}
