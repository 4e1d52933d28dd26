//! Pages of lists.

/// One page of a list, in the order of its key.
#[derive(Clone, Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub(crate) next: Option<Cursor>,
}

/// A place in a list that is ordered by an instant and an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The instant of the last row seen.
    pub(crate) at: i64,
    /// The id of the last row seen.
    pub(crate) id: String,
}

impl Cursor {
    /// Before every row of a list that runs from the newest to the oldest.
    pub(crate) fn newest() -> Self {
        Self { at: i64::MAX, id: "~".to_owned() }
    }
}

impl<T> Page<T> {
    /// Makes a page of `rows`, of which there is one more than `limit` where the list goes on.
    pub(super) fn cut(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }
}
