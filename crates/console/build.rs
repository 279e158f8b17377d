//! Lists `web/dist` as a table of embedded files. No `dist`: an empty table, so that Rust builds without Node.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    fmt::Write as _,
    fs,
    hash::{Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/dist");
    // A path that is missing would make cargo run this each time; its parent tells when it comes.
    let watched = if dist.is_dir() { dist.clone() } else { dist.with_file_name("") };
    println!("cargo::rerun-if-changed={}", watched.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        list(&dist, &mut files)?;
        files.sort();
    }
    let mut code = String::from("&[\n");
    for file in &files {
        let Ok(relative) = file.strip_prefix(&dist) else { continue };
        let mut hasher = DefaultHasher::new();
        fs::read(file)?.hash(&mut hasher);
        let (route, hash) = (format!("/{}", relative.display()), hasher.finish());
        let path = file.to_string_lossy();
        let _ = writeln!(
            code,
            "Asset {{ route: {route:?}, etag: \"\\\"{hash:016x}\\\"\", bytes: include_bytes!({path:?}) }},"
        );
    }
    code.push(']');
    // `OUT_DIR` is how cargo tells a build script where to write.
    #[allow(clippy::disallowed_methods)]
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("assets.rs"), code)
}

fn list(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
