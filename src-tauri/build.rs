//! Prepares the build: a page to embed where the web UI was not built, and what Tauri needs.

use std::{fs, path::Path};

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by the environment")]
fn main() {
    println!("cargo:rerun-if-changed=migrations");
    // The UI is part of the program.
    println!("cargo:rerun-if-changed=ui/dist");
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let dist = Path::new(&root).join("ui/dist");
    // Without it neither the embedding of files nor Tauri compiles.
    if !dist.join("index.html").exists() {
        fs::create_dir_all(&dist).expect("ui/dist can be made");
        let page = "<!doctype html><title>Clinicue</title><p>The web UI was not built. Run <code>npm run build</code>.";
        fs::write(dist.join("index.html"), page).expect("ui/dist can be written");
    }
    #[cfg(feature = "desktop")]
    {
        let attributes =
            tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*");
        tauri_build::try_build(attributes).expect("tauri.conf.json is right");
    }
}
