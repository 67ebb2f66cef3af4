//! Problems are refused with every violation at once, each with its field.

use crate::town::{at, line, technician, visit};
use planner::{After, Break, Problem, parse, validate};

fn fields(problem: &Problem) -> Vec<String> {
    let violations = validate(problem).unwrap_err().0;
    violations.into_iter().map(|violation| violation.field).collect()
}

#[test]
fn all_violations_are_named_at_once() {
    let mut problem = line(3);
    problem.scale = 0;
    problem.technicians = vec![technician("ann", 0), technician("ann", 9)];
    problem.technicians[0].shifts[0].breaks = vec![Break { open: at(18), close: at(19), seconds: -1 }];
    problem.visits = vec![visit("depot", 7)];
    problem.visits[0].priority = 9;
    problem.visits[0].forbidden = vec!["eve".into()];
    problem.visits[0].windows = vec![(at(9), at(8))];
    problem.travel.seconds[0].pop();
    let expected = [
        "scale",
        "travel.seconds",
        "technicians[0].shifts[0].breaks[0]",
        "technicians[0].shifts[0].breaks[0].seconds",
        "technicians[1].id",
        "technicians[1].shifts[0].from",
        "technicians[1].shifts[0].to",
        "visits[0].id",
        "visits[0].place",
        "visits[0].priority",
        "visits[0].windows",
        "visits[0]",
    ];
    assert_eq!(fields(&problem), expected);
    let reasons = validate(&problem).unwrap_err().0.into_iter().map(|violation| violation.reason);
    assert!(reasons.eq([
        "OUT_OF_RANGE",
        "NOT_SQUARE",
        "OUTSIDE",
        "OUT_OF_RANGE",
        "DUPLICATE",
        "UNKNOWN",
        "UNKNOWN",
        "DUPLICATE",
        "UNKNOWN",
        "OUT_OF_RANGE",
        "ORDER",
        "UNKNOWN",
    ]));
}

#[test]
fn dependencies_must_be_known_and_lead_somewhere() {
    let mut problem = line(3);
    let after = |id: &str| vec![After { visit: id.into(), gap: 0 }];
    problem.visits = vec![visit("a", 0), visit("b", 1), visit("c", 2)];
    problem.visits[0].after = after("b");
    problem.visits[1].after = after("a");
    problem.visits[2].after = after("z");
    assert_eq!(fields(&problem), ["visits[2].after[0]", "visits[0].after", "visits[1].after"]);
}

#[test]
fn json_is_refused_with_the_place_of_the_error() {
    let text = parse("{\"places\": 3}").unwrap_err().to_string();
    assert!(text.contains("json") && text.contains("line 1"), "{text}");
    assert!(parse("{\"kind\": \"TSP\"}").unwrap_err().to_string().contains("kind"));
    let json = serde_json::to_string(&line(2)).unwrap();
    assert_eq!(parse(&json).unwrap(), line(2));
    assert!(parse(&json.replace("\"scale\"", "\"scales\"")).is_err());
}

#[test]
fn a_bad_instance_is_refused_in_its_own_words() {
    let node = |x: f64, service: i64, open: i64, close: i64| {
        format!(
            "{{\"x\": {x}, \"y\": 1, \"demand\": -1, \"open\": {open}, \"close\": {close}, \"service\": {service}}}"
        )
    };
    let nodes = [node(0.0, 0, 0, 100), node(1e9, -5, 0, 10), node(2.0, 5, 9, 8)].join(", ");
    let json =
        format!("{{\"name\": \"bad\", \"kind\": \"VRPTW\", \"vehicles\": 3, \"capacity\": -2, \"nodes\": [{nodes}]}}");
    let found: Vec<(String, &str)> = parse(&json).unwrap_err().0.into_iter().map(|v| (v.field, v.reason)).collect();
    let expected = [
        ("weights", "OUT_OF_RANGE"),
        ("capacity", "OUT_OF_RANGE"),
        ("nodes[1].service", "OUT_OF_RANGE"),
        ("nodes[1].demand", "OUT_OF_RANGE"),
        ("nodes[2].close", "ORDER"),
        ("nodes[2].demand", "OUT_OF_RANGE"),
    ];
    let expected = expected.map(|(field, reason)| (field.to_owned(), reason));
    assert_eq!(found, expected);
    for text in ["", "not JSON", "[1]", "{\"kind\": \"VRPTW\"}", "{\"scale\": NaN}"] {
        assert_eq!(parse(text).unwrap_err().0[0].reason, "UNREADABLE", "{text}");
    }
}

#[test]
fn an_instance_of_technicians_is_read_under_its_own_rule() {
    let stop = |id: u32, x: u32, skills: &str| {
        format!(
            "{{\"id\": {id}, \"x\": {x}, \"y\": 1, \"open\": 0, \"close\": 100, \"service\": 2.5, \
             \"skills\": {skills}, \"tools\": [], \"parts\": [0, 1]}}"
        )
    };
    let json = format!(
        "{{\"name\": \"tiny\", \"kind\": \"TRSP\", \"technicians\": [{}], \"requests\": [{}], \
         \"depot\": [0, 0]}}",
        stop(1, 0, "[0]"),
        stop(2, 1, "[0]"),
    );
    let problem = parse(&json).unwrap();
    assert_eq!(problem.travel.seconds[0][2], 1_000_000);
    assert_eq!((problem.travel.seconds[1][2], problem.travel.metres[1][2]), (1_414_214, 1_414_214));
    let plan = crate::town::solve(&problem, 10);
    assert!((plan.distance - 2.0).abs() < 1e-6 && plan.unassigned.is_empty());
}
