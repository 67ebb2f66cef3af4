//! When everything on a tour happens.

use crate::clock::Clock;
use crate::model::Model;
use crate::route::Route;

/// The instants of one tour.
pub(crate) struct Day {
    /// Departure, as late as the first stop allows.
    pub leave: i64,
    /// For each stop: arrival, and start of work.
    pub arrivals: Vec<i64>,
    pub starts: Vec<i64>,
    /// Beginning and end of each rest.
    pub rests: Vec<(i64, i64)>,
    pub back: i64,
}

/// Times a route; `None` when no way through it keeps every window.
pub(crate) fn day(model: &Model, r: usize, route: &Route) -> Option<Day> {
    let tour = &model.tours[r];
    let mut clock = Clock::new(tour);
    let mut places = vec![tour.from];
    places.extend(route.stops.iter().map(|stop| stop.place));
    places.push(tour.to);
    let travel = |leg: usize| model.arc(places[leg], places[leg + 1]).time;
    for (i, stop) in route.stops.iter().enumerate() {
        let node = model.nodes.get(stop.node as usize);
        if !clock.serve(tour, i, travel(i), node, ((stop.lo, stop.hi), stop.service)) {
            return None;
        }
    }
    let last = route.stops.len();
    let end = clock.finish(model, tour, last, travel(last))?;
    let mut day = Day {
        leave: tour.start,
        arrivals: Vec::with_capacity(last),
        starts: Vec::with_capacity(last),
        rests: Vec::new(),
        back: 0,
    };
    let mut time = tour.start;
    for leg in 0..=last {
        let rest = |time: i64, rests: &mut Vec<(i64, i64)>, point: usize| {
            let mut time = time;
            while rests.len() < end.taken && usize::from(end.rests[rests.len()]) == point {
                let rest = tour.breaks[rests.len()];
                let begin = time.max(rest.open);
                time = begin + rest.seconds;
                rests.push((begin, time));
            }
            time
        };
        time = rest(time, &mut day.rests, 2 * leg) + i64::from(travel(leg));
        let arrival = time;
        time = rest(time, &mut day.rests, 2 * leg + 1);
        let Some(stop) = route.stops.get(leg) else {
            day.back = time;
            continue;
        };
        let start = time.max(stop.lo);
        day.arrivals.push(arrival);
        day.starts.push(start);
        time = start + stop.service;
    }
    if let Some(&start) = day.starts.first()
        && day.rests.first().is_none_or(|&(begin, _)| begin >= start)
    {
        day.leave = start - i64::from(travel(0));
        day.arrivals[0] = start;
    }
    Some(day)
}
