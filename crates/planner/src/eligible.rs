//! The rules that bar a technician from a visit whatever the rest of the plan is.

use std::fmt;

use crate::problem::{Id, Part, Technician, Visit};

/// Why a technician cannot be sent, first rule first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Barrier<'p> {
    Pinned(&'p Id),
    Forbidden,
    Territory(&'p str),
    Skill { name: &'p str, needed: u8, held: u8 },
    Expired { name: &'p str, until: i64 },
    Tool(&'p str),
    Part { name: &'p str, needed: i64, stock: i64 },
}

impl Barrier<'_> {
    /// A stable name for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Pinned(_) => "PINNED",
            Self::Forbidden => "FORBIDDEN",
            Self::Territory(_) => "TERRITORY",
            Self::Skill { .. } => "SKILL",
            Self::Expired { .. } => "SKILL_EXPIRED",
            Self::Tool(_) => "TOOL",
            Self::Part { .. } => "PART",
        }
    }
}

impl fmt::Display for Barrier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pinned(id) => write!(f, "the visit is pinned to technician {id}"),
            Self::Forbidden => f.write_str("the technician is forbidden for this visit"),
            Self::Territory(name) => write!(f, "the technician does not serve territory {name}"),
            Self::Skill { name, held: 0, .. } => write!(f, "skill {name} is missing"),
            Self::Skill { name, needed, held } => {
                write!(f, "skill {name} is needed at level {needed}, held at level {held}")
            }
            Self::Expired { name, until } => {
                write!(f, "skill {name} expires at {until}, before the visit can end")
            }
            Self::Tool(name) => write!(f, "tool {name} is not in the vehicle"),
            Self::Part { name, needed, stock } => {
                write!(f, "{needed} of part {name} are needed, {stock} are on board")
            }
        }
    }
}

/// The latest start that the certifications allow (`i64::MAX` when none expires), or the rule that
/// bars the technician. Tools and parts are another matter, see [`stocked`].
pub(crate) fn able<'p>(visit: &'p Visit, technician: &Technician, leads: bool) -> Result<i64, Barrier<'p>> {
    if let Some(pinned) = visit.pin.technician.as_ref().filter(|&id| leads && *id != technician.id) {
        return Err(Barrier::Pinned(pinned));
    }
    if visit.forbidden.contains(&technician.id) {
        return Err(Barrier::Forbidden);
    }
    if let Some(territory) = &visit.territory
        && !technician.territories.is_empty()
        && !technician.territories.contains(territory)
    {
        return Err(Barrier::Territory(territory));
    }
    let opening = visit.starts().first().map_or(i64::MIN, |&(open, _)| open);
    let mut latest = i64::MAX;
    for need in &visit.skills {
        let held = technician.skills.iter().filter(|skill| skill.name == need.name);
        let level = held.clone().map(|skill| skill.level).max().unwrap_or(0);
        let until = held.filter(|skill| skill.level >= need.level);
        let Some(until) = until.map(|skill| skill.until.unwrap_or(i64::MAX)).max() else {
            let (name, needed) = (need.name.as_str(), need.level);
            return Err(Barrier::Skill { name, needed, held: level });
        };
        let limit = until.saturating_sub(visit.seconds);
        let shift_opens = technician.shifts.iter().map(|shift| shift.start).min();
        if limit < opening.max(shift_opens.unwrap_or(i64::MIN)) {
            return Err(Barrier::Expired { name: &need.name, until });
        }
        latest = latest.min(limit);
    }
    Ok(latest)
}

/// Whether the vehicle carries what the visit needs once `used` parts are gone.
pub(crate) fn stocked<'p>(
    visit: &'p Visit,
    technician: &Technician,
    used: impl Fn(&str) -> i64,
) -> Result<(), Barrier<'p>> {
    if let Some(tool) = visit.tools.iter().find(|tool| !technician.tools.contains(tool)) {
        return Err(Barrier::Tool(tool));
    }
    for Part { name, count } in &visit.parts {
        let stock = stock(technician, name) - used(name);
        if *count > stock {
            return Err(Barrier::Part { name, needed: *count, stock });
        }
    }
    Ok(())
}

/// How many of a part the technician starts with.
pub(crate) fn stock(technician: &Technician, part: &str) -> i64 {
    technician.parts.iter().filter(|held| held.name == part).map(|held| held.count).sum()
}
