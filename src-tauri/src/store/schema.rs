//! Tests of the schema: the effect of a migration on a database in use, and that each list of names
//! in it equals the domain's.

use std::{collections::BTreeSet, path::Path};

use sqlx::{AssertSqlSafe, SqlitePool};

use super::{
    open,
    sql::{Pool, query_scalar},
    tables::Table,
};
use crate::domain::{
    assignment,
    delivery::{InteractionStatus, Priority, State},
    feedback::FeedbackAction,
    message::MessageType,
    patient::{self, Reachability},
    protocol::{self, WhenUnreachable},
    staff::Role,
    work::{NoteKind, Reason},
};

/// The last migration under which the schema listed message types and reasons.
const WITH_LISTS: i64 = 20_261_127_000_003;

/// The migration that removed these lists.
const WITHOUT_LISTS: i64 = 20_261_128_000_001;

/// The reasons at that time; newer ones would have been refused.
const OLD_REASONS: [Reason; 9] = [
    Reason::Worrying,
    Reason::Postponed,
    Reason::Missed,
    Reason::Blocked,
    Reason::Unlinked,
    Reason::Failed,
    Reason::Expired,
    Reason::Wrote,
    Reason::Relink,
];

const OLD_TYPES: [MessageType; 4] =
    [MessageType::Text, MessageType::Image, MessageType::Flex, MessageType::Template];

/// Columns whose names only the domain lists, since they grow.
const UNLISTED: [(&str, &str); 2] = [("protocol_steps", "message_type"), ("worklist", "reason")];

async fn run(pool: &SqlitePool, sql: String) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(|_| ())
}

async fn read(pool: &SqlitePool, sql: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(pool).await.expect("read")
}

/// An empty database. The queue makes its tables before ours; one of our migrations names this.
async fn empty(folder: &Path) -> SqlitePool {
    let pool = open::connect_writer(folder).await.expect("opens");
    let jobs = "CREATE TABLE Jobs (id TEXT, job_type TEXT, status TEXT, done_at INTEGER, lock_by TEXT)";
    run(&pool, jobs.to_owned()).await.expect("made");
    pool
}

/// A database of that time: a step of each type, an item for each reason, open and settled, and a
/// note on each item.
async fn in_use(folder: &Path) -> SqlitePool {
    let pool = empty(folder).await;
    open::migrations().run_to(WITH_LISTS, &pool).await.expect("made");
    let patient = "INSERT INTO patients (id, display_name, created_at, updated_at) VALUES ('p', 'Nok', 1, 1);
         INSERT INTO protocols (id, name, status, created_at, updated_at) VALUES ('c', 'Care', 'active', 1, 1);
         INSERT INTO protocol_versions (id, protocol_id, version, created_at) VALUES ('v', 'c', 1, 1);";
    run(&pool, patient.to_owned()).await.expect("filled");
    for (n, kind) in OLD_TYPES.iter().enumerate() {
        let step = format!(
            "INSERT INTO protocol_steps (id, version_id, step_order, trigger_rule, message_type, content, freshness_ms)
             VALUES ('s{n}', 'v', {n}, '{{}}', '{kind}', '{{}}', 7)"
        );
        run(&pool, step).await.expect("filled");
    }
    for (n, reason) in OLD_REASONS.iter().enumerate() {
        for (line, resolved) in [(format!("open {n}"), "NULL"), (format!("settled {n}"), "9")] {
            let urgent = n % 2;
            let lines = format!(
                "INSERT INTO worklist (id, patient_id, reason, matter, urgent, created_at, updated_at, resolved_at)
                 VALUES ('{line}', 'p', '{reason}', '{line}', {urgent}, {n}, 5, {resolved});
                 INSERT INTO notes (id, patient_id, work_id, kind, text, author, created_at)
                 VALUES ('{line}', 'p', '{line}', 'note', 'called', 'Nok', 1)"
            );
            run(&pool, lines).await.expect("filled");
        }
    }
    pool
}

/// Every row of the tables a migration may damage, with its columns by name.
async fn rows(pool: &SqlitePool) -> Vec<String> {
    let mut all = Vec::new();
    for table in ["patients", "protocol_versions", "protocol_steps", "worklist", "notes"] {
        let columns = format!("SELECT name FROM pragma_table_xinfo('{table}') ORDER BY name");
        let columns = read(pool, &columns).await;
        let pairs: Vec<_> = columns.iter().map(|name| format!("'{name}', {name}")).collect();
        let rows = format!("SELECT json_object({}) FROM {table} ORDER BY id", pairs.join(", "));
        all.extend(read(pool, &rows).await);
    }
    all
}

async fn names(pool: &SqlitePool) -> Vec<String> {
    read(pool, "SELECT type || ' ' || tbl_name || ' ' || name FROM sqlite_schema ORDER BY 1").await
}

#[tokio::test]
async fn a_database_in_use_keeps_every_row_when_its_lists_of_names_go() {
    let dir = tempfile::tempdir().expect("a folder");
    let pool = in_use(dir.path()).await;
    for sql in ["UPDATE worklist SET reason = 'later'", "UPDATE protocol_steps SET message_type = 'later'"] {
        run(&pool, sql.to_owned()).await.expect_err("the list was there");
    }
    let (before, named) = (rows(&pool).await, names(&pool).await);
    open::migrations().run_to(WITHOUT_LISTS, &pool).await.expect("brought up to date");
    assert_eq!(rows(&pool).await, before);
    assert_eq!(names(&pool).await, named);
    assert_eq!(read(&pool, "PRAGMA integrity_check").await, ["ok"]);
    assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&pool).await.expect("read").is_empty());
    for sql in ["UPDATE worklist SET reason = 'later'", "UPDATE protocol_steps SET message_type = 'later'"] {
        run(&pool, sql.to_owned()).await.expect("the list is gone");
    }
    // Generated columns follow, and dependent rows still go with an item.
    assert_eq!(read(&pool, "SELECT DISTINCT listed_reason FROM worklist").await, ["later"]);
    run(&pool, "DELETE FROM patients".to_owned()).await.expect("removed");
    assert!(read(&pool, "SELECT id FROM worklist UNION ALL SELECT id FROM notes").await.is_empty());
    pool.close().await;
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_told_with_its_table() {
    let dir = tempfile::tempdir().expect("a folder");
    let pool = in_use(dir.path()).await;
    open::migrations().run(&pool).await.expect("brought up to date");
    run(
        &pool,
        "UPDATE worklist SET reason = 'later'; UPDATE protocol_steps SET message_type = ''".to_owned(),
    )
    .await
    .expect("written");
    let pool = Pool::Sqlite(pool);
    let reason = query_scalar::<Reason>("SELECT reason FROM worklist").fetch_all(&pool).await;
    let kind = query_scalar::<MessageType>("SELECT message_type FROM protocol_steps").fetch_all(&pool).await;
    let said = [reason.map(|_| ()), kind.map(|_| ())].map(|read| read.expect_err("refused").to_string());
    for (said, (table, column)) in [(&said[0], UNLISTED[1]), (&said[1], UNLISTED[0])] {
        assert!(said.contains(table) && said.contains(column), "{said}");
    }
    pool.close().await;
}

/// The names a column may hold by the schema, and by the domain.
struct List {
    column: &'static str,
    /// Tables whose `CHECK` repeats the list.
    tables: &'static [&'static str],
    names: Vec<&'static str>,
}

macro_rules! list {
    ($column:literal in $($table:literal),+: $names:ty) => {
        List {
            column: $column,
            tables: &[$($table),+],
            names: <$names>::ALL.iter().map(|name| name.as_str()).collect(),
        }
    };
}

/// Each CHECK of names, with its enum of the domain.
fn lists() -> Vec<List> {
    vec![
        list!("status" in "patients": patient::Status),
        list!("reachability" in "patients": Reachability),
        list!("status" in "protocols": protocol::Status),
        list!("when_unreachable" in "protocol_versions", "deliveries": WhenUnreachable),
        list!("priority" in "protocol_steps", "deliveries": Priority),
        list!("status" in "assignments": assignment::Status),
        list!("state" in "deliveries": State),
        list!("status" in "interaction_logs": InteractionStatus),
        list!("action" in "answers": FeedbackAction),
        list!("kind" in "notes": NoteKind),
        list!("role" in "staff", "api_tokens", "sessions": Role),
    ]
}

/// The lists of a schema: `table.column: name, name`.
fn listed(statements: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for statement in statements {
        let text = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(rest) = text.strip_prefix("CREATE TABLE ") else { continue };
        let table = rest.split(' ').next().unwrap_or_default();
        for check in text.split("CHECK (").skip(1) {
            let Some((column, names)) = check.split_once(" IN (") else { continue };
            let names: BTreeSet<_> = names.split(')').next().unwrap_or_default().split(", ").collect();
            found.insert(format!("{table}.{column}: {}", Vec::from_iter(names).join(", ")));
        }
    }
    found
}

fn of_the_domain() -> BTreeSet<String> {
    let line = |list: &List, table: &str| {
        let names: BTreeSet<_> = list.names.iter().map(|name| format!("'{name}'")).collect();
        format!("{table}.{}: {}", list.column, Vec::from_iter(names).join(", "))
    };
    lists().iter().flat_map(|list| list.tables.iter().map(move |table| line(list, table))).collect()
}

const ADVICE: &str = "a name that the domain has and a CHECK lacks needs a migration for each engine; \
    a new CHECK needs a line in store/schema.rs";

#[tokio::test]
async fn each_list_of_sqlites_schema_is_the_one_of_the_domain() {
    let dir = tempfile::tempdir().expect("a folder");
    let pool = empty(dir.path()).await;
    open::migrations().run(&pool).await.expect("made");
    let schema = read(&pool, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL").await;
    assert_eq!(listed(&schema), of_the_domain(), "{ADVICE}");
    pool.close().await;
}

#[test]
fn each_list_of_postgresqls_schema_is_the_one_of_the_domain() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("there").map(|file| file.expect("an entry").path()).collect();
    files.sort();
    let text: String = files.iter().map(|file| std::fs::read_to_string(file).expect("readable")).collect();
    // Without the comments, which have semicolons of their own.
    let code: Vec<_> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let code = code.join(" ");
    let statements: Vec<_> = code.split(';').map(|statement| statement.trim().to_owned()).collect();
    let gone = |line: &String| {
        let column = line.split(':').next().unwrap_or_default().replace('.', "_");
        code.contains(&format!("DROP CONSTRAINT {column}_check"))
    };
    let standing: BTreeSet<_> = listed(&statements).into_iter().filter(|line| !gone(line)).collect();
    assert_eq!(standing, of_the_domain(), "{ADVICE}");
}

/// Asserts that the rows of both tables are written only from `worklist::New` and
/// `protocols::Step`, whose fields are the enums: one statement writes each, no other changes the
/// column, and none spells a name out.
#[test]
fn what_the_schema_does_not_list_is_written_from_the_enum_alone() {
    for (file, (table, column)) in ["protocols.rs", "worklist/changes.rs"].into_iter().zip(UNLISTED) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src/store").join(file);
        let text = std::fs::read_to_string(path).expect("readable");
        let field =
            format!("pub(crate) {column}: {}", if table == "worklist" { "Reason" } else { "MessageType" });
        assert!(text.contains(&field), "{file} has no `{field}`");
        let inserts: Vec<_> = text.split(&format!("INSERT INTO {table} (")).skip(1).collect();
        assert_eq!(inserts.len(), 1, "{file}");
        let (columns, rest) = inserts[0].split_once(')').expect("columns");
        assert!(columns.split(',').any(|name| name.trim() == column), "{columns}");
        let values = rest.split("FROM json_each").next().unwrap_or_default();
        assert!(!values.contains('\''), "{values}");
        for update in text.split("UPDATE ").skip(1).filter(|update| update.starts_with(table)) {
            let set = update.split("WHERE").next().unwrap_or_default();
            assert!(!set.contains(&format!("{column} =")), "{set}");
        }
    }
}

#[tokio::test]
async fn every_table_is_known_by_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = empty(folder.path()).await;
    open::migrations().run(&pool).await.expect("made");
    let all = read(&pool, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").await;
    // Those of the migrations, and the index of the search, which follows `patients`.
    let ours = |name: &&String| !name.ends_with("_migrations") && !name.starts_with("patient_search");
    let unknown: Vec<_> = all.iter().filter(ours).filter(|name| Table::named(name).is_none()).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}
