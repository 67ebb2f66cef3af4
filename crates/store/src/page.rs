//! Pages by key, never by offset: a page costs the same wherever it is.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::{Error, Result};

/// How many rows a page has: 50 if not said, at most 1,000 (AIP-158).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u64);

impl PageSize {
    /// From what the caller said; zero and less mean "not said".
    pub fn of(asked: i32) -> Self {
        Self(u64::try_from(asked).ok().filter(|n| *n > 0).map_or(50, |n| n.min(1_000)))
    }

    /// One more than a page: whether there is a next one is known by it.
    pub fn limit(self) -> u64 {
        self.0 + 1
    }
}

/// A page of rows, and the token of the next.
#[derive(Debug)]
pub struct Page<T> {
    /// At most a page full.
    pub rows: Vec<T>,
    /// Empty on the last page.
    pub next: String,
}

impl<T> Page<T> {
    /// Of `rows` fetched with [`PageSize::limit`]; `id` is the key they are
    /// ordered by.
    pub fn of(mut rows: Vec<T>, size: PageSize, id: impl Fn(&T) -> Uuid) -> Self {
        let full = usize::try_from(size.0).unwrap_or(usize::MAX);
        let more = rows.len() > full;
        rows.truncate(full);
        let next = rows.last().filter(|_| more).map(|row| URL_SAFE_NO_PAD.encode(id(row))).unwrap_or_default();
        Self { rows, next }
    }

    /// The key after which a page begins; none for the first.
    ///
    /// # Errors
    /// [`Error::PageToken`] if `token` is not one of ours.
    pub fn after(token: &str) -> Result<Option<Uuid>> {
        if token.is_empty() {
            return Ok(None);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::PageToken)?;
        Uuid::from_slice(&bytes).map(Some).map_err(|_| Error::PageToken)
    }

    /// The same page of something made from each row.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(make).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_where_the_page_ended() {
        let ids: Vec<Uuid> = (0..3).map(Uuid::from_u128).collect();
        let page = Page::of(ids.clone(), PageSize::of(2), |id| *id);
        assert_eq!(page.rows, ids[..2]);
        assert_eq!(Page::<Uuid>::after(&page.next).unwrap(), Some(ids[1]));
        assert!(Page::of(ids[..2].to_vec(), PageSize::of(2), |id| *id).next.is_empty());
        assert!(matches!(Page::<Uuid>::after("§"), Err(Error::PageToken)));
    }
}
