//! The two engines against each other: the schemas hold the same, and every text of the store
//! is one PostgreSQL understands. The other tests prove that it does the same there: they run
//! on it where `CLINICUE_TEST_DATABASE` names a server.

#[cfg(feature = "postgres")]
use std::collections::BTreeSet;
use std::path::Path;

#[cfg(feature = "postgres")]
use clinicue::{queue, store::Store};

/// Tests that are about SQLite itself or about files, and are left out on PostgreSQL.
const LIST: &str = include_str!("sqlite-only.txt");

#[test]
fn each_test_that_is_left_out_on_postgresql_exists_and_has_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, reason) = line.split_once(char::is_whitespace).expect("a name and a reason");
        assert!(reason.trim().len() > 20, "{name}: {reason}");
        let mut parts: Vec<_> = name.split("::").collect();
        let function = parts.pop().expect("a name");
        let file = root.join(format!("{}.rs", parts.join("/")));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        assert!(text.contains(&format!("fn {function}(")), "{name} is not there");
    }
}

/// What is compared: a line for each table's column, key and index.
#[cfg(feature = "postgres")]
type Catalogue = BTreeSet<String>;

#[cfg(feature = "postgres")]
async fn of_sqlite() -> Catalogue {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path(), queue::migrations()).await.expect("opens");
    let columns =
        "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" OR c.pk > 0 THEN ' always' ELSE '' END
        FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'patient_search%'
            AND t.name NOT LIKE '%migrations'";
    // Those apalis makes are its own.
    let indexes = "SELECT t.name || ' ' || CASE i.origin WHEN 'c' THEN i.name ELSE '' END
            || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END
            || CASE i.partial WHEN 1 THEN ' partial' ELSE '' END
            || ' (' || (SELECT group_concat(x.name) FROM pragma_index_xinfo(i.name) x WHERE x.key = 1) || ')'
        FROM sqlite_schema t JOIN pragma_index_list(t.name) i
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'patient_search%'
            AND t.name NOT LIKE '%migrations' AND t.name NOT IN ('Jobs', 'Workers')";
    let mut all = Catalogue::new();
    for sql in [columns, indexes] {
        let rows = clinicue::store::sql::query_scalar::<String>(sql).fetch_all(store.read()).await;
        all.extend(rows.expect("read").into_iter().map(|line| line.to_lowercase()));
    }
    store.close().await;
    all
}

#[cfg(feature = "postgres")]
mod with_a_server {
    use clinicue::store::sql::{for_postgres, query_scalar};
    use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqlSafeStr as _};

    use super::{Catalogue, Store, of_sqlite};
    use crate::{
        faults::growth::ask_for_every_list,
        support::{
            TestApp, database,
            log::watch_statements,
            statements::{Source, seen},
        },
    };

    /// What only SQLite is asked: its search index, its own catalogue and versions.
    const OF_SQLITE: &[&str] = &["patient_search", "sqlite_", "_migrations"];

    async fn server(dir: &tempfile::TempDir) -> String {
        database::url_for(dir.path()).await.expect("CLINICUE_TEST_DATABASE names a server")
    }

    #[tokio::test]
    #[ignore = "needs the server that CLINICUE_TEST_DATABASE names"]
    async fn both_schemas_hold_the_same_columns_keys_and_indexes() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::connect(&server(&dir).await).await.expect("opens");
        let columns = "SELECT table_name || '.' || column_name
                || CASE is_nullable WHEN 'NO' THEN ' always' ELSE '' END
            FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name NOT LIKE '%migrations'";
        let indexes = "SELECT t.relname || ' ' || CASE WHEN c.oid IS NULL THEN i.relname ELSE '' END
                || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
                || CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END
                || ' (' || array_to_string(ARRAY(SELECT pg_get_indexdef(x.indexrelid, n, TRUE)
                    FROM generate_series(1, x.indnatts) n), ',') || ')'
            FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
            LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.contype IN ('p', 'u')
            WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '%migrations'
                AND t.relname NOT IN ('jobs', 'workers')";
        let mut all = Catalogue::new();
        for sql in [columns, indexes] {
            all.extend(query_scalar::<String>(sql).fetch_all(store.read()).await.expect("read"));
        }
        store.close().await;
        let sqlite = of_sqlite().await;
        let missing: Vec<_> = sqlite.difference(&all).collect();
        let more: Vec<_> = all.difference(&sqlite).collect();
        assert!(missing.is_empty() && more.is_empty(), "PostgreSQL lacks {missing:#?} and has {more:#?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "needs the server that CLINICUE_TEST_DATABASE names"]
    async fn every_text_of_the_store_is_understood() {
        watch_statements();
        let app = TestApp::start().await;
        ask_for_every_list(&app).await;
        let source = Source::read();
        let texts = source.whole.iter().cloned().chain(source.built(&seen()));
        let mut conn = PgConnection::connect(&server(&app.dir).await).await.expect("the server is there");
        let (mut wrong, mut count) = (Vec::new(), 0);
        for text in texts.filter(|text| !OF_SQLITE.iter().any(|own| text.contains(own))) {
            let text = for_postgres(AssertSqlSafe(text).into_sql_str());
            count += 1;
            if let Err(error) = conn.prepare(text.clone()).await {
                wrong.push(format!("{error}\n    {}", text.as_str()));
            }
        }
        assert!(count > 150, "only {count} texts were found");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
