//! A plan drawn as a map.

use std::fmt::Write as _;

use crate::plan::{DEPOT_STOP, Plan};
use crate::problem::{Id, Place, Problem};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 720.0;
const MARGIN: f64 = 40.0;
/// Hues a golden angle apart stay distinct however many tours there are.
const GOLDEN: f64 = 137.508;

/// Draws a plan: one colour per tour, squares where tours begin, red rings for visits left out.
#[must_use]
pub fn svg(problem: &Problem, plan: &Plan) -> String {
    let onto = scale(&problem.places);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" \
         fill=\"#fff\"/>\n<title>{}</title>\n",
        escape(&problem.name),
    );
    let place = |id: &Id| match problem.visits.iter().find(|visit| visit.id == *id) {
        Some(visit) => Some(visit.place),
        None => problem.depot.filter(|_| *id == Id::from(DEPOT_STOP)).map(|depot| depot.place),
    };
    let mut hue = 0.0;
    for tour in &plan.routes {
        let who = problem.technicians.iter().find(|one| one.id == tour.vehicle);
        let Some(shift) = who.and_then(|who| who.shifts.get(tour.shift)) else { continue };
        let stops: Vec<usize> = tour.stops.iter().filter_map(place).collect();
        let way = [shift.from].into_iter().chain(stops.iter().copied()).chain([shift.to]);
        let points: Vec<String> = way
            .filter_map(|at| problem.places.get(at))
            .map(|at| format!("{:.1},{:.1}", onto(at).0, onto(at).1))
            .collect();
        let _ = writeln!(
            out,
            "<g stroke=\"hsl({hue:.0},70%,40%)\" fill=\"none\"><title>{}</title>\
             <polyline stroke-width=\"1.6\" points=\"{}\"/>",
            escape(&format!("{}: {} stops", tour.vehicle, tour.stops.len())),
            points.join(" "),
        );
        for at in stops.iter().filter_map(|&at| problem.places.get(at)) {
            let (x, y) = onto(at);
            let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#fff\"/>");
        }
        if let Some(home) = problem.places.get(shift.from) {
            let (x, y) = (onto(home).0 - 4.0, onto(home).1 - 4.0);
            let _ = writeln!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"8\" height=\"8\"/>");
        }
        out.push_str("</g>\n");
        hue = (hue + GOLDEN) % 360.0;
    }
    for left in &plan.unassigned {
        if let Some(at) = place(&left.stop).and_then(|at| problem.places.get(at)) {
            let (x, y) = onto(at);
            let _ = writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"none\" stroke=\"red\">\
                 <title>{}</title></circle>",
                escape(&format!("{}: {}", left.stop, left.why)),
            );
        }
    }
    let _ = writeln!(
        out,
        "<text x=\"10\" y=\"18\">{}: {:.1} travelled, {} tours, {} visits left out</text>\n</svg>",
        escape(&problem.name),
        plan.distance,
        plan.routes.len(),
        plan.unassigned.len(),
    );
    out
}

/// Fits all places into the frame, north up.
fn scale(places: &[Place]) -> impl Fn(&Place) -> (f64, f64) {
    let least = |of: fn(&Place) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Place) -> f64| places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (left, right) = (least(|p| p.x), most(|p| p.x));
    let (bottom, top) = (least(|p| p.y), most(|p| p.y));
    let across = (WIDTH - 2.0 * MARGIN) / (right - left).max(f64::EPSILON);
    let upward = (HEIGHT - 2.0 * MARGIN) / (top - bottom).max(f64::EPSILON);
    let unit = across.min(upward);
    move |p| (MARGIN + (p.x - left) * unit, HEIGHT - MARGIN - (p.y - bottom) * unit)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
