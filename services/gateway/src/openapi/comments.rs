//! What the protos say about themselves.

use std::collections::HashMap;

use prost_reflect::{DescriptorPool, FileDescriptor};

/// Leading comments, by file and path (see `SourceCodeInfo` in
/// google/protobuf/descriptor.proto).
pub(super) struct Comments(HashMap<(String, Vec<i32>), String>);

impl Comments {
    pub(super) fn of(pool: &DescriptorPool) -> Self {
        let mut all = HashMap::new();
        for file in pool.files() {
            let info = file.file_descriptor_proto().source_code_info.as_ref();
            for location in info.map_or(&[][..], |info| &info.location) {
                let said = location.leading_comments().trim();
                if !said.is_empty() {
                    all.insert((file.name().to_owned(), location.path.clone()), paragraphs(said));
                }
            }
        }
        Self(all)
    }

    /// Empty where nothing is said.
    pub(super) fn at(&self, file: &FileDescriptor, path: &[i32]) -> &str {
        self.0.get(&(file.name().to_owned(), path.to_vec())).map_or("", String::as_str)
    }
}

/// Lines belong together; an empty one separates.
fn paragraphs(comment: &str) -> String {
    let paragraphs =
        comment.split("\n\n").map(|paragraph| paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
