//! The closed vocabularies of tickets. Their numbers are those of the proto,
//! which a test holds them to.

use sea_orm::{DeriveActiveEnum, EnumIter};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $number:literal)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "i32", db_type = "Integer")]
        pub enum $name {
            $($(#[$word_doc])* #[sea_orm(num_value = $number)] $word,)*
        }

        impl $name {
            /// Its number in the proto and in the database.
            pub fn number(self) -> i32 {
                match self { $(Self::$word => $number,)* }
            }

            /// The word of that number.
            pub fn of(number: i32) -> Option<Self> {
                match number { $($number => Some(Self::$word),)* _ => None }
            }
        }
    )*};
}

words! {
    /// What sort of ticket it is (ITIL).
    Kind {
        /// Something broke.
        Incident = 1
        /// Something is asked for.
        ServiceRequest = 2
        /// The cause of incidents.
        Problem = 3
        /// Something is to be altered.
        Change = 4
        /// A machine reports.
        Alert = 5
    }
    /// Where it stands.
    State {
        /// Nobody has looked at it.
        New = 1
        /// Classified.
        Triaged = 2
        /// Somebody works on it.
        InProgress = 3
        /// For at least one reason.
        Waiting = 4
        /// Solved, as far as the operator knows.
        Resolved = 5
        /// Done with.
        Closed = 6
        /// Not a ticket after all.
        Cancelled = 7
    }
    /// What it waits for.
    WaitReason {
        /// An answer of the client.
        Client = 1
        /// An outsourced provider.
        Vendor = 2
        /// Parts.
        Parts = 3
        /// A visit.
        Visit = 4
        /// The problem behind it.
        Problem = 5
        /// A change.
        Change = 6
    }
    /// Of impact and of urgency.
    Level {
        /// Many people, or now.
        High = 1
        /// Some, or soon.
        Medium = 2
        /// One, or some day.
        Low = 3
    }
    /// P1 is the most urgent.
    Priority {
        /// Critical.
        P1 = 1
        /// High.
        P2 = 2
        /// Moderate.
        P3 = 3
        /// Low.
        P4 = 4
    }
    /// How it was reported.
    Channel {
        /// The client's portal.
        Portal = 1
        /// E-mail.
        Email = 2
        /// A call.
        Phone = 3
        /// A chat.
        Chat = 4
        /// A text message.
        Sms = 5
        /// A program.
        Api = 6
        /// A monitor.
        Monitoring = 7
        /// Face to face.
        InPerson = 8
    }
    /// The tier of support.
    Tier {
        /// Follows guides.
        L1 = 1
        /// Knows the product.
        L2 = 2
        /// Knows its inside.
        L3 = 3
    }
    /// Who may read a message.
    Audience {
        /// The client too.
        Public = 1
        /// The operator alone.
        Internal = 2
        /// The operator and the vendor that holds the hand-off.
        Shared = 3
    }
    /// Where a hand-off stands.
    HandoffState {
        /// A vendor was asked.
        Offered = 1
        /// The vendor holds it.
        Accepted = 2
        /// The vendor says it is solved.
        Proposed = 3
        /// So does the operator.
        Approved = 4
        /// Given back unsolved.
        Returned = 5
        /// The vendor said no.
        Declined = 6
        /// The vendor said nothing.
        Expired = 7
        /// The operator took it back.
        Recalled = 8
    }
    /// Why a vendor gives a ticket back.
    ReturnCode {
        /// Another's product.
        NotOurs = 1
        /// It lacks something.
        NeedInformation = 2
        /// Not in its contract.
        OutOfScope = 3
        /// It does not happen there.
        CannotReproduce = 4
        /// It would cost more than was agreed.
        AbovePriceCap = 5
    }
}

/// The default matrix of impact and urgency.
pub fn priority(impact: Level, urgency: Level) -> Priority {
    match (impact, urgency) {
        (Level::High, Level::High) => Priority::P1,
        (Level::High, Level::Medium) | (Level::Medium, Level::High) => Priority::P2,
        (Level::Medium, Level::Medium) | (Level::Low, Level::High) | (Level::High, Level::Low) => Priority::P3,
        _ => Priority::P4,
    }
}
