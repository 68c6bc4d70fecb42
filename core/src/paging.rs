//! Pages of lists by keyset: a page starts after the last row of the one before, found by index, so
//! that the thousandth page costs what the first does and nothing is skipped while rows come and go.

use std::marker::PhantomData;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::{Code, Result};

/// Rows of a page where the caller does not say.
pub const DEFAULT_LIMIT: i64 = 50;
/// Rows of a page at most.
pub const MAX_LIMIT: i64 = 200;

/// Bytes of the signature and of the list's mark that a cursor carries.
const MARK: usize = 16;

/// Signs cursors, so that none can be forged, altered, or used for another list.
#[derive(Clone)]
pub struct CursorKey(Vec<u8>);

impl CursorKey {
    pub fn new(secret: &[u8]) -> Self {
        Self(secret.to_vec())
    }

    /// A cursor that stands after the row with these `keys` in `list`. The list's text names it
    /// together with its filters and order.
    pub fn seal<K: Serialize>(&self, list: &str, keys: &K) -> Result<String> {
        let mut cursor = mark(list).to_vec();
        cursor.extend(serde_json::to_vec(keys).map_err(crate::Error::internal)?);
        let signature = self.sign(&cursor);
        cursor.extend(signature);
        Ok(URL_SAFE_NO_PAD.encode(cursor))
    }

    /// The keys in a cursor of this very list.
    pub fn open<K: DeserializeOwned>(&self, list: &str, cursor: &str) -> Result<K> {
        let bytes = URL_SAFE_NO_PAD
            .decode(cursor)
            .map_err(|_| Code::CursorInvalid)?;
        let signed = bytes.len().checked_sub(MARK).ok_or(Code::CursorInvalid)?;
        let (content, signature) = bytes.split_at(signed);
        self.mac(content)
            .verify_truncated_left(signature)
            .map_err(|_| Code::CursorInvalid)?;
        let (of, keys) = content.split_at_checked(MARK).ok_or(Code::CursorInvalid)?;
        if of != mark(list) {
            return Err(Code::CursorOfAnotherList.into());
        }
        serde_json::from_slice(keys).map_err(|_| Code::CursorInvalid.into())
    }

    fn mac(&self, content: &[u8]) -> Hmac<Sha256> {
        // HMAC takes keys of any length.
        #[allow(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.chain_update(content)
    }

    fn sign(&self, content: &[u8]) -> Vec<u8> {
        let mut signature = self.mac(content).finalize().into_bytes().to_vec();
        signature.truncate(MARK);
        signature
    }
}

fn mark(list: &str) -> [u8; MARK] {
    let digest = Sha256::digest(list.as_bytes());
    std::array::from_fn(|i| digest[i])
}

/// The rows of a page out of `limit + 1` that were read, and whether more follow.
pub fn page_of<T>(mut rows: Vec<T>, limit: i64) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    (rows, has_more)
}

/// `(a, b) > (x, y)`: the rows after a key of two columns. Written as one comparison of rows, because
/// `a > x OR (a = x AND b > y)` makes PostgreSQL walk the index from its start.
pub fn after<A, B, X, Y>(columns: (A, B), key: (X, Y)) -> After<A, B, X::Expression, Y::Expression>
where
    A: Expression,
    B: Expression,
    A::SqlType: diesel::sql_types::SqlType,
    B::SqlType: diesel::sql_types::SqlType,
    X: diesel::expression::AsExpression<A::SqlType>,
    Y: diesel::expression::AsExpression<B::SqlType>,
{
    After {
        columns,
        key: (key.0.as_expression(), key.1.as_expression()),
        _row: PhantomData,
    }
}

/// See [`after`].
#[derive(Debug, Clone, Copy, QueryId)]
pub struct After<A, B, X, Y> {
    columns: (A, B),
    key: (X, Y),
    _row: PhantomData<()>,
}

impl<A, B, X, Y> Expression for After<A, B, X, Y> {
    type SqlType = Bool;
}

impl<A, B, X, Y, QS> AppearsOnTable<QS> for After<A, B, X, Y>
where
    A: AppearsOnTable<QS>,
    B: AppearsOnTable<QS>,
{
}

impl<A, B, X, Y, QS> SelectableExpression<QS> for After<A, B, X, Y>
where
    A: SelectableExpression<QS>,
    B: SelectableExpression<QS>,
{
}

impl<A, B, X, Y, G> ValidGrouping<G> for After<A, B, X, Y> {
    type IsAggregate = is_aggregate::No;
}

impl<A, B, X, Y, DB> QueryFragment<DB> for After<A, B, X, Y>
where
    DB: Backend,
    A: QueryFragment<DB>,
    B: QueryFragment<DB>,
    X: QueryFragment<DB>,
    Y: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.columns.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.columns.1.walk_ast(out.reborrow())?;
        out.push_sql(") > (");
        self.key.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.key.1.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> CursorKey {
        CursorKey::new(b"a key of this test alone")
    }

    proptest! {
        #[test]
        fn a_cursor_gives_back_its_keys(rank: i32, id: i64, list in "[a-z?=&]{0,40}") {
            let cursor = key().seal(&list, &(rank, id)).unwrap();
            prop_assert_eq!(key().open::<(i32, i64)>(&list, &cursor).unwrap(), (rank, id));
        }

        #[test]
        fn a_changed_cursor_is_refused(at in 0..50usize, bit in 0..8u8) {
            let cursor = key().seal("unit_kinds", &(7, 42)).unwrap();
            let mut bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            let changed = URL_SAFE_NO_PAD.encode(bytes);
            let outcome = key().open::<(i32, i64)>("unit_kinds", &changed);
            prop_assert_eq!(outcome.unwrap_err().code(), Code::CursorInvalid);
        }

        #[test]
        fn no_text_makes_the_decoder_panic(text in ".{0,120}") {
            let outcome = key().open::<(i32, i64)>("unit_kinds", &text);
            prop_assert_eq!(outcome.unwrap_err().code(), Code::CursorInvalid);
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_key_is_refused() {
        let cursor = key().seal("unit_kinds?level=3", &(7, 42)).unwrap();
        let elsewhere = key().open::<(i32, i64)>("unit_kinds?level=4", &cursor);
        assert_eq!(elsewhere.unwrap_err().code(), Code::CursorOfAnotherList);
        let foreign = CursorKey::new(b"another").open::<(i32, i64)>("unit_kinds?level=3", &cursor);
        assert_eq!(foreign.unwrap_err().code(), Code::CursorInvalid);
    }
}
