//! Business time: when a place is open, and exact arithmetic on that time.
//!
//! A [`CalendarSpec`] says in plain words when a place is open: a week of local
//! hours, one IANA zone, and the days that differ. [`Calendar::new`] checks it
//! and answers, for any two instants, how much open time lies between them, and
//! for any duration, when it will have passed.
//!
//! The rules it keeps:
//!
//! - **One definition.** An instant is open when the wall clock of the zone
//!   shows a time inside an opening. All else follows: a wall time that the
//!   clocks skip opens at the first instant after the skip, a wall time that
//!   comes twice is open twice, and a day of 23 hours gives less.
//! - **Half-open.** An opening is `[open, close)`; two that touch are one.
//!   `24:00` may close a day; a close at or before its open falls on the next
//!   day.
//! - **A shift belongs to the date on which it starts.** A date that is
//!   replaced (an exception, or a yearly day) replaces the openings that start
//!   on it. The tail of a night shift that began the evening before is still
//!   worked; the tail of one that would have begun on the replaced date is not.
//! - **Nearest word wins.** An exception outranks a yearly day, which outranks
//!   the week; of two yearly days on one date the first listed wins.
//! - **No clock, no system data.** Nothing here reads the time of day, the
//!   process's zone or the machine's zone files: the zone rules are compiled in,
//!   and [`tz_version`] names them.
//!
//! Edges are whole seconds; instants and durations keep their nanoseconds.

mod business_days;
mod calendar;
mod days;
mod easter;
mod parse;
mod spec;
pub mod tool;
mod violation;
mod year;
mod zone;

pub use calendar::{Calendar, Interval, Unreachable};
pub use spec::{CalendarSpec, Exception, Hours, Week, Weekday, YearlyDate, YearlyDay};
pub use violation::{Rule, Violation};
pub use zone::tz_version;
