//! Visits that tie tours together: crews and dependencies.
//!
//! What couples two tours is turned into an instant that each keeps by itself: a crew agrees on a
//! start; of two visits in order, the first must end before the start the second had when it was
//! placed. Tours stay independent, so every other visit is still inserted in constant time, and
//! the agreed instants are found anew whenever such a visit is taken out and put back.

use crate::rng::Rng;
use crate::scan::{Best, Spot};
use crate::state::State;
use crate::timetable;

/// A way to serve a tied visit: the instant agreed and a spot for each member of the crew.
#[derive(Clone)]
pub(crate) struct Offer {
    pub cost: i64,
    pub window: (i64, i64),
    pub members: Vec<(usize, Spot)>,
}

/// Instants tried for a crew in one search.
const INSTANTS: usize = 12;

/// Places a visit at its cheapest offer, if any is worth it.
pub(crate) fn place(state: &mut State, rng: &mut Rng, visit: u32) {
    let model = state.model;
    let job = &model.jobs[visit as usize];
    let windows = &model.nodes[job.nodes.start as usize].windows;
    let mut offers = offers(state, visit, windows, Some(rng));
    offers.sort_by_key(|offer| offer.cost);
    let overlooked = usize::from(offers.len() > 1 && rng.chance(crate::recreate::BLINK));
    let Some(offer) = offers.into_iter().nth(overlooked) else { return };
    if offer.cost < job.penalty {
        commit(state, visit, &offer);
    }
}

/// Carries an offer out and holds the visits before it to their time.
pub(crate) fn commit(state: &mut State, visit: u32, offer: &Offer) {
    let model = state.model;
    let job = &model.jobs[visit as usize];
    for (node, &(r, spot)) in job.nodes.clone().zip(&offer.members) {
        state.insert(r, node, spot, offer.window);
    }
    if job.after.is_empty() {
        return;
    }
    let Some((r, i)) = state.find(job.nodes.start) else { return };
    let start = state.routes[r].start(i);
    state.hold(job.nodes.start, start);
    for &(first, gap) in &job.after {
        for node in model.jobs[first as usize].nodes.clone() {
            state.narrow(node, start - gap, false);
        }
    }
}

/// Every offer found within the windows given; a generator of random numbers limits the search to a sample of instants.
pub(crate) fn offers(state: &State, visit: u32, windows: &[(i64, i64)], rng: Option<&mut Rng>) -> Vec<Offer> {
    let model = state.model;
    let job = &model.jobs[visit as usize];
    let node = job.nodes.start;
    let Some(release) = release(state, visit) else { return Vec::new() };
    let open = windows.iter().map(|&(lo, hi)| (lo.max(release), hi)).filter(|(lo, hi)| lo <= hi);
    let windows: Vec<(i64, i64)> = open.collect();
    let all = |node: u32, windows: &[(i64, i64)]| {
        let best = (0..state.routes.len()).map(|r| (r, scan(state, r, node, windows)));
        let spots = best.flat_map(|(r, best)| best.spots.map(|spot| (r, spot)));
        spots.filter(|(_, spot)| spot.cost < i64::MAX).collect::<Vec<_>>()
    };
    if job.nodes.len() == 1 {
        let offer = |(r, spot): (usize, Spot)| {
            let window = windows[spot.window as usize];
            Offer { cost: spot.cost, window, members: vec![(r, spot)] }
        };
        return all(node, &windows).into_iter().map(offer).collect();
    }
    let mut instants: Vec<i64> = windows.iter().map(|window| window.0).collect();
    for node in node..(node + 2).min(job.nodes.end) {
        instants.extend(all(node, &windows).iter().map(|&(r, spot)| {
            let here = &state.routes[r].legs[spot.position as usize];
            let travel = model.arc(here.place, model.nodes[node as usize].place).time;
            (here.depart + i64::from(travel)).max(windows[spot.window as usize].0)
        }));
    }
    instants.sort_unstable();
    instants.dedup();
    if let Some(rng) = rng {
        rng.shuffle(&mut instants);
        instants.truncate(INSTANTS);
    }
    let fits = |at: &i64| windows.iter().any(|&(lo, hi)| (lo..=hi).contains(at));
    let instants = instants.into_iter().filter(fits);
    instants.filter_map(|at| meet(state, visit, at)).collect()
}

/// The cheapest crew that can meet at an instant.
fn meet(state: &State, visit: u32, at: i64) -> Option<Offer> {
    let model = state.model;
    let mut members: Vec<(usize, Spot)> = Vec::new();
    let mut cost = 0;
    for node in model.jobs[visit as usize].nodes.clone() {
        let free = (0..state.routes.len()).filter(|&r| {
            let technician = model.tours[r].technician;
            members.iter().all(|&(other, _)| model.tours[other].technician != technician)
        });
        let spots = free.map(|r| (r, scan(state, r, node, &[(at, at)]).spots[0]));
        let (r, spot) = spots.min_by_key(|(_, spot)| spot.cost)?;
        if spot.cost == i64::MAX {
            return None;
        }
        cost += spot.cost;
        members.push((r, spot));
    }
    Some(Offer { cost, window: (at, at), members })
}

/// Spots of a node in a route behind every visit that it waits for: before one, it would delay it.
fn scan(state: &State, r: usize, node: u32, windows: &[(i64, i64)]) -> Best {
    let model = state.model;
    let first = model.job(node).after.iter();
    let nodes = first.flat_map(|&(visit, _)| model.jobs[visit as usize].nodes.clone());
    let here = nodes.filter_map(|node| state.find(node)).filter(|&(at, _)| at == r);
    let from = here.map(|(_, i)| i + 1).max().unwrap_or(0);
    state.scan_from(r, node, windows, from)
}

/// The earliest start that the visits before it allow; `None` while one of them is absent.
pub(crate) fn release(state: &State, visit: u32) -> Option<i64> {
    let model = state.model;
    let mut release = i64::MIN / 2;
    for &(first, gap) in &model.jobs[visit as usize].after {
        for node in model.jobs[first as usize].nodes.clone() {
            let (r, i) = state.find(node)?;
            let end = timetable::day(model, r, &state.routes[r])?.starts[i] + model.nodes[node as usize].service;
            release = release.max(end + gap);
        }
    }
    Some(release)
}
