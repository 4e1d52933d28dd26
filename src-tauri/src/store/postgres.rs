//! PostgreSQL as the second engine. One process at a time: claims and writes have no lease yet.

use std::time::Duration;

use sqlx::{
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{OpenError, Store, open::READERS, sql::Pool};

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(60);

impl Store {
    /// Opens the database at `url` and brings its schema up to date.
    pub async fn connect(url: &str) -> Result<Self, OpenError> {
        let options: PgConnectOptions = url.parse().map_err(|source| failed("PostgreSQL", source))?;
        // A generic plan takes `LIMIT $1` for a tenth of the table.
        let options =
            options.application_name("clinicue").options([("plan_cache_mode", "force_custom_plan")]);
        let name = format!("{}/{}", options.get_host(), options.get_database().unwrap_or_default());
        let pool = |max: u32| {
            let pool = PgPoolOptions::new().max_connections(max).acquire_timeout(ACQUIRE_TIMEOUT);
            pool.connect_with(options.clone())
        };
        let opened = |source| failed(&name, source);
        // One for writing, as with SQLite: a read that is followed by a write relies on nobody in
        // between.
        let write = pool(1).await.map_err(opened)?;
        migrations().run(&write).await.map_err(|source| match source {
            MigrateError::VersionMissing(found) => OpenError::Newer { path: name.clone(), found },
            source => OpenError::Migration { path: name.clone(), source },
        })?;
        Ok(Self {
            write: Pool::Postgres(write),
            read: Pool::Postgres(pool(READERS).await.map_err(opened)?),
            delivery_read: Pool::Postgres(pool(1).await.map_err(opened)?),
            folder: None,
            condition: super::Condition::default(),
            turn: 0,
            listener: super::Listener::default(),
        })
    }
}

fn failed(name: &str, source: sqlx::Error) -> OpenError {
    OpenError::Refused { path: name.to_owned(), source }
}

fn migrations() -> Migrator {
    let mut ours = sqlx::migrate!("./migrations/postgres");
    ours.dangerous_set_table_name("clinicue_migrations");
    ours
}
