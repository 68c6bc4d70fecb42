//! One's own account: who am I, my password, my second factor, my sessions.

pub mod handlers;
pub mod password;
pub mod second_factor;
