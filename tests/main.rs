//! Black-box tests: they speak HTTP to the real application, each on both engines.
//!
//! Tests of one engine's own doings stand in the crates. What takes long is ignored here and run by
//! `make prove`.

#[macro_use]
mod support;

mod accounts;
mod activities;
mod attachments;
mod attachments_hostile;
mod attachments_inside;
mod audit;
mod authorization;
mod batches;
mod canaries;
mod catalogues;
mod clusters;
mod crash;
mod crash_uploads;
mod cursors;
mod document;
mod document_files;
mod documents;
mod events;
mod failures;
mod figures;
mod grants;
mod hanoi;
mod hanoi_records;
mod house;
mod idempotency;
mod kinds;
mod oauth;
mod origins;
mod own_account;
mod period_locks;
mod preconditions;
mod prove;
mod record_links;
mod record_lists;
mod record_plans;
mod record_statements;
mod reorganisations;
mod roles;
mod saved_filters;
mod search;
mod service_accounts;
mod sessions;
mod start;
mod store;
mod tokens;
mod totals;
mod tour;
mod tree_examples;
mod tree_model;
mod tree_refusals;
mod unit_kinds;
mod units;
