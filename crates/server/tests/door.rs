//! The doors: signing in, the envelope, what monitors ask.
