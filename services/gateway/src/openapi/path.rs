//! Paths as people read them.

/// `/v1/tickets/{0}:close` as `/v1/tickets/{ticket}:close`.
pub(super) fn readable(pattern: &str) -> String {
    let mut collection = "";
    let segments = pattern.split('/').map(|segment| match segment.strip_prefix('{') {
        Some(parameter) => {
            let suffix = parameter.split_once('}').map_or("", |(_, suffix)| suffix);
            format!("{{{}}}{suffix}", singular(collection))
        }
        None => {
            collection = segment;
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The parameters in a readable path.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

fn singular(collection: &str) -> String {
    match collection.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => collection.strip_suffix('s').unwrap_or(collection).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_named_after_their_collection() {
        assert_eq!(readable("/v1/timeEntries/{0}:approve"), "/v1/timeEntries/{timeEntry}:approve");
        let path = readable("/v1/tickets/{0}/messages");
        assert_eq!(parameters(&path).collect::<Vec<_>>(), ["ticket"]);
    }
}
