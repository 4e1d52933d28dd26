//! One step on the way to the wanted menus: its result, or why it failed.

use crate::line::LineError;

pub(super) enum Step {
    Taken,
    /// A call for many users at once.
    Linked,
    Nothing,
}

pub(super) enum Wrong {
    Line(LineError),
    Database(sqlx::Error),
}

impl From<LineError> for Wrong {
    fn from(error: LineError) -> Self {
        Self::Line(error)
    }
}

impl From<sqlx::Error> for Wrong {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}
