//! The operator: its people, its vendors, and what every client shares.

use anyhow::Result;
use proto::access::v1::Role;
use proto::directory::v1::{CreateStaffRequest, CreateVendorRequest, Staff, Vendor};
use proto::dispatch::v1::{CreateTechnicianRequest, Technician, WorkingHours};
use proto::r#type::v1::Place;

use crate::madrid;
use crate::rest::Session;

use super::{hours, promises};

/// The operator, by resource names.
#[derive(Debug, Clone)]
pub(crate) struct Msp {
    pub manager: String,
    pub agent: String,
    pub dispatcher: String,
    pub technician: String,
    pub biller: String,
    /// In rank for L2.
    pub vendors: [String; 2],
    /// When the office answers.
    pub office: String,
    /// The targets of all demo contracts.
    pub policy: String,
}

/// The vendors, in rank, as people call them.
pub(crate) const VENDORS: [&str; 2] = ["Norte Redes", "Cantábrico Sistemas"];

/// What the technician from Alcalá can do.
pub(crate) const NETWORK: &str = "network";

const WORKDAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];

impl Msp {
    /// Makes what is missing of it, as the administrator.
    pub(crate) async fn found(admin: &Session) -> Result<Self> {
        let technician = staff(admin, "technician", "Nuria Vidal", Role::Technician).await?;
        let printing = staff(admin, "technician-2", "Iván Soto", Role::Technician).await?;
        let (office, always) = (hours::office(admin).await?, hours::always(admin).await?);
        let msp = Self {
            manager: staff(admin, "manager", "Marta Olmo", Role::ServiceManager).await?,
            agent: agent(admin).await?,
            dispatcher: staff(admin, "dispatcher", "Diego Pardo", Role::Dispatcher).await?,
            biller: staff(admin, "biller", "Carmen Rey", Role::Biller).await?,
            vendors: [vendor(admin, "norte", VENDORS[0]).await?, vendor(admin, "cantabrico", VENDORS[1]).await?],
            policy: promises::policy(admin, &office, &always).await?,
            technician,
            office,
        };
        promises::underpinning(admin, &msp).await?;
        // Nuria lives in Alcalá de Henares, Iván in Getafe.
        field(admin, (&msp.technician, "Nuria Vidal"), &[NETWORK, "hardware"], (40.4818, -3.3636)).await?;
        field(admin, (&printing, "Iván Soto"), &["printing"], (40.3083, -3.7329)).await?;
        Ok(msp)
    }
}

/// The first line's agent.
pub(crate) async fn agent(admin: &Session) -> Result<String> {
    staff(admin, "agent", "Lucía Ferrer", Role::Agent).await
}

async fn staff(admin: &Session, key: &str, display_name: &str, role: Role) -> Result<String> {
    let request = CreateStaffRequest {
        staff: Some(Staff {
            display_name: display_name.to_owned(),
            email: format!("{key}@relevo.example"),
            roles: vec![role.into()],
            ..Staff::default()
        }),
        ..CreateStaffRequest::default()
    };
    let staff: Staff = admin.once(format!("seed/staff/{key}")).call(&request).await?;
    Ok(staff.name)
}

async fn vendor(admin: &Session, key: &str, display_name: &str) -> Result<String> {
    let request = CreateVendorRequest {
        vendor: Some(Vendor {
            display_name: display_name.to_owned(),
            email: format!("relevo@{key}.example"),
            ..Vendor::default()
        }),
        ..CreateVendorRequest::default()
    };
    let vendor: Vendor = admin.once(format!("seed/vendor/{key}")).call(&request).await?;
    Ok(vendor.name)
}

/// One of the staff as a technician in the field.
async fn field(
    admin: &Session,
    (staff, display_name): (&str, &str),
    skills: &[&str],
    (latitude, longitude): (f64, f64),
) -> Result<()> {
    let hours = WORKDAYS.map(|day| WorkingHours { day: day.into(), start: "08:00".into(), end: "17:00".into() });
    let request = CreateTechnicianRequest {
        technician: Some(Technician {
            staff: staff.to_owned(),
            display_name: display_name.to_owned(),
            skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
            home: Some(Place { latitude, longitude }),
            zone: madrid::ZONE.into(),
            hours: hours.into(),
            ..Technician::default()
        }),
        ..CreateTechnicianRequest::default()
    };
    let once = admin.once(format!("seed/technician/{}", skills.join("-")));
    let _: Technician = once.call(&request).await?;
    Ok(())
}
