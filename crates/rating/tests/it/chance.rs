//! Numbers that look like chance and are the same in every run.

/// A linear congruential generator, by Knuth's constants.
pub struct Chance(pub u64);

impl Chance {
    /// A number of `[from, to)`.
    pub fn of(&mut self, from: i64, to: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from + i64::try_from((self.0 >> 33) % (to - from).unsigned_abs()).unwrap()
    }
}
