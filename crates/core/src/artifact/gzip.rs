//! Gzip in members of one size, each on its own: any gzip reads them as one, and they can be made side by side.

use flate2::{Compression, GzBuilder};
use std::io::Write;

/// Input bytes of a member.
const MEMBER: usize = 1024 * 1024;

/// What gzip writes for "unknown system": the same everywhere.
const NO_SYSTEM: u8 = 255;

/// The bytes as gzip.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(MEMBER).flat_map(member).collect()
}

/// One member. What does not shrink is stored, so that it is read at full speed.
fn member(bytes: &[u8]) -> Vec<u8> {
    let squeezed = write(bytes, Compression::new(6));
    if squeezed.len() < bytes.len() { squeezed } else { write(bytes, Compression::none()) }
}

fn write(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut writer = GzBuilder::new().mtime(0).operating_system(NO_SYSTEM).write(Vec::new(), level);
    writer.write_all(bytes).and_then(|()| writer.finish()).expect("writing into memory does not fail")
}

#[cfg(test)]
mod tests {
    use super::{MEMBER, compress};
    use flate2::read::MultiGzDecoder;
    use std::io::Read;

    /// Bytes that do not shrink.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn members_read_back_as_one() {
        for bytes in [vec![7; 10], vec![7; MEMBER], vec![7; 3 * MEMBER + 5], noise(MEMBER + 1)] {
            let packed = compress(&bytes);
            let mut back = Vec::new();
            MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut back).expect("it is gzip");
            assert!(back == bytes);
        }
    }

    #[test]
    fn every_member_starts_the_same_and_depends_on_its_own_bytes_alone() {
        let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        assert_eq!(compress(&[7; 100])[..10], header);
        let (one, two) = (vec![1; MEMBER], vec![2; 99]);
        assert_eq!(compress(&[one.clone(), two.clone()].concat()), [compress(&one), compress(&two)].concat());
    }

    #[test]
    fn what_does_not_shrink_grows_by_next_to_nothing() {
        let bytes = noise(MEMBER);
        assert!(compress(&bytes).len() < bytes.len() + 400, "{}", compress(&bytes).len());
    }
}
