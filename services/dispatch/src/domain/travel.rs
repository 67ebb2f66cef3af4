//! How long a drive takes, as far as it is known without a map.

/// A point on Earth, WGS 84, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// North is positive.
    pub latitude: f64,
    /// East is positive.
    pub longitude: f64,
}

/// Mean radius of the Earth, IUGG R1.
const EARTH_METRES: f64 = 6_371_008.8;

/// How much longer the road is than the crow's way. Ballou, Rahardja and Sakai
/// ("Selected country circuity factors for road travel distance estimation",
/// Transportation Research A 36, 2002) found 1.2 to 1.6 in most countries.
const CIRCUITY: f64 = 1.3;

/// 50 km/h from door to door, at every hour and in every area: an assumption,
/// between a city at noon and a motorway at night.
const METRES_PER_SECOND: f64 = 50_000.0 / 3_600.0;

/// Seconds from one point to another, in whole minutes: nothing finer is known.
pub fn seconds(from: Point, to: Point) -> i32 {
    let minutes = haversine(from, to) * CIRCUITY / METRES_PER_SECOND / 60.0;
    // Half the Earth's girth is about 31,000 minutes.
    minutes.ceil() as i32 * 60
}

/// Metres along the great circle.
fn haversine(from: Point, to: Point) -> f64 {
    let half_sine = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin();
    let north = half_sine(from.latitude, to.latitude);
    let east = half_sine(from.longitude, to.longitude);
    let h = north * north + from.latitude.to_radians().cos() * to.latitude.to_radians().cos() * east * east;
    2.0 * EARTH_METRES * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADRID: Point = Point { latitude: 40.4168, longitude: -3.7038 };
    const BARCELONA: Point = Point { latitude: 41.3874, longitude: 2.1686 };

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let north = Point { latitude: 41.4168, ..MADRID };
        assert!((haversine(MADRID, north) - 111_195.0).abs() < 1.0);
    }

    #[test]
    fn madrid_to_barcelona_by_air_is_505_km() {
        assert!((haversine(MADRID, BARCELONA) - 505_000.0).abs() < 1_000.0);
    }

    #[test]
    fn drives_are_whole_minutes_rounded_up() {
        let near = Point { latitude: 40.4258, ..MADRID };
        // 1,001 m by air, 1,301 m by road, 94 s.
        assert_eq!(seconds(MADRID, near), 120);
        assert_eq!(seconds(MADRID, MADRID), 0);
        assert_eq!(seconds(MADRID, BARCELONA), seconds(BARCELONA, MADRID));
    }
}
