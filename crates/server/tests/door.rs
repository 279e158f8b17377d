//! The doors: signing in, the envelope, what monitors ask, and the database going away in the middle of it.

mod database_away;
mod envelope;
mod monitors;
mod openapi;
mod reference;
mod signing_in;
mod slow;
mod stream;
