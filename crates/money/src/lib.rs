//! Exact amounts of money.
