//! `ret.*`: returns.
