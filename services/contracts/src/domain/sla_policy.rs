//! What is promised to a client, by priority. A policy is never changed:
//! tickets keep the one under which they were opened.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::words::{Metric, Priority, WaitReason};

/// One policy.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_policies")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Always 1.
    pub version: i64,
    /// For people.
    pub display_name: String,
    /// One for each priority and metric that is tracked.
    #[sea_orm(column_type = "JsonBinary")]
    pub targets: Targets,
    /// While a ticket waits for one of these, its resolution clock stands still.
    #[sea_orm(column_type = "JsonBinary")]
    pub pause_reasons: PauseReasons,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// In the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Targets(pub Vec<Target>);

/// What must happen within how much open time of which calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Of tickets so urgent.
    pub priority: Priority,
    /// What has to happen.
    pub metric: Metric,
    /// Within so much open time.
    pub seconds: i64,
    /// Of this calendar.
    pub calendar_id: Uuid,
}

/// Each once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct PauseReasons(pub BTreeSet<WaitReason>);
