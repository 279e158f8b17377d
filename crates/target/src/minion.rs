//! What is known of one minion when a target is matched.

use serde_json::Value;

/// A minion: its id, and its grains and pillar where they are known.
#[derive(Clone, Copy, Debug)]
pub struct Minion<'a> {
    /// Id.
    pub id: &'a str,
    /// Grains, as the minion last reported them; none: never seen.
    pub grains: Option<&'a Value>,
    /// Pillar; none: not known here.
    pub pillar: Option<&'a Value>,
}

impl<'a> Minion<'a> {
    /// A minion of which only the id is known.
    pub fn new(id: &'a str) -> Self {
        Self { id, grains: None, pillar: None }
    }

    /// The same, with grains.
    pub fn with_grains(self, grains: &'a Value) -> Self {
        Self { grains: Some(grains), ..self }
    }

    /// The same, with pillar.
    pub fn with_pillar(self, pillar: &'a Value) -> Self {
        Self { pillar: Some(pillar), ..self }
    }
}
