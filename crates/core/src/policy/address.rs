//! The second decision: may a connection go to this address?
//!
//! A name can lead anywhere, so the address decides and not the name. Only what is known to be the public internet passes;
//! an IPv6 address that carries an IPv4 address inside is judged by what it carries as well.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why no connection may go to `address`, as the end of a sentence that begins "which is"; `None` when it may.
///
/// `insecure` opens what a rule with `allow_insecure` is for: this computer and its own networks. Metadata services stay shut,
/// and so does what can be no single server; see [`super::Allowed::refuses`] for the one way to a metadata service.
pub fn address_refused(address: IpAddr, insecure: bool) -> Option<&'static str> {
    match zone(address) {
        Zone::Public => None,
        Zone::Private(_) if insecure => None,
        Zone::Private(what) | Zone::Never(what) => Some(what),
        Zone::Metadata => Some(METADATA),
    }
}

/// True for an address at which a cloud tells its machines their secrets.
pub(crate) fn is_metadata(address: IpAddr) -> bool {
    zone(address) == Zone::Metadata
}

const METADATA: &str = "a cloud's metadata address";

/// What an address belongs to, from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Zone {
    Public,
    Private(&'static str),
    Metadata,
    Never(&'static str),
}

/// The special IPv4 blocks of the IANA registry, and the metadata services that are known; the first that fits decides.
const V4: &[([u8; 4], u32, Zone)] = &[
    // All of 169.254.169 and 170, for clouds keep adding to them: metadata, container credentials, time, names.
    ([169, 254, 169, 0], 24, Zone::Metadata),
    ([169, 254, 170, 0], 24, Zone::Metadata),
    ([100, 100, 100, 200], 32, Zone::Metadata),
    ([168, 63, 129, 16], 32, Zone::Metadata),
    ([192, 0, 0, 192], 32, Zone::Metadata),
    ([0, 0, 0, 0], 8, Zone::Never("no address of a server")),
    ([10, 0, 0, 0], 8, Zone::Private(PRIVATE)),
    ([100, 64, 0, 0], 10, Zone::Private("an address inside a provider's network")),
    ([127, 0, 0, 0], 8, Zone::Private(LOOPBACK)),
    ([169, 254, 0, 0], 16, Zone::Private(LINK_LOCAL)),
    ([172, 16, 0, 0], 12, Zone::Private(PRIVATE)),
    ([192, 0, 0, 0], 24, Zone::Never(RESERVED)),
    ([192, 0, 2, 0], 24, Zone::Never(DOCUMENTATION)),
    ([192, 88, 99, 0], 24, Zone::Never(RESERVED)),
    ([192, 168, 0, 0], 16, Zone::Private(PRIVATE)),
    ([198, 18, 0, 0], 15, Zone::Private("an address for measuring networks")),
    ([198, 51, 100, 0], 24, Zone::Never(DOCUMENTATION)),
    ([203, 0, 113, 0], 24, Zone::Never(DOCUMENTATION)),
    ([224, 0, 0, 0], 4, Zone::Never(MULTICAST)),
    ([255, 255, 255, 255], 32, Zone::Never("the address of every machine on the network")),
    ([240, 0, 0, 0], 4, Zone::Never(RESERVED)),
];

/// The special IPv6 blocks; the first that fits decides. What is in none of them and not in `2000::/3` is no public address.
const V6: &[([u16; 8], u32, Zone)] = &[
    ([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0], 32, Zone::Metadata),
    ([0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0], 32, Zone::Metadata),
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, Zone::Never("no address of a server")),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, Zone::Private(LOOPBACK)),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, Zone::Private(PRIVATE)),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, Zone::Private(LINK_LOCAL)),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, Zone::Private(PRIVATE)),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, Zone::Never(MULTICAST)),
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32, Zone::Never(DOCUMENTATION)),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Zone::Never(DOCUMENTATION)),
    // Teredo, judged by what it carries, before the block of protocol assignments that it lies in.
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, Zone::Public),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Zone::Never(RESERVED)),
    ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3, Zone::Public),
];

const LOOPBACK: &str = "a loopback address: this computer itself";
const PRIVATE: &str = "an address in a private network";
const LINK_LOCAL: &str = "an address on the local link";
const MULTICAST: &str = "an address of many machines at once";
const DOCUMENTATION: &str = "an address for examples in documents";
const RESERVED: &str = "a reserved address";

fn zone(address: IpAddr) -> Zone {
    match address {
        IpAddr::V4(address) => zone_of_v4(address),
        IpAddr::V6(address) => zone_of_v6(address),
    }
}

fn zone_of_v4(address: Ipv4Addr) -> Zone {
    let inside = |block: [u8; 4], bits: u32| (u32::from(address) ^ u32::from_be_bytes(block)).leading_zeros() >= bits;
    V4.iter().find(|(block, bits, _)| inside(*block, *bits)).map_or(Zone::Public, |(.., zone)| *zone)
}

fn zone_of_v6(address: Ipv6Addr) -> Zone {
    let inside = |block: [u16; 8], bits: u32| (u128::from(address) ^ u128::from(Ipv6Addr::from(block))).leading_zeros() >= bits;
    let special = V6.iter().find(|(block, bits, _)| inside(*block, *bits)).map(|(.., zone)| *zone);
    let carried = carried(address).map(zone_of_v4).max();
    match (special, carried) {
        (Some(zone), Some(carried)) => zone.max(carried),
        (Some(zone), None) | (None, Some(zone)) => zone,
        (None, None) => Zone::Never(RESERVED),
    }
}

/// The IPv4 addresses inside an IPv6 address, where its form has a place for them.
fn carried(address: Ipv6Addr) -> impl Iterator<Item = Ipv4Addr> {
    let parts = address.segments();
    let at = |place: usize| Ipv4Addr::from((u32::from(parts[place]) << 16) | u32::from(parts[place + 1]));
    let flipped = |address: Ipv4Addr| Ipv4Addr::from(!u32::from(address));
    let found = match parts {
        // `::` and `::1` are no IPv4 addresses, though they lie among the old "compatible" ones.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => [None, None],
        // Mapped (::ffff:a.b.c.d), compatible (::a.b.c.d), NAT64 (64:ff9b::a.b.c.d), and ISATAP inside any network.
        [0, 0, 0, 0, 0, 0xffff | 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] | [_, _, _, _, 0 | 0x200, 0x5efe, ..] => {
            [Some(at(6)), None]
        }
        // 6to4.
        [0x2002, ..] => [Some(at(1)), None],
        // Teredo: the server, and the client turned inside out.
        [0x2001, 0, ..] => [Some(at(2)), Some(flipped(at(6)))],
        _ => [None, None],
    };
    found.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str, insecure: bool) -> Option<&'static str> {
        address_refused(address.parse().expect("an address"), insecure)
    }

    fn all(addresses: &'static str) -> impl Iterator<Item = &'static str> {
        addresses.split_whitespace()
    }

    #[test]
    fn public_addresses_pass() {
        for address in all("1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.0
             192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 207.241.234.205 223.255.255.255 168.63.129.17
             2606:4700::1111 2a00:1450::1 2001:200::1 2001:4860:4860::8888 3ffe::1")
        {
            assert_eq!(refused(address, false), None, "{address}");
        }
    }

    #[test]
    fn own_networks_need_a_rule_that_says_so() {
        for address in
            all("10.0.0.0 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.1 169.254.168.255
             172.16.0.1 172.31.255.255 192.168.0.1 198.18.0.1 198.19.255.255 ::1 fc00::1 fdff::1 fe80::1 febf::1
             fec0::1")
        {
            assert!(refused(address, false).is_some(), "{address}");
            assert_eq!(refused(address, true), None, "{address}");
        }
    }

    #[test]
    fn some_addresses_are_never_a_server() {
        for address in all("0.0.0.0 0.1.2.3 192.0.0.1 192.0.2.1 192.88.99.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255
             240.0.0.1 255.255.255.254 255.255.255.255 :: ff02::1 2001:db8::1 3fff::1 3fff:fff::1 100::1 5f00::1
             4000::1 64:ff9b:1::1 ::ffff:0:808:808 2001:2::1 2001:10::1")
        {
            assert!(refused(address, false).is_some(), "{address}");
            assert!(refused(address, true).is_some(), "{address}");
        }
    }

    #[test]
    fn metadata_stays_shut_even_to_insecure_rules() {
        for address in all("169.254.169.254 169.254.170.2 169.254.170.23 100.100.100.200 168.63.129.16 192.0.0.192 fd00:ec2::254
             fd00:ec2::23 fd20:ce::254 ::ffff:169.254.169.254 64:ff9b::169.254.169.254 2002:a9fe:a9fe::1")
        {
            assert_eq!(refused(address, true), Some(METADATA), "{address}");
            assert!(is_metadata(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_an_address_carries_counts() {
        for (form, address) in [
            ("mapped", "::ffff:127.0.0.1"),
            ("compatible", "::127.0.0.1"),
            ("compatible", "::10.0.0.1"),
            ("NAT64", "64:ff9b::7f00:1"),
            ("6to4", "2002:7f00:1::1"),
            ("6to4", "2002:c0a8:101::"),
            ("Teredo, client", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
            ("Teredo, server", "2001:0:7f00:1:8000:63bf:3fff:fdd2"),
            ("ISATAP", "2a00:1450::5efe:10.0.0.1"),
            ("ISATAP", "2a00:1450::200:5efe:127.0.0.1"),
        ] {
            assert!(refused(address, false).is_some(), "{form} {address}");
        }
        for address in ["::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1", "2001:0:4136:e378:8000:63bf:3eff:fdd2"] {
            assert_eq!(refused(address, false), None, "{address}");
        }
    }
}
