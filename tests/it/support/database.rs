//! The engine the tests run on: SQLite, or the PostgreSQL server that `CLINICUE_TEST_DATABASE`
//! names (`postgres://user@127.0.0.1:5432/postgres`, a user who may create databases).

#[cfg(feature = "postgres")]
pub use self::postgres::url_for;

/// Nothing but SQLite is built in.
#[cfg(not(feature = "postgres"))]
#[expect(clippy::unused_async, reason = "with the other engine it waits")]
pub async fn url_for(_: &std::path::Path) -> Option<String> {
    None
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::{
        path::{Path, PathBuf},
        sync::Mutex,
    };

    use clinicue::store::Store;
    use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
    use tokio::sync::OnceCell;

    /// The databases of this run and the folders they belong to.
    static MADE: Mutex<Vec<(String, PathBuf)>> = Mutex::new(Vec::new());
    /// The database every other one is a copy of.
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();

    #[expect(clippy::disallowed_methods, reason = "it is the tests' own setting")]
    fn server() -> Option<String> {
        std::env::var("CLINICUE_TEST_DATABASE").ok()
    }

    /// The database that belongs to a folder, made where there is none; `None` for SQLite.
    pub async fn url_for(folder: &Path) -> Option<String> {
        let server = server()?;
        let template = TEMPLATE.get_or_init(|| template(&server)).await;
        let of_folder = folder.file_name().expect("a folder").to_string_lossy();
        let clean: String = of_folder.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = format!("it_{}_{clean}", std::process::id());
        let gone = {
            let mut made = MADE.lock().expect("not poisoned");
            if made.iter().any(|(n, _)| *n == name) {
                return Some(url(&server, &name));
            }
            let (there, gone) = made.drain(..).partition(|(_, folder)| folder.exists());
            *made = there;
            made.push((name.clone(), folder.to_owned()));
            gone
        };
        let mut all: Vec<_> =
            gone.iter().map(|(name, _)| format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).collect();
        all.push(format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""));
        run(&server, all).await;
        Some(url(&server, &name))
    }

    async fn template(server: &str) -> String {
        let name = format!("it_{}", std::process::id());
        // Not the collation our own columns have: what forgets to name it is found out.
        run(server, vec![format!("CREATE DATABASE \"{name}\" TEMPLATE template0")]).await;
        let store = Store::connect(&url(server, &name)).await.expect("a new database opens");
        store.close().await;
        name
    }

    fn url(server: &str, database: &str) -> String {
        let (server, _) = server.rsplit_once('/').expect("a database in the URL");
        format!("{server}/{database}")
    }

    async fn run(server: &str, statements: Vec<String>) {
        let mut conn = PgConnection::connect(server).await.expect("the server is there");
        for statement in statements {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut conn).await.expect("done");
        }
        conn.close().await.expect("closed");
    }
}
