//! The public catalogue that the API is held against: names only, out of `catalogue.yaml`. What is called is in `cases`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

/// Names of methods and of their parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    /// Methods that this server does not have, and why.
    pub(super) left_out: BTreeMap<String, String>,
    /// Methods that are still to come, and parameters, as `resource.method parameter`.
    pub(super) not_yet: BTreeSet<String>,
    /// Parameters in positional order; `!` follows a required one.
    methods: BTreeMap<String, Vec<String>>,
}

/// A parameter of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) required: bool,
}

impl Catalogue {
    /// The catalogue of this source tree.
    pub(super) fn read() -> Result<Self> {
        serde_yaml::from_str(include_str!("catalogue.yaml")).context("catalogue.yaml cannot be read")
    }

    /// Methods that the server is to have.
    pub(super) fn relevant(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(String::as_str)
    }

    /// Parameters of a method that are still to come.
    pub(super) fn not_yet_of(&self, method: &str) -> BTreeSet<String> {
        let named = self.not_yet.iter().filter_map(|one| one.split_once(' '));
        named.filter(|(of, _)| *of == method).map(|(_, parameter)| parameter.to_owned()).collect()
    }

    /// Parameters of a method; none when it is our own.
    pub(super) fn parameters(&self, method: &str) -> Vec<Named> {
        let named = |text: &String| Named {
            name: text.trim_end_matches('!').to_owned(),
            required: text.ends_with('!'),
        };
        self.methods.get(method).into_iter().flatten().map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_read_and_says_what_is_required() {
        let catalogue = Catalogue::read().unwrap();
        assert!(catalogue.relevant().count() > 80);
        let details = catalogue.parameters("cmd.get_cmd_details");
        assert_eq!(details[0], Named { name: "jid".to_owned(), required: true });
        assert!(!details[1].required);
        let known: BTreeSet<&str> = catalogue.relevant().collect();
        let method = |one: &str| one.split(' ').next().unwrap_or_default().to_owned();
        assert!(
            catalogue.not_yet.iter().all(|one| known.contains(method(one).as_str()) || one.contains(' '))
        );
    }
}
