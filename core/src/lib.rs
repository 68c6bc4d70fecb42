//! What every part of Liendoan stands on. No HTTP here, and no knowledge of any one resource.
//!
//! | looking for | see |
//! |---|---|
//! | the two engines, reading and writing | [`db`] |
//! | the tables | [`schema`], and `migrations/` |
//! | files, by what they hold | [`files`] |
//! | the event log and who puts it in order | [`sealer`] |
//! | who did what, kept for ever | [`audit`], [`actor`] |
//! | what a failure is called | [`error`] |
//! | pages of lists | [`paging`] |
//! | who may see which rows | [`scope`] |
//! | today | [`clock`] |
//! | a day as the API writes it | [`day`] |
//! | a month, a school year, a term; Tết | [`period`], [`tet`] |
//! | from when to when | [`validity`] |
//! | what a figure says, and sums of figures | [`quantity`] |
//! | Vietnamese or English | [`language`] |
//! | what a name may look like | [`text`] |
//! | order of names, and reading them without diacritics | [`vietnamese`] |

pub mod actor;
pub mod audit;
pub mod clock;
pub mod day;
pub mod db;
pub mod error;
pub mod files;
pub mod ids;
pub mod language;
pub mod paging;
pub mod period;
pub mod quantity;
pub mod schema;
pub mod scope;
pub mod sealer;
pub mod tet;
pub mod text;
pub mod validity;
pub mod vietnamese;

pub use actor::Actor;
pub use clock::{Clock, Timestamp};
pub use db::{Db, Store, Tx};
pub use error::{Code, Error, Result};
pub use files::Files;
pub use ids::UnitId;
pub use language::Language;
pub use scope::Scope;
