//! Where a visit stands, and what may be done to it there.

use sea_orm::entity::prelude::*;

use crate::error::Error;

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Asked for; nobody goes yet.
    Requested,
    /// In the draft of a technician's day.
    Planned,
    /// Published: the client was told.
    Promised,
    /// The technician is on the way.
    EnRoute,
    /// The technician is there.
    OnSite,
    /// Done.
    Completed,
    /// Nobody opened.
    NoAccess,
    /// Nobody goes.
    Cancelled,
}

/// What may be done to a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter)]
pub enum Step {
    /// Into a technician's day, or elsewhere in it.
    Plan,
    /// The client is told.
    Publish,
    /// The technician sets out.
    Travel,
    /// The technician is there.
    Arrive,
    /// The work is done.
    Complete,
    /// The door stays closed.
    GiveUp,
    /// It is not wanted any more.
    Cancel,
}

/// Each step, from where it may be taken, and where it leads. What is not
/// here is refused.
const STEPS: [(Step, &[State], State); 7] = {
    use State::{Cancelled, Completed, EnRoute, NoAccess, OnSite, Planned, Promised, Requested};
    [
        (Step::Plan, &[Requested, Planned, Promised], Planned),
        (Step::Publish, &[Planned], Promised),
        (Step::Travel, &[Promised], EnRoute),
        (Step::Arrive, &[EnRoute], OnSite),
        (Step::Complete, &[OnSite], Completed),
        // Before or after the technician has said "I am here".
        (Step::GiveUp, &[EnRoute, OnSite], NoAccess),
        // Whoever is on site ends the visit there.
        (Step::Cancel, &[Requested, Planned, Promised, EnRoute], Cancelled),
    ]
};

impl State {
    /// In these a technician is taken.
    pub const COMMITTED: [Self; 4] = [Self::Planned, Self::Promised, Self::EnRoute, Self::OnSite];

    /// Where `step` leads from here.
    ///
    /// # Errors
    /// [`Error::WrongState`] if it cannot be taken here.
    pub fn after(self, step: Step) -> Result<Self, Error> {
        STEPS
            .iter()
            .find(|(taken, from, _)| *taken == step && from.contains(&self))
            .map(|(_, _, to)| *to)
            .ok_or(Error::WrongState { state: self, step })
    }
}

impl Step {
    /// To be read after "the visit cannot be".
    pub const fn text(self) -> &'static str {
        match self {
            Self::Plan => "planned",
            Self::Publish => "published",
            Self::Travel => "travelled to",
            Self::Arrive => "arrived at",
            Self::Complete => "completed",
            Self::GiveUp => "reported as not accessible",
            Self::Cancel => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    /// Rows are states, columns are steps: plan, publish, travel, arrive,
    /// complete, give up, cancel. Written out by hand, not read from the table.
    const EXPECTED: [(State, [Option<State>; 7]); 8] = {
        use State::*;
        const NO: Option<State> = None;
        [
            (Requested, [Some(Planned), NO, NO, NO, NO, NO, Some(Cancelled)]),
            (Planned, [Some(Planned), Some(Promised), NO, NO, NO, NO, Some(Cancelled)]),
            (Promised, [Some(Planned), NO, Some(EnRoute), NO, NO, NO, Some(Cancelled)]),
            (EnRoute, [NO, NO, NO, Some(OnSite), NO, Some(NoAccess), Some(Cancelled)]),
            (OnSite, [NO, NO, NO, NO, Some(Completed), Some(NoAccess), NO]),
            (Completed, [NO; 7]),
            (NoAccess, [NO; 7]),
            (Cancelled, [NO; 7]),
        ]
    };

    #[test]
    fn every_step_from_every_state() {
        assert!(State::iter().eq(EXPECTED.map(|(state, _)| state)));
        for (state, leads) in EXPECTED {
            for (step, to) in Step::iter().zip(leads) {
                assert_eq!(state.after(step).ok(), to, "{step:?} from {state:?}");
            }
        }
    }

    #[test]
    fn a_refusal_names_state_and_step() {
        let refusal = State::Requested.after(Step::Publish).unwrap_err();
        assert_eq!(refusal.to_string(), "the visit is REQUESTED: it cannot be published");
    }
}
