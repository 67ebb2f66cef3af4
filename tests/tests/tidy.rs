//! The house rules that a machine can hold.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below `dir` with one of the endings, without what is built.
fn files(dir: &Path, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "target" | ".git" | "node_modules") {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let shown = path.strip_prefix(dir).unwrap().to_string_lossy().replace('\\', "/");
                found.push((shown, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    files(&root(), &[".rs"])
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.starts_with("tests/") || path.ends_with("_tests.rs") || path.ends_with("/tests.rs")
}

/// What stands before a file's own tests.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

fn assert_none(rule: &str, offenders: Vec<String>) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

#[test]
fn every_file_says_what_it_is() {
    let silent = sources().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path);
    assert_none("a file opens with //!", silent.collect());
}

#[test]
fn files_are_short() {
    let long = sources().into_iter().filter_map(|(path, text)| {
        let (lines, limit) = (text.lines().count(), if is_test(&path) { 600 } else { 400 });
        (lines > limit).then(|| format!("{path}: {lines} lines, at most {limit}"))
    });
    assert_none("one idea per file", long.collect());
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for (path, text) in sources() {
        let mut open: Option<(usize, usize, String)> = None;
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let code = line.trim_start();
            let begins = [
                "fn ",
                "pub fn ",
                "async fn ",
                "pub async fn ",
                "pub(crate) fn ",
                "pub(crate) async fn ",
                "pub(super) fn ",
                "const fn ",
                "pub const fn ",
            ]
            .iter()
            .any(|start| code.starts_with(start));
            if begins && !code.ends_with(';') {
                open = Some((number, indent, code.to_owned()));
            } else if let Some((start, depth, name)) = &open
                && code == "}"
                && indent == *depth
            {
                if number - start > 70 {
                    long.push(format!("{path}:{}: {} lines: {name}", start + 1, number - start));
                }
                open = None;
            }
        }
    }
    assert_none("a function has at most 70 lines", long);
}

#[test]
fn nothing_is_named_for_what_it_is_not() {
    let banned = ["utils", "util", "common", "core", "helpers", "helper", "misc", "types", "models"];
    let vague = sources()
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.split('/').any(|part| banned.contains(&part.trim_end_matches(".rs"))));
    assert_none("a name says what is inside", vague.collect());
}

#[test]
fn the_domain_is_pure() {
    let banned = [
        "tonic",
        "prost",
        "proto::",
        "tokio",
        "async fn",
        "ConnectionTrait",
        "DatabaseConnection",
        "now()",
        "std::fs",
        "std::net",
    ];
    let mut impure = Vec::new();
    let rules = |path: &str| path.contains("/src/domain/") || path.starts_with("crates/clocks/src/");
    for (path, text) in sources().into_iter().filter(|(path, _)| rules(path) && !is_test(path)) {
        for (number, line) in product(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = banned.iter().find(|word| code.contains(**word)) {
                impure.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    assert_none("rules have no I/O, no clock and no wire", impure);
}

#[test]
fn conversions_name_every_field() {
    let mut hidden = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| path.contains("/src/convert")) {
        for (number, line) in text.lines().enumerate() {
            // A pattern ends with `..`, an update goes on after it; who calls is nobody's field.
            if !line.contains("Party::") && (line.contains(", .. }") || line.contains("{ .. }") || line.trim() == "..")
            {
                hidden.push(format!("{path}:{}", number + 1));
            }
        }
    }
    assert_none("full destructuring: a new field must be thought of", hidden);
}

#[test]
fn sql_stands_in_the_store_alone() {
    let words = ["SELECT ", "INSERT INTO", "UPDATE tickets", "DELETE FROM", "Entity::find", "from_sql_and_values"];
    let mut strays = Vec::new();
    for (path, text) in sources() {
        let service = path.starts_with("services/") && !path.starts_with("services/cli") && !is_test(&path);
        if !service || path.contains("/src/store") {
            continue;
        }
        for word in words.iter().filter(|word| product(&text).contains(**word)) {
            strays.push(format!("{path}: {word}"));
        }
    }
    assert_none("the only SQL is in store/", strays);
}

#[test]
fn no_service_depends_on_another() {
    let services = ["billing", "contracts", "directory", "dispatch", "gateway", "tickets"];
    let mut edges = Vec::new();
    for (path, text) in files(&root().join("services"), &["Cargo.toml"]) {
        let own = path.split('/').next().unwrap_or_default();
        let needs = |other: &&&str| {
            own != "all"
                && own != **other
                && text
                    .lines()
                    .any(|line| line.starts_with(&format!("{other}.")) || line.starts_with(&format!("{other} =")))
        };
        edges.extend(services.iter().filter(needs).map(|other| format!("{own} → {other}")));
    }
    assert_none("services know each other by their protos", edges);
}

#[test]
fn mains_are_four_lines() {
    for service in ["billing", "contracts", "directory", "dispatch", "gateway", "tickets"] {
        let text = fs::read_to_string(root().join(format!("services/{service}/src/main.rs"))).unwrap();
        assert_eq!(text.lines().count(), 4, "services/{service}/src/main.rs");
    }
}

#[test]
fn nats_lets_each_service_hear_what_it_hears() {
    let config = fs::read_to_string(root().join("deploy/nats/nats.conf")).unwrap();
    for (service, heard) in events::HEARS {
        for other in *heard {
            let subject = format!("\"$JS.API.CONSUMER.MSG.NEXT.relevo-{other}.{service}\"");
            assert!(config.contains(&subject), "deploy/nats/nats.conf lacks {subject}");
        }
    }
    let allowed = config.matches("$JS.API.CONSUMER.MSG.NEXT.").count();
    let heard: usize = events::HEARS.iter().map(|(_, heard)| heard.len()).sum();
    assert_eq!(allowed, heard, "deploy/nats/nats.conf allows more than the services hear");
}

#[test]
fn services_ask_each_other_only_what_the_table_says() {
    // Who may ask whom; reads only, and no circle.
    let asks = [("gateway", "directory"), ("tickets", "directory")];
    let mut strays = Vec::new();
    for (path, text) in sources() {
        let Some(service) = path.strip_prefix("services/").and_then(|rest| rest.split('/').next()) else { continue };
        if service == "cli" || is_test(&path) {
            continue;
        }
        for other in ["billing", "contracts", "directory", "dispatch", "tickets"] {
            let client =
                text.lines().any(|line| line.contains(&format!("proto::{other}::v1::")) && line.contains("_client"));
            if client && !asks.contains(&(service, other)) {
                strays.push(format!("{path}: {service} asks {other}"));
            }
        }
    }
    assert_none("effects elsewhere happen by events only", strays);
}

#[test]
fn tests_do_not_sleep() {
    let sleepy = sources()
        .into_iter()
        .filter(|(path, text)| is_test(path) && !path.ends_with("tidy.rs") && text.contains("sleep("));
    assert_none("wait for something, with a deadline", sleepy.map(|(path, _)| path).collect());
}

#[test]
fn the_house_speaks_of_its_work_and_of_no_workplace() {
    // Put together, so that this file does not say them itself.
    let banned =
        [["/wo", "rk/"].concat(), ["../sha", "red"].concat(), ["pypi", ".org"].concat(), ["npmjs", ".org"].concat()];
    let mut leaks = Vec::new();
    for (path, text) in
        files(&root(), &[".rs", ".md", ".toml", ".proto", ".sql", ".yaml", ".yml", ".conf", "Dockerfile", "run"])
    {
        leaks.extend(banned.iter().filter(|word| text.contains(word.as_str())).map(|word| format!("{path}: {word}")));
    }
    assert_none("nothing here is about one machine", leaks);
}
