//! When may an area be closed?

/// Remaining area that still counts as none, in square metres.
const REMAINING_M2_MAX: f64 = 1.0;
/// Remaining share of the area that still counts as none.
const REMAINING_SHARE_MAX: f64 = 0.001;

/// Whether nothing of an area remains: at most 1 m², or 0.1 % of it. Otherwise closing needs an approver's reason.
pub fn may_close(area_m2: f64, remaining_m2: f64) -> bool {
    remaining_m2 <= REMAINING_M2_MAX.max(area_m2 * REMAINING_SHARE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_closes_when_at_most_a_square_metre_or_a_thousandth_remains() {
        assert!(may_close(500.0, 1.0) && !may_close(500.0, 1.1));
        assert!(may_close(10_000.0, 10.0) && !may_close(10_000.0, 10.1));
        assert!(may_close(0.0, 0.0));
        assert!(!may_close(f64::NAN, 2.0) && !may_close(10_000.0, f64::NAN));
    }
}
