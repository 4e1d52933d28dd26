//! Pages of lists, and their cursors.

/// One page of a list, in the order of its key.
#[derive(Clone, Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub(crate) next: Option<Cursor>,
}

/// A place in a list ordered by an instant and an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) at: i64,
    pub(crate) id: String,
}

/// The order of a list by time.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    serde::Deserialize,
    serde::Serialize,
    schemars::JsonSchema,
    specta::Type,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    /// From the earliest to the latest.
    Asc,
    /// From the latest to the earliest.
    #[default]
    Desc,
}

impl Order {
    /// The SQL comparison of a later row with an earlier one.
    pub(super) const fn beyond(self) -> &'static str {
        match self {
            Self::Asc => ">",
            Self::Desc => "<",
        }
    }
}

impl Cursor {
    pub(crate) fn first_in(order: Order) -> Self {
        match order {
            Order::Asc => Self { at: i64::MIN, id: String::new() },
            Order::Desc => Self { at: i64::MAX, id: "~".to_owned() },
        }
    }
}

impl<T> Page<T> {
    pub(crate) fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(row).collect(), next: self.next }
    }

    /// Makes a page of `rows`, which has one more than `limit` where the list goes on.
    pub(crate) fn cut(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }
}
