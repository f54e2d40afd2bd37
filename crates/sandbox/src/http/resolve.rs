//! Names to addresses, and every address before the policy's second decision.
//!
//! The connection is made to the very addresses that were judged: nobody looks the name up again in between, so a name that
//! changes its mind gains nothing.

use packwright_core::policy::address_refused;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// The system's own resolver, checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checked {
    /// The author's own networks are fine. Metadata services are not: see [`packwright_core::policy::Allowed::refuses`].
    pub(super) insecure: bool,
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookupError {
    #[error("the name was not found")]
    NotFound,
    #[error("nobody knew the name in time")]
    TimedOut,
    #[error("it leads to {address}, which is {why}")]
    Refused { address: IpAddr, why: &'static str },
}

/// Shorter than the time for connecting, so that what failed can be told apart.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(8);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let insecure = self.insecure;
        Box::pin(async move {
            let looked_up = tokio::task::spawn_blocking(move || look_up(name.as_str()));
            let found = tokio::time::timeout(LOOKUP_TIMEOUT, looked_up).await.map_err(|_| LookupError::TimedOut)??;
            let addresses: Addrs = Box::new(check(found, insecure)?.into_iter());
            Ok(addresses)
        })
    }
}

/// Asks the system, as every other program does. Port 0 becomes that of the URL.
fn look_up(name: &str) -> Vec<SocketAddr> {
    (name, 0).to_socket_addrs().map(Iterator::collect).unwrap_or_default()
}

/// All of them, or none: one bad address among good ones is how a name is bent to lead inside.
fn check(addresses: Vec<SocketAddr>, insecure: bool) -> Result<Vec<SocketAddr>, LookupError> {
    for address in addresses.iter().map(SocketAddr::ip) {
        if let Some(why) = address_refused(address, insecure) {
            return Err(LookupError::Refused { address, why });
        }
    }
    if addresses.is_empty() { Err(LookupError::NotFound) } else { Ok(addresses) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(addresses: &[&str], insecure: bool) -> Result<usize, String> {
        let addresses = addresses.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0)).collect();
        check(addresses, insecure).map(|found| found.len()).map_err(|error| error.to_string())
    }

    #[test]
    fn one_bad_address_spoils_them_all() {
        assert_eq!(checked(&["1.1.1.1", "2606:4700::1111"], false), Ok(2));
        let refused = "it leads to 10.0.0.1, which is an address in a private network";
        assert_eq!(checked(&["1.1.1.1", "10.0.0.1"], false), Err(refused.to_owned()));
        assert_eq!(checked(&["10.0.0.1", "1.1.1.1"], true), Ok(2));
        assert!(checked(&["169.254.169.254"], true).is_err());
        assert_eq!(checked(&[], true), Err("the name was not found".to_owned()));
    }
}
