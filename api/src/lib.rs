//! Liendoan, the service: an HTTP API over a federation's units and what they did.
//!
//! | looking for | see |
//! |---|---|
//! | every address, and who answers it | [`routes`] |
//! | how a request is read and answered, whatever the resource | [`http`] |
//! | the published document | [`openapi`] |
//! | settings | [`config`], `defaults.toml` |
//! | start and stop | [`server`] |
//! | units, kinds, reorganisations | [`tree`] |
//! | accounts, sign-in, rights, audit | [`access`] |
//! | what units did, and the catalogues by which it is told | [`records`] |
//! | what is made of figures: totals, percents, targets, ranks | [`numbers`] |
//! | the change feed | [`exchange`] |
//! | health, metrics, documentation pages | [`platform`] |
//! | the database, the sealer, paging, scope, errors | the crate `liendoan_core` |
//!
//! A request goes one way: route, extractors (who, may they, what did they send), handler,
//! [`Store::read`](liendoan_core::Store::read) or `write`, rules and queries, answer.
//! Modules know only those to their left: core, http, tree, access, records, numbers, exchange, platform. A test holds them to it.

pub mod access;
pub mod config;
pub mod exchange;
pub mod http;
pub mod numbers;
pub mod openapi;
pub mod platform;
pub mod records;
pub mod routes;
pub mod server;
pub mod tree;
