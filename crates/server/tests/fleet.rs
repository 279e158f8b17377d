//! The fleet: masters join, clusters are watched, reports are taken, keys are decided about.

mod joining;
