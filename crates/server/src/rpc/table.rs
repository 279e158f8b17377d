//! Every RPC method of this server, one line each.

use std::{collections::BTreeMap, sync::OnceLock};

use super::{Entry, auth, test};

type Table = BTreeMap<(&'static str, &'static str), (&'static str, Entry)>;

/// By resource and method; with the name as metrics show it.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        entries()
            .into_iter()
            .map(|entry| {
                // Leaked once per process: metric labels live for ever anyway.
                let name: &'static str =
                    Box::leak(format!("{}.{}", entry.resource, entry.name).into_boxed_str());
                ((entry.resource, entry.name), (name, entry))
            })
            .collect()
    })
}

fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<auth::GetJwt>(),
        Entry::of::<test::Echo>(),
        Entry::of::<test::Error>(),
        Entry::of::<test::Sleep>(),
        Entry::of::<test::Warnings>(),
    ]
}
