//! The two client companies: one pays per seat, the other for what it uses.

use anyhow::{Context, Result};
use jiff::civil::Date;
use proto::contracts::v1::line::Price;
use proto::contracts::v1::{
    ActivateContractRequest, Contract, CreateContractRequest, Line, ListContractsRequest, ListContractsResponse,
    SeatPrice, TierDelivery, TimePrice, UnitPrice,
};
use proto::directory::v1::{Contact, CreateContactRequest, CreateSiteRequest, CreateTenantRequest, Site, Tenant};
use proto::r#type::v1::{Place, Tier};

use crate::rest::Session;
use crate::{madrid, wait};

use super::Msp;
use super::promises::{euros, hourly};

/// VAT in Spain, in percent.
const TAX_PERCENT: &str = "21";

/// Which edition of the clients: the seed's own, or fresh ones of one demo run.
#[derive(Debug, Clone)]
pub(crate) struct Founding {
    /// What all request ids begin with.
    pub series: String,
    /// Behind each display name, such as ` 7f3a`.
    pub suffix: String,
    /// The first day of the contracts.
    pub start: Date,
}

/// A client company.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub display_name: String,
    pub tenant: String,
    pub site: String,
    /// The contact that has a token, and what they are called.
    pub user: String,
    pub person: String,
}

/// What differs between the two.
struct Profile<'a> {
    key: &'a str,
    display_name: &'a str,
    tax_number: &'a str,
    address: &'a str,
    place: (f64, f64),
    person: &'a str,
    phone: &'a str,
    terms: &'a str,
    lines: Vec<Line>,
}

/// A bakery with tills, in Madrid: twelve seats with ten minutes of work each;
/// what goes beyond is paid by the hour.
pub(crate) async fn bakery(admin: &Session, msp: &Msp, founding: &Founding) -> Result<Client> {
    let seats = SeatPrice { monthly: Some(euros(25_00)), seats: 12, included_minutes: 10 };
    let profile = Profile {
        key: "panaderia-sol",
        display_name: "Panadería Sol",
        tax_number: "ESB12345674",
        address: "Calle de Alcalá 120, 28009 Madrid",
        place: (40.4238, -3.6724),
        person: "Ana Sol",
        phone: "+34 910 000 101",
        terms: "Support per seat",
        lines: vec![
            line("seats", "Seats", Price::Seat(seats)),
            line("remote", "Remote work beyond the pool", time("remote", 55_00)),
            line("specialist", "Specialists beyond the pool", time("specialist", 85_00)),
            line("onsite", "Work on site beyond the pool", time("onsite", 65_00)),
            line("visit", "Visits", Price::Visit(each(40_00))),
        ],
    };
    found(admin, msp, founding, profile).await
}

/// A garage in Alcalá de Henares: it pays for each quarter of an hour.
pub(crate) async fn garage(admin: &Session, msp: &Msp, founding: &Founding) -> Result<Client> {
    let remote = TimePrice {
        after_hours_multiplier: "1.5".into(),
        minimum_minutes: 15,
        step_minutes: 15,
        ..hourly("remote", 60_00)
    };
    let profile = Profile {
        key: "talleres-vega",
        display_name: "Talleres Vega",
        tax_number: "ESB76543214",
        address: "Avenida de Madrid 40, 28802 Alcalá de Henares",
        place: (40.4840, -3.3790),
        person: "Luis Vega",
        phone: "+34 910 000 202",
        terms: "Pay per use",
        lines: vec![
            line("remote", "Remote work", Price::Time(remote)),
            line("specialist", "Specialists", time("specialist", 90_00)),
            line("onsite", "Work on site", time("onsite", 70_00)),
            line("visit", "Visits", Price::Visit(each(45_00))),
        ],
    };
    found(admin, msp, founding, profile).await
}

async fn found(admin: &Session, msp: &Msp, founding: &Founding, profile: Profile<'_>) -> Result<Client> {
    let once = |what: &str| admin.once(format!("{}/{what}/{}", founding.series, profile.key));
    let display_name = format!("{}{}", profile.display_name, founding.suffix);
    let request = CreateTenantRequest {
        tenant: Some(Tenant {
            display_name: display_name.clone(),
            zone: madrid::ZONE.into(),
            currency: "EUR".into(),
            tax_number: profile.tax_number.into(),
            ..Tenant::default()
        }),
        ..CreateTenantRequest::default()
    };
    let tenant: Tenant = once("tenant").call(&request).await?;
    let (latitude, longitude) = profile.place;
    let request = CreateSiteRequest {
        site: Some(Site {
            tenant: tenant.name.clone(),
            display_name: "Main site".into(),
            address: profile.address.into(),
            place: Some(Place { latitude, longitude }),
            zone: madrid::ZONE.into(),
            ..Site::default()
        }),
        ..CreateSiteRequest::default()
    };
    let site: Site = once("site").call(&request).await?;
    let request = CreateContactRequest {
        contact: Some(Contact {
            tenant: tenant.name.clone(),
            display_name: profile.person.into(),
            email: format!("it@{}.example", profile.key),
            phone: profile.phone.into(),
            site: site.name.clone(),
            ..Contact::default()
        }),
        ..CreateContactRequest::default()
    };
    let contact: Contact = once("contact").call(&request).await?;
    contract(admin, msp, founding, &tenant.name, &profile).await?;
    Ok(Client { display_name, tenant: tenant.name, site: site.name, user: contact.name, person: profile.person.into() })
}

/// The contract in force: the one that is there already, whatever its start,
/// or a new one.
async fn contract(admin: &Session, msp: &Msp, founding: &Founding, tenant: &str, profile: &Profile<'_>) -> Result<()> {
    let request = ListContractsRequest { tenant: tenant.to_owned(), ..ListContractsRequest::default() };
    let there: ListContractsResponse = admin.call(&request).await?;
    let key = |what: &str| format!("{}/{what}/{}", founding.series, profile.key);
    let contract = match there.contracts.into_iter().next() {
        Some(contract) => contract,
        None => {
            let draft = Contract {
                tenant: tenant.to_owned(),
                display_name: profile.terms.into(),
                start_date: founding.start.to_string(),
                currency: "EUR".into(),
                sla_policy: msp.policy.clone(),
                calendar: msp.office.clone(),
                deliveries: vec![TierDelivery { tier: Tier::L2.into(), vendors: msp.vendors.to_vec() }],
                lines: profile.lines.clone(),
                tax_percent: TAX_PERCENT.into(),
                ..Contract::default()
            };
            create(&admin.once(key("contract")), draft).await?
        }
    };
    activate(&admin.once(key("activation")), &contract.name).await?;
    Ok(())
}

/// A draft, as soon as contracts has heard of its tenant.
pub(crate) async fn create(once: &Session, draft: Contract) -> Result<Contract> {
    let tenant = draft.tenant.clone();
    let request = CreateContractRequest { contract: Some(draft), ..CreateContractRequest::default() };
    let made = wait::known(async || once.call(&request).await).await;
    made.with_context(|| format!("a contract for {tenant}"))
}

/// In force from its start date on.
pub(crate) async fn activate(once: &Session, contract: &str) -> Result<Contract> {
    let request = ActivateContractRequest { name: contract.to_owned(), ..ActivateContractRequest::default() };
    Ok(once.call(&request).await?)
}

/// One thing that is sold.
pub(crate) fn line(id: &str, display_name: &str, price: Price) -> Line {
    Line { id: id.to_owned(), display_name: display_name.to_owned(), price: Some(price) }
}

/// An hour of one kind of work, half as dear again after hours.
fn time(work_type: &str, minor: i64) -> Price {
    Price::Time(TimePrice { after_hours_multiplier: "1.5".into(), ..hourly(work_type, minor) })
}

fn each(minor: i64) -> UnitPrice {
    UnitPrice { each: Some(euros(minor)) }
}
