//! The clinic's nouns and rules, pure: no time is asked, nothing is stored or sent here.

pub mod activity;
pub mod acts;
pub(crate) mod alarm;
pub mod assignment;
pub(crate) mod calendar;
pub mod channel;
pub mod clinic;
pub(crate) mod code_tries;
pub mod delivery;
pub mod draft;
pub mod feedback;
pub(crate) mod held_lately;
pub mod language;
pub mod media;
pub(crate) mod menu;
pub mod message;
pub mod patient;
pub(crate) mod picker;
pub mod protocol;
pub(crate) mod quick_reply;
pub mod staff;
pub(crate) mod stage;
mod texts;
pub(crate) mod ticket;
pub mod translation;
pub mod trigger;
pub mod unit;
pub(crate) mod unseen;
pub mod upkeep;
pub mod upload;
pub(crate) mod urgent_reply;
pub mod variables;
pub mod work;

/// Derives the traits of a small enum: lower-case names in JSON and in the database, and parsing
/// from the name.
macro_rules! named_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
            schemars::JsonSchema, specta::Type,
        )]
        $(#[$meta])*
        #[allow(unreachable_pub, reason = "some stand in modules of the crate alone")]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }

        #[allow(unreachable_pub, reason = "as above")]
        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in JSON and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
                    .ok_or_else(|| format!("{text:?} is not a {}", stringify!($name)))
            }
        }

        impl<DB: sqlx::Database> sqlx::Type<DB> for $name where String: sqlx::Type<DB> {
            fn type_info() -> DB::TypeInfo { <String as sqlx::Type<DB>>::type_info() }
            fn compatible(ty: &DB::TypeInfo) -> bool { <String as sqlx::Type<DB>>::compatible(ty) }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $name where String: sqlx::Encode<'q, DB> {
            fn encode_by_ref(
                &self,
                buf: &mut <DB as sqlx::Database>::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                sqlx::Encode::<DB>::encode(self.as_str().to_owned(), buf)
            }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name where &'r str: sqlx::Decode<'r, DB> {
            fn decode(value: <DB as sqlx::Database>::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                Ok(<&str as sqlx::Decode<DB>>::decode(value)?.parse::<Self>()?)
            }
        }
    };
}
pub(crate) use named_enum;
