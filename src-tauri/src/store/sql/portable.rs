//! What of a text differs between the engines.

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

/// The one change PostgreSQL needs: a list of ids becomes an array, since it would join `json_each`
/// by walking every row for every id.
pub fn for_postgres(text: SqlStr) -> SqlStr {
    const LIST: &str = "IN (SELECT value FROM json_each(";
    if !text.as_str().contains(LIST) {
        return text;
    }
    let (mut changed, mut rest) = (String::new(), text.as_str());
    while let Some(at) = rest.find(LIST) {
        let before = &rest[..at];
        let tail = &rest[at + LIST.len()..];
        let end = tail.find("))").unwrap_or(tail.len());
        let (before, list) = match before.strip_suffix("NOT ") {
            Some(before) => (before, "<> ALL"),
            None => (before, "= ANY"),
        };
        changed.push_str(before);
        changed.push_str(list);
        changed.push_str(" (ARRAY(SELECT jsonb_array_elements_text(CAST(");
        changed.push_str(&tail[..end]);
        changed.push_str(" AS JSONB))))");
        rest = tail.get(end + 2..).unwrap_or_default();
    }
    changed.push_str(rest);
    AssertSqlSafe(changed).into_sql_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_ids_becomes_an_array() {
        let changed = |text: &'static str| for_postgres(text.into_sql_str()).as_str().to_owned();
        assert_eq!(
            changed("DELETE FROM t WHERE a IN (SELECT value FROM json_each($1)) AND b = $2"),
            "DELETE FROM t WHERE a = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST($1 AS JSONB)))) AND b = $2"
        );
        assert_eq!(
            changed("SELECT 1 FROM t WHERE a NOT IN (SELECT value FROM json_each($3))"),
            "SELECT 1 FROM t WHERE a <> ALL (ARRAY(SELECT jsonb_array_elements_text(CAST($3 AS JSONB))))"
        );
        assert_eq!(changed("SELECT value ->> 0 FROM json_each($1)"), "SELECT value ->> 0 FROM json_each($1)");
    }
}
