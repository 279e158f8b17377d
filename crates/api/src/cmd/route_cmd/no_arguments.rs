//! Arguments as clients of the commercial product write them: an object, or an empty list where there are none.

use std::fmt;

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor, value::MapAccessDeserializer},
};
use serde_json::Value;

use super::RouteCmdArg;

/// Both ways, for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum Arg {
    /// Arguments.
    Given(RouteCmdArg),
    /// None.
    Nothing([Value; 0]),
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = Option<RouteCmdArg>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with arg and kwarg")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, given: D) -> Result<Self::Value, D::Error> {
        given.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        RouteCmdArg::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        match list.next_element::<IgnoredAny>()? {
            None => Ok(Some(RouteCmdArg::default())),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }
}

/// Reads it.
pub(super) fn read<'de, D: Deserializer<'de>>(given: D) -> Result<Option<RouteCmdArg>, D::Error> {
    given.deserialize_option(Either)
}
