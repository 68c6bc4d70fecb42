//! A statement in SQL that a connection prepares once and keeps: `diesel::sql_query` is prepared anew
//! each time, which for a long one takes longer than to run it.

use std::borrow::Cow;

use chrono::NaiveDate;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Date, HasSqlType, Integer, Text, Untyped};

use crate::clock::Timestamp;

/// A value in a statement.
#[derive(Clone, Debug)]
pub enum Value {
    Id(i64),
    Number(i32),
    Day(NaiveDate),
    At(Timestamp),
    Text(String),
}

/// `$1` in the text is the first value, as often as it stands there; one that does not is left out. The
/// texts must be few: each is kept.
#[derive(Clone, Debug)]
pub struct Statement {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

impl Statement {
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            text: text.into(),
            values: Vec::new(),
        }
    }

    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }
}

impl From<i64> for Value {
    fn from(id: i64) -> Self {
        Self::Id(id)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<DB> QueryFragment<DB> for Statement
where
    DB: Backend
        + HasSqlType<BigInt>
        + HasSqlType<Integer>
        + HasSqlType<Date>
        + HasSqlType<diesel::sql_types::Timestamp>
        + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    i32: ToSql<Integer, DB>,
    NaiveDate: ToSql<Date, DB>,
    Timestamp: ToSql<diesel::sql_types::Timestamp, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut rest: &str = &self.text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_sql(before);
            let digits = after.find(|c: char| !c.is_ascii_digit());
            let (number, behind) = after.split_at(digits.unwrap_or(after.len()));
            let place: Option<usize> = number.parse().ok();
            match place.and_then(|place| self.values.get(place.checked_sub(1)?)) {
                Some(Value::Id(id)) => out.push_bind_param::<BigInt, _>(id)?,
                Some(Value::Number(number)) => out.push_bind_param::<Integer, _>(number)?,
                Some(Value::At(at)) => {
                    out.push_bind_param::<diesel::sql_types::Timestamp, _>(at)?;
                }
                Some(Value::Day(day)) => out.push_bind_param::<Date, _>(day)?,
                Some(Value::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                None => {
                    let why = format!("the statement has no value ${number}");
                    return Err(Error::QueryBuilderError(why.into()));
                }
            }
            rest = behind;
        }
        out.push_sql(rest);
        Ok(())
    }
}

impl QueryId for Statement {
    type QueryId = ();

    // It is kept under its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl<Conn> RunQueryDsl<Conn> for Statement {}
