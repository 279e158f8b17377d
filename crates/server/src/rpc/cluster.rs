//! `cluster.*`: ours alone.

mod get_clusters;
