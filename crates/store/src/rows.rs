//! Rows that know their version, and are never overwritten unseen.

use sea_orm::sea_query::{Alias, CommonTableExpression, Expr, ExprTrait, WithClause};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, Update,
};
use uuid::Uuid;

use crate::{Error, Page, PageSize, Result, Work};

/// A row with a `version` column: 1 when inserted, one more with each change.
pub trait Versioned: ModelTrait {
    /// What is in the column.
    fn version(&self) -> i64;
}

impl Work {
    /// Inserts a row as it is.
    ///
    /// # Errors
    /// [`Error::Constraint`] by name.
    pub async fn insert<M>(&self, row: M) -> Result<()>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    {
        let active = row.into_active_model().reset_all();
        M::Entity::insert(active).exec_without_returning(self).await?;
        Ok(())
    }

    /// Inserts two rows as they are, in one round trip.
    ///
    /// # Errors
    /// [`Error::Constraint`] by name.
    pub async fn insert_both<M, N>(&self, one: M, other: N) -> Result<()>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        N: ModelTrait + IntoActiveModel<<N::Entity as EntityTrait>::ActiveModel>,
    {
        let one = M::Entity::insert(one.into_active_model().reset_all()).into_query();
        let other = N::Entity::insert(other.into_active_model().reset_all()).into_query();
        let one = CommonTableExpression::new().table_name("one").query(one).to_owned();
        self.execute(&other.with(WithClause::new().cte(one).to_owned())).await?;
        Ok(())
    }

    /// Saves a row that a rule has changed, its version already one higher.
    ///
    /// # Errors
    /// [`Error::Stale`] if somebody else was faster, or it is not in scope.
    pub async fn update<M>(&self, row: M) -> Result<()>
    where
        M: Versioned + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    {
        let before = row.version() - 1;
        let active = row.into_active_model().reset_all();
        let done = Update::one(active)
            .validate()?
            .filter(Expr::col(Alias::new("version")).eq(before))
            .exec_without_returning(self)
            .await?;
        if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
    }
}

/// Compares the version that the caller has read, if it says so (AIP-154).
///
/// # Errors
/// [`Error::Stale`] if it is another.
pub fn expect_etag(etag: &str, version: i64) -> Result<()> {
    if etag.is_empty() || etag == version.to_string() { Ok(()) } else { Err(Error::Stale) }
}

/// What was looked for.
///
/// # Errors
/// [`Error::NotFound`] if there is none in scope.
pub fn found<T>(row: Option<T>) -> Result<T> {
    row.ok_or(Error::NotFound)
}

impl Work {
    /// The row with this id, whichever tenant it is of, if it is in scope.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none in scope.
    pub async fn find<E: EntityTrait>(&self, id: Uuid) -> Result<E::Model> {
        found(E::find().filter(Expr::col(Alias::new("id")).eq(id)).one(self).await?)
    }

    /// A page of all rows in scope, or of one tenant's, newest first.
    ///
    /// # Errors
    /// [`Error::PageToken`] if `token` is not one of ours.
    pub async fn list<E: EntityTrait>(
        &self,
        tenant: Option<Uuid>,
        size: PageSize,
        token: &str,
        id: impl Fn(&E::Model) -> Uuid,
    ) -> Result<Page<E::Model>> {
        let select =
            tenant.map_or_else(E::find, |tenant| E::find().filter(Expr::col(Alias::new("tenant_id")).eq(tenant)));
        self.page(select, size, token, id).await
    }

    /// A page of `select`, newest first.
    ///
    /// # Errors
    /// [`Error::PageToken`] if `token` is not one of ours.
    pub async fn page<E: EntityTrait>(
        &self,
        mut select: Select<E>,
        size: PageSize,
        token: &str,
        id: impl Fn(&E::Model) -> Uuid,
    ) -> Result<Page<E::Model>> {
        if let Some(after) = Page::<Uuid>::after(token)? {
            select = select.filter(Expr::col(Alias::new("id")).lt(after));
        }
        let rows = select.order_by(Expr::col(Alias::new("id")), Order::Desc).limit(size.limit()).all(self).await?;
        Ok(Page::of(rows, size, id))
    }
}
