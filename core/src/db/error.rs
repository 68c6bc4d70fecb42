//! What the database says, in our codes. The only place that tells its failures apart.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::error::{Code, Error};

/// Words in PostgreSQL's and SQLite's messages, in the language of `lc_messages=C`: diesel hides
/// SQLSTATE and SQLite's result codes, so the text is all there is.
const BY_MESSAGE: &[(&str, Code)] = &[
    ("deadlock detected", Code::Conflict),
    ("canceling statement due to lock timeout", Code::Overloaded),
    (
        "canceling statement due to statement timeout",
        Code::TimedOut,
    ),
    ("idle-in-transaction timeout", Code::TimedOut),
    ("out of shared memory", Code::Overloaded),
    ("database is locked", Code::Overloaded),
    ("too many clients already", Code::Overloaded),
    ("remaining connection slots", Code::Overloaded),
    ("database or disk is full", Code::StorageFull),
    ("No space left on device", Code::StorageFull),
    ("server closed the connection", Code::DatabaseUnavailable),
    ("no connection to the server", Code::DatabaseUnavailable),
    ("connection to server", Code::DatabaseUnavailable),
    ("terminating connection", Code::DatabaseUnavailable),
    (
        "could not receive data from server",
        Code::DatabaseUnavailable,
    ),
    ("could not send data to server", Code::DatabaseUnavailable),
    ("the database system is", Code::DatabaseUnavailable),
    ("SSL connection has been closed", Code::DatabaseUnavailable),
    ("disk I/O error", Code::DatabaseUnavailable),
];

impl From<DieselError> for Error {
    fn from(cause: DieselError) -> Self {
        Error::new(code(&cause)).because(cause)
    }
}

impl From<diesel::ConnectionError> for Error {
    fn from(cause: diesel::ConnectionError) -> Self {
        Error::new(Code::DatabaseUnavailable).because(cause)
    }
}

fn code(cause: &DieselError) -> Code {
    match cause {
        DieselError::NotFound => Code::NotFound,
        DieselError::BrokenTransactionManager => Code::DatabaseUnavailable,
        DieselError::RollbackErrorOnCommit { commit_error, .. } => code(commit_error),
        DieselError::DatabaseError(kind, details) => match kind {
            // The rules check before they write; two that checked at the same moment meet here.
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::SerializationFailure => Code::Conflict,
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ReadOnlyTransaction => Code::DatabaseUnavailable,
            _ => by_message(details.message()).unwrap_or(Code::Internal),
        },
        _ => Code::Internal,
    }
}

fn by_message(message: &str) -> Option<Code> {
    BY_MESSAGE
        .iter()
        .find(|(words, _)| message.contains(words))
        .map(|(_, code)| *code)
}

impl Error {
    /// Whether running the whole transaction again may succeed: it fell victim to another one, and
    /// the database has already undone it.
    pub fn is_worth_retrying(&self) -> bool {
        match self.cause().and_then(|cause| cause.downcast_ref()) {
            Some(DieselError::DatabaseError(kind, details)) => {
                matches!(kind, DatabaseErrorKind::SerializationFailure)
                    || details.message().contains("deadlock detected")
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(message: &str) -> DieselError {
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()))
    }

    #[test]
    fn each_known_message_has_its_code_and_the_rest_is_ours() {
        for (message, code) in BY_MESSAGE {
            assert_eq!(Error::from(unknown(message)).code(), *code, "{message}");
        }
        let surprise = unknown("relation \"x\" does not exist");
        assert_eq!(Error::from(surprise).code(), Code::Internal);
    }

    #[test]
    fn victims_are_retried_and_duplicates_are_not() {
        assert!(Error::from(unknown("deadlock detected")).is_worth_retrying());
        let serialization = DieselError::DatabaseError(
            DatabaseErrorKind::SerializationFailure,
            Box::new("could not serialize access".to_owned()),
        );
        assert!(Error::from(serialization).is_worth_retrying());
        let duplicate = DieselError::DatabaseError(
            DatabaseErrorKind::UniqueViolation,
            Box::new("duplicate key".to_owned()),
        );
        assert!(!Error::from(duplicate).is_worth_retrying());
        assert!(!Error::new(Code::Conflict).is_worth_retrying());
    }
}
