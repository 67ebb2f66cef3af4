//! Whose visits somebody may move.

use uuid::Uuid;

use crate::domain::technician;
use crate::error::Error;

/// Whoever moves a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mover {
    /// The dispatchers: any visit.
    Dispatch,
    /// A technician: the visits planned for this member of the staff. A
    /// machine's credential with a technician's role has none.
    Technician(Option<Uuid>),
}

impl Mover {
    /// Whether this visit may be moved.
    ///
    /// # Errors
    /// [`Error::NotYourVisit`] to a technician who is not the one sent.
    pub fn may_move(self, sent: Option<&technician::Model>) -> Result<(), Error> {
        match self {
            Self::Dispatch => Ok(()),
            Self::Technician(Some(staff)) if sent.is_some_and(|t| t.staff_id == staff) => Ok(()),
            Self::Technician(_) => Err(Error::NotYourVisit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::technician::tests::technician;

    #[test]
    fn a_technician_moves_only_the_own_visits() {
        let sent = technician();
        let own = Mover::Technician(Some(sent.staff_id));
        assert!(own.may_move(Some(&sent)).is_ok());
        let refused = [
            own.may_move(None),
            Mover::Technician(Some(Uuid::from_u128(99))).may_move(Some(&sent)),
            Mover::Technician(None).may_move(Some(&sent)),
        ];
        assert!(refused.iter().all(|r| matches!(r, Err(Error::NotYourVisit))));
    }

    #[test]
    fn a_dispatcher_moves_any() {
        assert!(Mover::Dispatch.may_move(None).is_ok());
        assert!(Mover::Dispatch.may_move(Some(&technician())).is_ok());
    }
}
