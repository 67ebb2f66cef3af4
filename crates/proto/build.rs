//! Compiles `proto/` without protoc, and keeps the descriptors whole: the
//! prost types would drop the options that access and routing are read from.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    find(&root.join("relevo"), &mut files)?;
    files.sort();
    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true);
    for file in &files {
        compiler.open_file(file)?;
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), compiler.encode_file_descriptor_set())?;
    std::fs::write(out.join("commands.rs"), commands(&compiler.descriptor_pool()))?;
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure()
        .include_file("packages.rs")
        .compile_fds_with_config(compiler.file_descriptor_set(), config)?;
    Ok(())
}

/// Every request with a `request_id` is a command, whatever else it carries.
fn commands(pool: &prost_reflect::DescriptorPool) -> String {
    let mut code = String::new();
    for message in pool.all_messages().filter(|m| m.get_field_by_name("request_id").is_some()) {
        let package = message.package_name().trim_start_matches("relevo.").replace('.', "::");
        let occurred = match message.get_field_by_name("occurred_at") {
            Some(_) => "self.occurred_at",
            None => "None",
        };
        code += &format!(
            "impl crate::Command for crate::{package}::{} {{ \
                fn request_id(&self) -> &str {{ &self.request_id }} \
                fn occurred_at(&self) -> Option<prost_types::Timestamp> {{ {occurred} }} \
            }}\n",
            message.name()
        );
    }
    code
}

fn find(dir: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "proto") {
            files.push(path);
        }
    }
    Ok(())
}
