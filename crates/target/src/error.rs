//! Why an expression cannot be a target: which one, where in it, what stands there and what is expected.

/// Longest piece of an expression that a message repeats, in characters.
const SHOWN: usize = 120;

/// Not a target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The type is none of Salt's.
    #[error(
        "target type {0:?} is not known; use glob, pcre, list, grain, grain_pcre, pillar, pillar_exact, pillar_pcre, \
         nodegroup, range, ipcidr or compound"
    )]
    UnknownType(String),
    /// Empty expression.
    #[error("the target expression is empty; use \"*\" for every minion")]
    Empty,
    /// An array where the type wants a text.
    #[error("a target of type {0:?} is a text, not an array; only \"list\" and \"compound\" take an array")]
    ArrayGiven(String),
    /// A nodegroup where no saved target groups were given.
    #[error(
        "nodegroup {0:?} is not known: nodegroups are saved target groups, and there is none of that name; write its \
         own expression as a compound target"
    )]
    NoSuchGroup(String),
    /// A nodegroup that contains itself.
    #[error("nodegroup {0:?} contains itself, through {1}; take one of them out of the other")]
    GroupInItself(String, String),
    /// A nodegroup that has no form inside a compound target.
    #[error(
        "nodegroup {name:?} is a target of type {tgt_type:?} that no compound target can hold: {why}; use it alone"
    )]
    GroupAlone {
        /// The group.
        name: String,
        /// Its type.
        tgt_type: String,
        /// What Salt lacks for it.
        why: String,
    },
    /// A nodegroup whose own expression is wrong.
    #[error("nodegroup {0:?}: {1}")]
    InGroup(String, Box<TargetError>),
    /// More than a target may have.
    #[error("the target is too large: {found}, at most {most}")]
    TooLarge {
        /// What was counted, as `12000 targets joined by and/or`.
        found: String,
        /// The bound.
        most: usize,
    },
    /// Something in the expression is wrong.
    #[error("{tgt_type} target {expression:?}: at character {at}: found {found}, expected {expected}")]
    Wrong {
        /// Salt's target type.
        tgt_type: String,
        /// The expression, shortened.
        expression: String,
        /// Place in the expression: 1 is its first character.
        at: usize,
        /// What stands there.
        found: String,
        /// What would be right.
        expected: String,
    },
}

/// Something wrong at a byte of the text at hand; the caller knows where that text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) found: String,
    pub(crate) expected: String,
}

impl Fault {
    pub(crate) fn new(at: usize, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { at, found: found.into(), expected: expected.into() }
    }

    /// The same fault, seen from a text in which this one begins at byte `by`.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        self.at += by;
        self
    }

    pub(crate) fn in_expression(self, tgt_type: &str, expression: &str) -> TargetError {
        let at = expression.char_indices().take_while(|(byte, _)| *byte < self.at).count() + 1;
        TargetError::Wrong {
            tgt_type: tgt_type.to_owned(),
            expression: shown(expression),
            at,
            found: self.found,
            expected: self.expected,
        }
    }
}

/// `text` for a message: not longer than a line.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
