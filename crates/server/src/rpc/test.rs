//! `test.*`: does this API answer, and how do errors and warnings look.

mod methods;

pub(super) use raas_api::test::{Echo, Error, Sleep, Warnings};
