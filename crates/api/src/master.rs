//! `master.*`: masters, their keys and presence.
