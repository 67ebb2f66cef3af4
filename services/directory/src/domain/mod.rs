//! What is true of parties and their credentials.

pub mod api_key;
pub mod contact;
pub mod grant;
pub mod signing_key;
pub mod site;
pub mod staff;
pub mod tenant;
pub mod vendor;
