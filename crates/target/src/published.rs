//! A target as Salt must get it: nodegroups written out, lists as arrays.

/// An expression as it travels to a master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tgt {
    /// Text.
    Text(String),
    /// Ids of a list, or words of a compound.
    List(Vec<String>),
}

/// What is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Expression.
    pub tgt: Tgt,
    /// Salt's target type; never `nodegroup`.
    pub tgt_type: String,
}

impl Published {
    pub(crate) fn new(tgt: Tgt, tgt_type: &str) -> Self {
        Self { tgt, tgt_type: tgt_type.to_owned() }
    }
}

impl Tgt {
    /// Salt splits a text at white space: words that have some travel as an array.
    pub(crate) fn of_words(words: Vec<String>) -> Self {
        if words.iter().any(|word| word.contains(crate::python::is_space)) {
            Self::List(words)
        } else {
            Self::Text(words.join(" "))
        }
    }
}
