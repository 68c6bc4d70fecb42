//! Catalogues: dated reference data that records name by code. Decisions change them faster than
//! software is released, so every entry has days and may be edited.
//!
//! | looking for | see |
//! |---|---|
//! | what the entries of each catalogue have, and its addresses | [`activity_kinds`], [`award_titles`], [`measures`], [`return_forms`] |
//! | what the entries of all have, and what a catalogue must say of itself | `model` |
//! | the forms in which callers send and see them | `forms` |
//! | their rows | `queries` |
//! | how they hold together, and what names them | `uses` |
//! | what the addresses of all do | `answers` |
//! | what a new database begins with | `seed` |

pub mod activity_kinds;
mod answers;
pub mod award_titles;
mod forms;
pub mod measures;
mod model;
mod queries;
pub mod return_forms;
mod seed;
mod uses;

pub use activity_kinds::ActivityKind;
pub use award_titles::{AwardTitle, Recipient as TitleRecipient};
pub use measures::Measure;
pub use model::{Catalogue, Common, Entry, EntryId, Fields};
pub use queries::{all, of_code, of_codes, rely_on, rely_on_codes};
pub use return_forms::ReturnForm;
pub use seed::load_if_empty;
