//! The stories by subject.

mod the_lab_itself;
