//! What is to be planned: places, technicians, visits, and what counts for how much.
//!
//! Instants and durations are whole seconds on one axis chosen by the caller (for instance Unix
//! time), distances whole metres. A benchmark uses finer units and says so in `scale`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::weights::Weights;

/// A name given by the caller: text, or a number as the benchmarks use.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    /// A number, kept as a number in the plan.
    Number(u64),
    /// Any text, for instance a UUID.
    Text(String),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Everything the solver knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Shown in drawings and reports.
    #[serde(default)]
    pub name: String,
    /// How many units of `travel.metres` make one reported unit of distance.
    #[serde(default = "one")]
    pub scale: i64,
    /// Best distance published for a benchmark, in reported units.
    #[serde(default)]
    pub best_known: Option<f64>,
    /// Where anything can be; other fields name a place by its index here.
    pub places: Vec<Place>,
    /// Travel between any two places.
    pub travel: Travel,
    /// Where a technician may call once per shift to fetch every tool and any number of parts.
    #[serde(default)]
    pub depot: Option<Depot>,
    /// Who can be sent.
    pub technicians: Vec<Technician>,
    /// What is asked for.
    pub visits: Vec<Visit>,
    /// What counts for how much.
    #[serde(default)]
    pub weights: Weights,
}

const fn one() -> i64 {
    1
}

/// A point on the map, for drawings only: travel comes from the matrices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Longitude, or any abscissa.
    pub x: f64,
    /// Latitude, or any ordinate.
    pub y: f64,
}

/// Square matrices by place index, `[from][to]`; they need not be symmetric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Travel {
    /// Seconds of travel.
    pub seconds: Vec<Vec<i32>>,
    /// Metres of travel; empty when distance is of no interest and seconds stand for it.
    #[serde(default)]
    pub metres: Vec<Vec<i32>>,
}

impl Travel {
    /// Metres from one place to another, or the seconds where no metres are given.
    #[must_use]
    pub fn distance(&self, from: usize, to: usize) -> i64 {
        let matrix = if self.metres.is_empty() { &self.seconds } else { &self.metres };
        i64::from(matrix[from][to])
    }

    /// Seconds from one place to another.
    #[must_use]
    pub fn time(&self, from: usize, to: usize) -> i64 {
        i64::from(self.seconds[from][to])
    }
}

/// The store of tools and parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depot {
    /// Index of its place.
    pub place: usize,
    /// Seconds a call takes.
    #[serde(default)]
    pub seconds: i64,
}

/// One person with a vehicle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technician {
    /// Unique among technicians.
    pub id: Id,
    /// Working time, without leave: one entry per stretch of work, each its own tour.
    pub shifts: Vec<Shift>,
    /// Certifications.
    #[serde(default)]
    pub skills: Vec<Skill>,
    /// Tools in the vehicle.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Parts on board at the start of the first shift; visits consume them.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Territories served; none means everywhere.
    #[serde(default)]
    pub territories: Vec<String>,
}

/// A stretch of work: one tour from a place to a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Earliest departure.
    pub start: i64,
    /// Regular end: back at `to` by then.
    pub end: i64,
    /// Seconds after `end` that are allowed at the price of overtime.
    #[serde(default)]
    pub overtime: i64,
    /// Index of the place it starts from: home, depot, or where the technician is now.
    pub from: usize,
    /// Index of the place it ends at.
    pub to: usize,
    /// Rests in order, at most three; each is taken between two visits or while under way.
    #[serde(default)]
    pub breaks: Vec<Break>,
}

/// A rest. It is owed only by a technician who is still out when its window closes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// Earliest beginning.
    pub open: i64,
    /// Latest beginning.
    pub close: i64,
    /// Its length.
    pub seconds: i64,
}

/// What a technician may do, how well and until when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// Its name.
    pub name: String,
    /// Its level; more is better.
    #[serde(default = "first_level")]
    pub level: u8,
    /// For a technician: the instant the certification expires; work under it must end by then.
    #[serde(default)]
    pub until: Option<i64>,
}

const fn first_level() -> u8 {
    1
}

/// A number of equal parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// How many.
    pub count: i64,
}

/// A visit asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Unique among visits; `depot` is taken.
    pub id: Id,
    /// Index of its place.
    pub place: usize,
    /// Seconds on site.
    #[serde(default)]
    pub seconds: i64,
    /// When work may start, `[earliest, latest]`; none means at any time.
    #[serde(default)]
    pub windows: Vec<(i64, i64)>,
    /// Opening hours of the site, `[opens, closes]`: the whole visit lies inside one of them.
    #[serde(default)]
    pub access: Vec<(i64, i64)>,
    /// The start promised to the client, `[earliest, latest]`.
    #[serde(default)]
    pub promised: Option<(i64, i64)>,
    /// What the dispatcher has fixed.
    #[serde(default)]
    pub pin: Pin,
    /// The service level owed.
    #[serde(default)]
    pub due: Option<Due>,
    /// 1 is the most urgent, 5 the least.
    #[serde(default = "middle")]
    pub priority: u8,
    /// Skills that each member of the crew must hold.
    #[serde(default)]
    pub skills: Vec<Skill>,
    /// Tools that the first of the crew must bring.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Parts that the first of the crew brings and uses up.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Technicians who must be there from start to end, together.
    #[serde(default = "alone")]
    pub crew: u8,
    /// Visits that must be finished before.
    #[serde(default)]
    pub after: Vec<After>,
    /// Territory it lies in.
    #[serde(default)]
    pub territory: Option<String>,
    /// Technicians who must not be sent.
    #[serde(default)]
    pub forbidden: Vec<Id>,
    /// Technicians the client would rather see.
    #[serde(default)]
    pub preferred: Vec<Id>,
}

const fn middle() -> u8 {
    3
}

const fn alone() -> u8 {
    1
}

/// A decision of the dispatcher that the solver keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Only this technician (for a crew: the first of it).
    #[serde(default)]
    pub technician: Option<Id>,
    /// Only this start, `[earliest, latest]`.
    #[serde(default)]
    pub start: Option<(i64, i64)>,
}

/// A service level and how it is met.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The last good instant.
    pub at: i64,
    /// What must have happened by then.
    #[serde(default)]
    pub by: DueBy,
}

/// What stops the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueBy {
    /// Work has started on site.
    #[default]
    Arrival,
    /// The visit has ended.
    Resolution,
}

/// A dependency on another visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The visit to be finished first.
    pub visit: Id,
    /// Seconds between its end and this start, at least.
    #[serde(default)]
    pub gap: i64,
}

impl Visit {
    /// A visit at a place that asks for nothing else.
    #[must_use]
    pub fn new(id: Id, place: usize) -> Self {
        Self {
            id,
            place,
            seconds: 0,
            windows: Vec::new(),
            access: Vec::new(),
            promised: None,
            pin: Pin::default(),
            due: None,
            priority: middle(),
            skills: Vec::new(),
            tools: Vec::new(),
            parts: Vec::new(),
            crew: alone(),
            after: Vec::new(),
            territory: None,
            forbidden: Vec::new(),
            preferred: Vec::new(),
        }
    }

    /// The latest start that keeps the service level, if one is owed.
    #[must_use]
    pub fn due_start(&self) -> Option<i64> {
        self.due.map(|due| match due.by {
            DueBy::Arrival => due.at,
            DueBy::Resolution => due.at - self.seconds,
        })
    }

    /// Every stretch in which work may start: windows, access hours, promise and pin together.
    #[must_use]
    pub fn starts(&self) -> Vec<(i64, i64)> {
        let whole = (i64::MIN / 4, i64::MAX / 4);
        let mut starts = if self.windows.is_empty() { vec![whole] } else { self.windows.clone() };
        let inside = self.access.iter().map(|&(open, close)| (open, close - self.seconds));
        if !self.access.is_empty() {
            starts = overlaps(&starts, &inside.collect::<Vec<_>>());
        }
        for limit in [self.promised, self.pin.start].into_iter().flatten() {
            starts = overlaps(&starts, &[limit]);
        }
        starts.sort_unstable();
        starts
    }
}

/// Every stretch that two lists of stretches share.
pub(crate) fn overlaps(left: &[(i64, i64)], right: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
    pairs.filter(|(open, close)| open <= close).collect()
}
