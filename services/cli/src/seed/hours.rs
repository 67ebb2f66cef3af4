//! When the operator's office is open, and when it is not.

use anyhow::Result;
use jiff::civil::{Date, Weekday};
use proto::contracts::v1::{Calendar, CreateCalendarRequest, DayException, Opening};

use crate::madrid;
use crate::rest::Session;

/// National holidays of Spain (Official State Gazette): the office is closed.
const HOLIDAYS: [(&str, &str); 18] = [
    ("2026-01-01", "Año Nuevo"),
    ("2026-01-06", "Epifanía del Señor"),
    ("2026-04-03", "Viernes Santo"),
    ("2026-05-01", "Fiesta del Trabajo"),
    ("2026-08-15", "Asunción de la Virgen"),
    ("2026-10-12", "Fiesta Nacional de España"),
    ("2026-12-08", "Inmaculada Concepción"),
    ("2026-12-25", "Natividad del Señor"),
    ("2027-01-01", "Año Nuevo"),
    ("2027-01-06", "Epifanía del Señor"),
    ("2027-03-26", "Viernes Santo"),
    ("2027-05-01", "Fiesta del Trabajo"),
    ("2027-10-12", "Fiesta Nacional de España"),
    ("2027-11-01", "Todos los Santos"),
    ("2027-12-06", "Día de la Constitución Española"),
    ("2027-12-08", "Inmaculada Concepción"),
    ("2027-12-25", "Natividad del Señor"),
    ("2028-01-01", "Año Nuevo"),
];

const OFFICE_DAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];
const OFFICE_HOURS: [(&str, &str); 2] = [("09:00", "14:00"), ("15:00", "18:00")];
const ALL_DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Monday to Friday with a lunch break, closed on holidays.
pub(crate) async fn office(admin: &Session) -> Result<String> {
    let exceptions =
        HOLIDAYS.map(|(date, label)| DayException { date: date.into(), label: label.into(), hours: Vec::new() });
    let calendar = Calendar {
        display_name: "Madrid office".into(),
        zone: madrid::ZONE.into(),
        week: week(&OFFICE_DAYS, &OFFICE_HOURS),
        exceptions: exceptions.into(),
        ..Calendar::default()
    };
    create(admin, "seed/calendar/office", calendar).await
}

/// Round the clock.
pub(crate) async fn always(admin: &Session) -> Result<String> {
    let calendar = Calendar {
        display_name: "Always".into(),
        zone: madrid::ZONE.into(),
        week: week(&ALL_DAYS, &[("00:00", "24:00")]),
        ..Calendar::default()
    };
    create(admin, "seed/calendar/always", calendar).await
}

async fn create(admin: &Session, request_id: &str, calendar: Calendar) -> Result<String> {
    let request = CreateCalendarRequest { calendar: Some(calendar), ..CreateCalendarRequest::default() };
    let calendar: Calendar = admin.once(request_id).call(&request).await?;
    Ok(calendar.name)
}

fn week(days: &[&str], hours: &[(&str, &str)]) -> Vec<Opening> {
    let opening = |day: &str, (open, close): &(&str, &str)| Opening {
        day: day.to_owned(),
        open: (*open).to_owned(),
        close: (*close).to_owned(),
    };
    days.iter().flat_map(|day| hours.iter().map(move |hours| opening(day, hours))).collect()
}

/// Whether the office opens on that day.
pub(crate) fn is_open_on(date: Date) -> bool {
    let is_holiday = || HOLIDAYS.iter().any(|(holiday, _)| *holiday == date.to_string());
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday()
}
