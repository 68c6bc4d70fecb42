//! How often somebody may ask. By address before it is known who asks, then by who asks.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use liendoan_core::{Code, Error, Result};

use crate::config;
use crate::http::grant::Principal;

/// Rates of this process. Each process counts for itself: what is shared are the failed sign-ins.
pub struct Limits {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    by_principal: DefaultKeyedRateLimiter<Principal>,
}

impl Limits {
    pub fn new(limits: &config::Limits) -> Self {
        let quota =
            |a_minute: u32| Quota::per_minute(NonZeroU32::new(a_minute).unwrap_or(NonZeroU32::MIN));
        Self {
            by_address: RateLimiter::keyed(quota(limits.address_per_minute)),
            by_principal: RateLimiter::keyed(quota(limits.caller_per_minute)),
        }
    }

    pub fn check_address(&self, address: IpAddr) -> Result<()> {
        check(&self.by_address, &network(address))
    }

    pub fn check_principal(&self, principal: Principal) -> Result<()> {
        check(&self.by_principal, &principal)
    }

    /// Forgets who has not asked for long.
    pub fn tidy(&self) {
        self.by_address.retain_recent();
        self.by_principal.retain_recent();
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<()> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        let seconds = wait.as_secs() + 1;
        Error::new(Code::TooManyRequests).with("retry_after", seconds)
    })
}

/// Whose address it is: of IPv6, one customer has a whole /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_count_together() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2::9"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:10.1.2.3"), "10.1.2.3");
        assert_eq!(network("10.1.2.3"), "10.1.2.3");
    }
}
