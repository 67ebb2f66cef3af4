//! Who goes where, and when.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use jiff::civil::Date;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use store::{Page, PageSize, Work};
use uuid::Uuid;

use crate::convert::{self, Told};
use crate::domain::day::{Day, to_chrono};
use crate::domain::state::State;
use crate::domain::suggest::{Booked, Candidate};
use crate::domain::visit::{Change, Column, Entity, Model};
use crate::error::Error;
use crate::store::{sites, technicians};

/// Which visits are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one tenant.
    pub tenant_id: Option<Uuid>,
    /// Of one ticket.
    pub ticket_id: Option<Uuid>,
    /// Of one technician.
    pub technician_id: Option<Uuid>,
    /// In one of these; anywhere, if there are none.
    pub states: Vec<State>,
}

/// Notes that a visit was asked for. A repeat changes nothing.
///
/// # Errors
/// [`Error::SiteUnknown`].
pub async fn request(work: &Work, visit: Model) -> Result<(), Error> {
    let repeated = OnConflict::columns([Column::TenantId, Column::Id]).do_nothing().to_owned();
    let asked = Entity::insert(visit.into_active_model().reset_all()).on_conflict(repeated);
    asked.exec_without_returning(work).await?;
    Ok(())
}

/// Saves what a rule has made of a visit, and tells it.
///
/// # Errors
/// [`Error::TechnicianBusy`], and [`store::Error::Stale`] if somebody else was faster.
pub async fn keep(work: &mut Work, change: Change, told: &Told) -> Result<Model, Error> {
    let Change { row, news } = change;
    if let Some(news) = news {
        work.announce(convert::announce(&row, news, told));
    }
    work.update(row.clone()).await?;
    Ok(row)
}

/// A page of visits, newest first.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn list(work: &Work, filter: Filter, size: PageSize, token: &str) -> Result<Page<Model>, Error> {
    let Filter { tenant_id, ticket_id, technician_id, states } = filter;
    let mut select = Entity::find();
    for (column, id) in
        [(Column::TenantId, tenant_id), (Column::TicketId, ticket_id), (Column::TechnicianId, technician_id)]
    {
        if let Some(id) = id {
            select = select.filter(column.eq(id));
        }
    }
    if !states.is_empty() {
        select = select.filter(Column::State.is_in(states));
    }
    Ok(work.page(select, size, token, |visit| visit.id).await?)
}

/// Every visit for one ticket.
///
/// # Errors
/// Those of the store.
pub async fn of_ticket(work: &Work, ticket: Uuid) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().filter(Column::TicketId.eq(ticket)).order_by_asc(Column::Id).all(work).await?)
}

/// The drafts of one civil date, wherever their sites are; nobody else changes
/// them until this work is over.
///
/// # Errors
/// [`Error::Zone`] of a site.
pub async fn drafts(work: &Work, date: Date) -> Result<Vec<Model>, Error> {
    let world = Day::new(date, "UTC")?;
    let drafts = Entity::find()
        .filter(Column::State.eq(State::Planned))
        .filter(Column::StartAt.gte(day_before(&world)))
        .filter(Column::StartAt.lt(day_after(&world)))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(work)
        .await?;
    let sites = sites::of_all(work, &drafts).await?;
    let mut days: HashMap<&str, Day> = HashMap::new();
    for site in sites.values() {
        days.insert(&site.zone, Day::new(date, &site.zone)?);
    }
    let on_date = |visit: &Model| {
        let day = sites.get(&visit.site_id).and_then(|site| days.get(site.zone.as_str()));
        day.zip(visit.start_at).is_some_and(|(day, start)| day.contains(start))
    };
    Ok(drafts.into_iter().filter(on_date).collect())
}

/// Every technician, with what is in that day and its nights already, `visit` aside.
///
/// # Errors
/// Those of the store.
pub async fn candidates(work: &Work, visit: &Model, day: &Day) -> Result<Vec<Candidate>, Error> {
    let taken = Entity::find()
        .filter(Column::State.is_in(State::COMMITTED))
        .filter(Column::Id.ne(visit.id))
        .filter(Column::EndAt.gt(day_before(day)))
        .filter(Column::StartAt.lt(day_after(day)))
        .order_by_asc(Column::StartAt)
        .all(work)
        .await?;
    let sites = sites::of_all(work, &taken).await?;
    let mut booked: HashMap<Uuid, Vec<Booked>> = HashMap::new();
    for visit in &taken {
        let site = sites.get(&visit.site_id);
        if let (Some(technician), Some(start), Some(end), Some(site)) =
            (visit.technician_id, visit.start_at, visit.end_at, site)
        {
            booked.entry(technician).or_default().push(Booked { start, end, at: site.point() });
        }
    }
    let technicians = technicians::all(work).await?.into_iter();
    Ok(technicians
        .map(|technician| {
            let booked = booked.remove(&technician.id).unwrap_or_default();
            Candidate { technician, booked }
        })
        .collect())
}

/// No zone is further from another than a day.
fn day_before(day: &Day) -> DateTime<Utc> {
    to_chrono(day.start) - TimeDelta::days(1)
}

fn day_after(day: &Day) -> DateTime<Utc> {
    to_chrono(day.end) + TimeDelta::days(1)
}
