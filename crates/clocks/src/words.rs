//! The closed vocabularies. In the database they stand as words; their numbers
//! are those of the proto, to which a test of the contracts service holds them.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// Closed vocabularies: an enum each, with its numbers and its words.
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $number:literal $text:literal)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$word_doc])* #[sea_orm(string_value = $text)] #[serde(rename = $text)] $word,)*
        }

        impl $name {
            /// Its number in the proto.
            pub fn number(self) -> i32 {
                match self { $(Self::$word => $number,)* }
            }

            /// The word of that number.
            pub fn of(number: i32) -> Option<Self> {
                match number { $($number => Some(Self::$word),)* _ => None }
            }

            /// As it stands in the database.
            pub fn text(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }
        }
    )*};
}

words! {
    /// P1 is the most urgent.
    Priority {
        /// Critical.
        P1 = 1 "P1"
        /// High.
        P2 = 2 "P2"
        /// Moderate.
        P3 = 3 "P3"
        /// Low.
        P4 = 4 "P4"
    }
    /// The tier of support.
    Tier {
        /// Follows guides.
        L1 = 1 "L1"
        /// Knows the product.
        L2 = 2 "L2"
        /// Knows its inside.
        L3 = 3 "L3"
    }
    /// What a ticket waits for.
    WaitReason {
        /// An answer of the client.
        Client = 1 "client"
        /// An outsourced provider.
        Vendor = 2 "vendor"
        /// Parts.
        Parts = 3 "parts"
        /// A visit.
        Visit = 4 "visit"
        /// The problem behind it.
        Problem = 5 "problem"
        /// A change.
        Change = 6 "change"
    }
    /// Where a hand-off stands.
    HandoffState {
        /// A vendor was asked.
        Offered = 1 "OFFERED"
        /// It holds the work.
        Accepted = 2 "ACCEPTED"
        /// It says it is solved.
        Proposed = 3 "PROPOSED"
        /// The operator agrees.
        Approved = 4 "APPROVED"
        /// Given back unsolved.
        Returned = 5 "RETURNED"
        /// The vendor said no.
        Declined = 6 "DECLINED"
        /// The vendor said nothing.
        Expired = 7 "EXPIRED"
        /// Taken back.
        Recalled = 8 "RECALLED"
    }
    /// What a clock measures.
    Metric {
        /// To the first public answer of a human.
        FirstResponse = 1 "FIRST_RESPONSE"
        /// To the solution.
        Resolution = 2 "RESOLUTION"
        /// Of a vendor: from offer to acceptance.
        Acceptance = 3 "ACCEPTANCE"
        /// Of a vendor: from acceptance to proposal.
        Work = 4 "WORK"
    }
    /// To whom the promise was made.
    ClockKind {
        /// To the client.
        Sla = 1 "SLA"
        /// Between in-house teams.
        Ola = 2 "OLA"
        /// By a vendor, to the operator.
        Uc = 3 "UC"
    }
    /// Where a clock stands.
    ClockState {
        /// It ticks.
        Running = 1 "RUNNING"
        /// It stands still, and has no deadline.
        Paused = 2 "PAUSED"
        /// Stopped in time.
        Met = 3 "MET"
        /// The budget ran out, whether it stopped since or not.
        Missed = 4 "MISSED"
        /// It counts for nobody.
        Void = 5 "VOID"
    }
}
