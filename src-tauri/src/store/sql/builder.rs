//! A text put together from pieces, for lists with filters.

use std::marker::PhantomData;

use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::{Query, QueryAs, Row};
use crate::store::arg::{Arg, Bind};

#[derive(Debug)]
pub struct Builder {
    text: String,
    args: Vec<Arg>,
}

impl Builder {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), args: Vec::new() }
    }

    /// Appends a piece of text, never one that somebody typed.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(crate) fn push_bind(&mut self, value: impl Bind) -> &mut Self {
        self.args.push(value.arg());
        self.text.push('$');
        self.text.push_str(&self.args.len().to_string());
        self
    }

    pub(crate) fn build_query_as<T: Row>(self) -> QueryAs<T> {
        let text = AssertSqlSafe(self.text).into_sql_str();
        QueryAs { query: Query { text, args: self.args }, row: PhantomData }
    }
}
