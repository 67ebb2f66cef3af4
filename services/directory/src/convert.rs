//! Between the wire and the domain: the only file that names both.

use ::store::News;
use chrono::{DateTime, Utc};
use events::news;
use proto::access::v1::Role;
use proto::directory::v1 as pb;
use proto::r#type::v1::Place;
use service::{Fields, Violations, instant, name, timestamp};
use uuid::Uuid;

use crate::domain::grant::Grant;
use crate::domain::{api_key, contact, signing_key, site, staff, tenant, vendor};

/// Reads a new tenant.
pub fn new_tenant(given: Option<pb::Tenant>, now: DateTime<Utc>) -> Result<tenant::Model, Violations> {
    let mut fields = Fields::default();
    let pb::Tenant { name: _, display_name, zone, currency, tax_number, create_time: _, etag: _ } =
        given.unwrap_or_default();
    if iso_currency::Currency::from_code(&currency).is_none() {
        fields.refuse("tenant.currency", "CURRENCY", "must be an ISO 4217 code such as EUR");
    }
    let id = Uuid::now_v7();
    let tenant = tenant::Model {
        tenant_id: id,
        id,
        version: 1,
        display_name: fields.text("tenant.display_name", &display_name, 1..=200),
        zone: fields.zone("tenant.zone", &zone),
        currency,
        tax_number: fields.text("tenant.tax_number", &tax_number, 0..=40),
        created_at: now,
    };
    fields.finish(tenant)
}

/// Reads a new site.
pub fn new_site(given: Option<pb::Site>, now: DateTime<Utc>) -> Result<site::Model, Violations> {
    let mut fields = Fields::default();
    let pb::Site { name: _, tenant, display_name, address, place, zone, create_time: _, etag: _ } =
        given.unwrap_or_default();
    let Place { latitude, longitude } = place.unwrap_or_else(|| {
        fields.refuse("site.place", "REQUIRED", "is required");
        Place::default()
    });
    if !(-90.0..=90.0).contains(&latitude) {
        fields.refuse("site.place.latitude", "RANGE", "must be -90 to 90 degrees");
    }
    if !(-180.0..=180.0).contains(&longitude) {
        fields.refuse("site.place.longitude", "RANGE", "must be -180 to 180 degrees");
    }
    let site = site::Model {
        tenant_id: fields.name("site.tenant", &tenant, "tenants"),
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("site.display_name", &display_name, 1..=200),
        address: fields.text("site.address", &address, 1..=500),
        latitude,
        longitude,
        zone: fields.zone("site.zone", &zone),
        created_at: now,
    };
    fields.finish(site)
}

/// Reads a new contact.
pub fn new_contact(given: Option<pb::Contact>, now: DateTime<Utc>) -> Result<contact::Model, Violations> {
    let mut fields = Fields::default();
    let pb::Contact { name: _, tenant, display_name, email, phone, site, create_time: _, etag: _ } =
        given.unwrap_or_default();
    let contact = contact::Model {
        tenant_id: fields.name("contact.tenant", &tenant, "tenants"),
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("contact.display_name", &display_name, 1..=200),
        email: address(&mut fields, "contact.email", &email),
        phone: fields.text("contact.phone", &phone, 0..=40),
        site_id: fields.name_if_given("contact.site", &site, "sites"),
        created_at: now,
    };
    fields.finish(contact)
}

/// Reads a new member of staff.
pub fn new_staff(given: Option<pb::Staff>, now: DateTime<Utc>) -> Result<staff::Model, Violations> {
    let mut fields = Fields::default();
    let pb::Staff { name: _, display_name, email, roles, create_time: _, etag: _ } = given.unwrap_or_default();
    if roles.is_empty() {
        fields.refuse("staff.roles", "REQUIRED", "is required");
    }
    let mut named: Vec<String> =
        roles.iter().map(|role| fields.chosen::<Role>("staff.roles", *role).as_str_name().to_owned()).collect();
    named.sort();
    named.dedup();
    let staff = staff::Model {
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("staff.display_name", &display_name, 1..=200),
        email: address(&mut fields, "staff.email", &email),
        roles: named,
        created_at: now,
    };
    fields.finish(staff)
}

/// Reads a new vendor.
pub fn new_vendor(given: Option<pb::Vendor>, now: DateTime<Utc>) -> Result<vendor::Model, Violations> {
    let mut fields = Fields::default();
    let pb::Vendor { name: _, display_name, email, create_time: _, etag: _ } = given.unwrap_or_default();
    let vendor = vendor::Model {
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("vendor.display_name", &display_name, 1..=200),
        email: address(&mut fields, "vendor.email", &email),
        created_at: now,
    };
    fields.finish(vendor)
}

/// Reads a new key, for `secret`.
pub fn new_api_key(given: Option<pb::ApiKey>, secret: &str, now: DateTime<Utc>) -> Result<api_key::Model, Violations> {
    let mut fields = Fields::default();
    let pb::ApiKey { name: _, display_name, subject, secret: _, expire_time, revoke_time: _, create_time: _, etag: _ } =
        given.unwrap_or_default();
    let expires_at = expire_time.map(|at| fields.time("api_key.expire_time", Some(&at)));
    if expires_at.is_some_and(|at| at <= now) {
        fields.refuse("api_key.expire_time", "PAST", "must be in the future");
    }
    let key = api_key::Model {
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("api_key.display_name", &display_name, 1..=200),
        digest: api_key::digest(secret),
        subject: fields.text("api_key.subject", &subject, 1..=100),
        expires_at,
        revoked_at: None,
        created_at: now,
    };
    fields.finish(key)
}

/// Reads for whom a token is to be, and for how long.
pub fn issue_token(request: &pb::IssueTokenRequest) -> Result<(String, chrono::TimeDelta), Violations> {
    let mut fields = Fields::default();
    let pb::IssueTokenRequest { subject, lifetime_seconds } = request;
    let subject = fields.text("subject", subject, 1..=100);
    let seconds = if *lifetime_seconds == 0 { 3_600 } else { i64::from(*lifetime_seconds) };
    let lifetime = fields.number("lifetime_seconds", seconds, 60..=crate::domain::grant::LONGEST.num_seconds());
    fields.finish((subject, chrono::TimeDelta::seconds(lifetime)))
}

/// Reads a name in `collection`.
pub fn id(field: &str, value: &str, collection: &str) -> Result<Uuid, Violations> {
    let mut fields = Fields::default();
    let id = fields.name(field, value, collection);
    fields.finish(id)
}

/// Reads a name in `collection`, or nothing.
pub fn id_if_given(field: &str, value: &str, collection: &str) -> Result<Option<Uuid>, Violations> {
    let mut fields = Fields::default();
    let id = fields.name_if_given(field, value, collection);
    fields.finish(id)
}

fn address(fields: &mut Fields, field: &str, value: &str) -> String {
    let value = fields.text(field, value, 1..=254);
    // RFC 5321 leaves the rest to whoever delivers it.
    if !value.is_empty()
        && !value
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.len() > 1 && !value.contains(' '))
    {
        fields.refuse(field, "EMAIL", "must be an address such as ana@example.com");
    }
    value
}

/// A tenant, as others see it.
pub fn tenant(row: &tenant::Model) -> pb::Tenant {
    let tenant::Model { tenant_id: _, id, version, display_name, zone, currency, tax_number, created_at } = row.clone();
    pb::Tenant {
        name: name("tenants", id),
        display_name,
        zone,
        currency,
        tax_number,
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// A site, as others see it.
pub fn site(row: &site::Model) -> pb::Site {
    let site::Model { tenant_id, id, version, display_name, address, latitude, longitude, zone, created_at } =
        row.clone();
    pb::Site {
        name: name("sites", id),
        tenant: name("tenants", tenant_id),
        display_name,
        address,
        place: Some(Place { latitude, longitude }),
        zone,
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// A contact, as others see it.
pub fn contact(row: &contact::Model) -> pb::Contact {
    let contact::Model { tenant_id, id, version, display_name, email, phone, site_id, created_at } = row.clone();
    pb::Contact {
        name: name("contacts", id),
        tenant: name("tenants", tenant_id),
        display_name,
        email,
        phone,
        site: site_id.map(|id| name("sites", id)).unwrap_or_default(),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// A member of staff, as others see it.
pub fn staff(row: &staff::Model) -> pb::Staff {
    let staff::Model { id, version, display_name, email, roles, created_at } = row.clone();
    pb::Staff {
        name: name("staff", id),
        display_name,
        email,
        roles: role_numbers(&roles),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// A vendor, as others see it.
pub fn vendor(row: &vendor::Model) -> pb::Vendor {
    let vendor::Model { id, version, display_name, email, created_at } = row.clone();
    pb::Vendor {
        name: name("vendors", id),
        display_name,
        email,
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// A key, as others see it; with its secret only in the answer to its making.
pub fn api_key(row: &api_key::Model, secret: String) -> pb::ApiKey {
    let api_key::Model { id, version, display_name, digest: _, subject, expires_at, revoked_at, created_at } =
        row.clone();
    pb::ApiKey {
        name: name("apiKeys", id),
        display_name,
        subject,
        secret,
        expire_time: expires_at.map(timestamp),
        revoke_time: revoked_at.map(timestamp),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// A grant, for the gateway.
pub fn grant(grant: Grant, expires_at: Option<DateTime<Utc>>) -> pb::Grant {
    let Grant { subject, party, tenant, vendor, roles } = grant;
    pb::Grant {
        subject,
        party: party.to_owned(),
        tenant: tenant.unwrap_or_default(),
        vendor: vendor.unwrap_or_default(),
        roles: role_numbers(&roles),
        expire_time: expires_at.map(timestamp),
    }
}

/// The public halves of `keys` (RFC 7517, RFC 8037).
pub fn jwks<'a>(keys: impl Iterator<Item = &'a signing_key::Model>) -> pb::Jwks {
    let jwk = |key: &signing_key::Model| pb::Jwk {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        kid: key.id.clone(),
        alg: "EdDSA".to_owned(),
        r#use: "sig".to_owned(),
        x: key.public_key.clone(),
    };
    pb::Jwks { keys: keys.map(jwk).collect() }
}

fn role_numbers(roles: &[String]) -> Vec<i32> {
    roles.iter().filter_map(|role| Role::from_str_name(role)).map(i32::from).collect()
}

/// Told when a tenant was made.
pub fn tenant_created(row: &tenant::Model) -> News {
    news(row.tenant_id, &pb::TenantCreated { tenant: Some(tenant(row)) })
}

/// Told when a site was made.
pub fn site_created(row: &site::Model) -> News {
    news(row.tenant_id, &pb::SiteCreated { site: Some(site(row)) })
}

/// Told when a contact was made.
pub fn contact_created(row: &contact::Model) -> News {
    news(row.tenant_id, &pb::ContactCreated { contact: Some(contact(row)) })
}

/// Told when a member of staff was made.
pub fn staff_created(row: &staff::Model) -> News {
    news(Uuid::nil(), &pb::StaffCreated { staff: Some(staff(row)) })
}

/// Told when a vendor was made.
pub fn vendor_created(row: &vendor::Model) -> News {
    news(Uuid::nil(), &pb::VendorCreated { vendor: Some(vendor(row)) })
}

/// The instant that a lifetime ends.
pub fn expiry(claims_exp: i64) -> Option<prost_types::Timestamp> {
    instant(&prost_types::Timestamp { seconds: claims_exp, nanos: 0 }).map(timestamp)
}
