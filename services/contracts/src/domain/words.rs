//! The closed vocabularies. In the database they stand as words; their numbers
//! are those of the proto, to which a test holds them.

pub use ::clocks::words::{ClockKind, ClockState, HandoffState, Metric, Priority, Tier, WaitReason};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

::clocks::words! {
    /// Where a contract stands.
    ContractState {
        /// Covers nothing yet.
        Draft = 1 "DRAFT"
        /// Covers, and is billed.
        Active = 2 "ACTIVE"
        /// For a while it covers nothing.
        Suspended = 3 "SUSPENDED"
        /// Its end has come.
        Expired = 4 "EXPIRED"
        /// It was ended.
        Terminated = 5 "TERMINATED"
    }
    /// What a contract says of a ticket.
    Decision {
        /// It covers it.
        Covered = 1 "COVERED"
        /// Somebody has to agree.
        NeedsApproval = 2 "NEEDS_APPROVAL"
        /// Nothing covers it.
        OutOfScope = 3 "OUT_OF_SCOPE"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::contracts::v1 as pb;
    use proto::tickets::v1 as tickets;
    use proto::r#type::v1 as shared;

    macro_rules! same_numbers {
        ($($word:ty, $message:ty);*) => {$({
            let named: Vec<(i32, String)> = (1..20)
                .filter_map(|n| Some((n, <$message>::try_from(n).ok()?.as_str_name().to_owned())))
                .collect();
            assert!(!named.is_empty());
            assert!(<$word>::of(i32::try_from(named.len()).unwrap() + 1).is_none());
            for (number, name) in named {
                let word = <$word>::of(number).unwrap();
                assert_eq!(word.number(), number);
                assert!(name.ends_with(&word.text().to_uppercase()), "{name} is not {}", word.text());
            }
        })*};
    }

    #[test]
    fn the_numbers_are_those_of_the_proto() {
        same_numbers! {
            Priority, shared::Priority;
            Tier, shared::Tier;
            WaitReason, tickets::WaitReason;
            HandoffState, tickets::HandoffState;
            Metric, pb::Metric;
            ClockKind, pb::ClockKind;
            ClockState, pb::ClockState;
            ContractState, pb::ContractState;
            Decision, pb::Decision
        }
    }
}
