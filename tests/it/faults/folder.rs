//! The data folder after an unclean end, a lost file, a migration: refused, said, or healed.

use std::{fs, path::Path};

use clinicue::{
    queue,
    store::{OpenError, Remark, Store},
};

async fn open(dir: &Path) -> Result<Store, OpenError> {
    Store::open(dir, queue::migrations()).await
}

/// A folder that was used and left well.
async fn used() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    open(dir.path()).await.expect("opens").close().await;
    dir
}

/// Writes over the middle of each page behind the first.
fn damage(file: &Path) {
    let mut bytes = fs::read(file).expect("there");
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..200].fill(0xa5);
    }
    fs::write(file, bytes).expect("written");
}

#[tokio::test]
async fn a_database_that_was_changed_since_its_end_is_checked_and_refused_when_damaged() {
    let dir = used().await;
    damage(&dir.path().join("clinicue.db"));
    let error = open(dir.path()).await.expect_err("damaged");
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn after_an_unclean_end_a_small_database_is_checked_before_it_is_used() {
    let dir = used().await;
    fs::write(dir.path().join("clinicue.end"), "running").expect("written");
    fs::write(dir.path().join("clinicue.db-wal"), "").expect("written");
    damage(&dir.path().join("clinicue.db"));
    let error = open(dir.path()).await.expect_err("damaged");
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_clean_end_is_noted_and_taken_back_while_a_run_is_under_way() {
    let dir = used().await;
    let end = dir.path().join("clinicue.end");
    assert!(fs::read_to_string(&end).expect("noted").starts_with(char::is_numeric));
    let store = open(dir.path()).await.expect("opens");
    assert_eq!(fs::read_to_string(&end).expect("noted"), "running turn 1");
    assert!(store.damage().is_none() && store.remarks().is_empty(), "{:?}", store.remarks());
    store.close().await;
}

#[tokio::test]
async fn a_large_database_is_checked_beside_the_work_and_what_is_found_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path()).await.expect("opens");
    for sql in [
        "CREATE TABLE padding (text BLOB)",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         INSERT INTO padding SELECT randomblob(4000) FROM n",
        "CREATE INDEX padding_by_text ON padding (substr(text, 1, 20))",
    ] {
        clinicue::store::sql::query(sql).execute(store.writer()).await.expect("filled");
    }
    store.close().await;
    let file = dir.path().join("clinicue.db");
    let mut bytes = fs::read(&file).expect("there");
    let last = bytes.len() - 4096;
    bytes[last..].fill(0xa5);
    fs::write(&file, bytes).expect("written");
    let store = open(dir.path()).await.expect("opens at once");
    let limit = std::time::Instant::now() + crate::support::HANGS;
    while store.damage().is_none() {
        assert!(std::time::Instant::now() < limit, "{:?}", store.remarks());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    store.close().await;
    let noted = fs::read_to_string(dir.path().join("clinicue.end")).expect("there");
    assert_eq!(noted, "running turn 1", "a damaged database never ends well");
}

#[tokio::test]
async fn the_first_start_leaves_its_tables_in_the_database_itself() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path()).await.expect("opens");
    assert_eq!(fs::metadata(dir.path().join("clinicue.db-wal")).expect("there").len(), 0);
    assert!(fs::metadata(dir.path().join("clinicue.db")).expect("there").len() > 100_000);
    store.close().await;
}

#[tokio::test]
async fn a_log_without_its_database_is_refused_and_kept() {
    let dir = used().await;
    let (file, log) = (dir.path().join("clinicue.db"), dir.path().join("clinicue.db-wal"));
    fs::remove_file(&file).expect("removed");
    fs::write(&log, "what was written last").expect("written");
    let error = open(dir.path()).await.expect_err("refused");
    assert!(error.to_string().contains("clinicue.db-wal lies where it was"), "{error}");
    assert!(log.exists() && !file.exists());
}

#[tokio::test]
async fn a_database_that_is_gone_is_not_replaced_by_an_empty_one() {
    let dir = used().await;
    let file = dir.path().join("clinicue.db");
    fs::remove_file(&file).expect("removed");
    let error = open(dir.path()).await.expect_err("refused");
    assert!(matches!(error, OpenError::Missing { .. }), "{error}");
    assert!(!file.exists());
    fs::remove_file(dir.path().join("clinicue.end")).expect("removed");
    open(dir.path()).await.expect("begins anew").close().await;
}

#[tokio::test]
async fn a_log_that_is_missing_after_an_unclean_end_is_said() {
    let dir = used().await;
    fs::write(dir.path().join("clinicue.end"), "running").expect("written");
    let store = open(dir.path()).await.expect("opens");
    assert!(store.remarks() == [Remark::WithoutLog], "{:?}", store.remarks());
    store.close().await;
}

#[tokio::test]
async fn a_copy_of_a_database_alone_opens_without_a_word() {
    let (from, to) = (used().await, tempfile::tempdir().expect("a folder"));
    fs::copy(from.path().join("clinicue.db"), to.path().join("clinicue.db")).expect("copied");
    let store = open(to.path()).await.expect("opens");
    assert!(store.remarks().is_empty() && store.damage().is_none());
    store.close().await;
}

#[tokio::test]
async fn before_a_migration_one_proven_copy_is_made_and_the_earlier_one_goes() {
    let dir = used().await;
    let older = async || {
        let store = open(dir.path()).await.expect("opens");
        for sql in [
            "DELETE FROM clinicue_migrations WHERE version >= 20261124000006",
            "DROP TRIGGER patients_unsearch",
            "DROP TABLE patient_search",
        ] {
            clinicue::store::sql::query(sql).execute(store.writer()).await.expect("made older");
        }
        store.close().await;
    };
    older().await;
    let left = dir.path().join("clinicue.db.before-1");
    fs::write(&left, "of an earlier version").expect("written");
    // The rest of that migration is still there, so it fails; the copy was made before.
    let error = open(dir.path()).await.expect_err("half older");
    assert!(matches!(error, OpenError::Migration { .. }), "{error}");
    let copies: Vec<_> = fs::read_dir(dir.path())
        .expect("readable")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".before-"))
        .collect();
    assert_eq!(copies.len(), 1, "{copies:?}");
    assert!(!left.exists());
}

#[tokio::test]
async fn a_start_that_changes_nothing_makes_no_copy() {
    let dir = used().await;
    open(dir.path()).await.expect("opens").close().await;
    let names = fs::read_dir(dir.path()).expect("readable").map(|e| e.expect("an entry").file_name());
    assert!(!names.into_iter().any(|n| n.to_string_lossy().contains("before")));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_reads_the_database_or_its_log() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a folder");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("open to all");
    let store = open(dir.path()).await.expect("opens");
    for name in ["clinicue.db", "clinicue.db-wal", "clinicue.db-shm"] {
        let mode = fs::metadata(dir.path().join(name)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    store.close().await;
}
