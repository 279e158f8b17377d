//! Lists /migrations for the migrator, so that a new file needs no Rust. Nothing else is generated.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[allow(clippy::disallowed_methods)] // a build script gets its folders from cargo's environment
fn folders() -> Option<(PathBuf, PathBuf)> {
    let here = env::var_os("CARGO_MANIFEST_DIR")?;
    let out = env::var_os("OUT_DIR")?;
    Some((Path::new(&here).join("../../migrations"), Path::new(&out).join("migrations.rs")))
}

fn main() -> io::Result<()> {
    let (migrations, out) =
        folders().ok_or_else(|| io::Error::other("cargo gave no folders to the build script"))?;
    println!("cargo::rerun-if-changed={}", migrations.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&migrations)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|ext| ext == "sql") {
            names.push(name);
        }
    }
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let path = migrations.canonicalize()?.join(&name);
        let _ = writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    list.push_str("]\n");
    fs::write(out, list)
}
