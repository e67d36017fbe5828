//! The fingerprint of RSA keys from a broken generator (CVE-2017-15361, "ROCA").
//!
//! Its primes are `k * M + 65537^a mod M` with M the product of the first primes, so that modulo
//! each of those primes the modulus is a power of 65537. For other keys that holds for all of the
//! primes below with a probability under 2^-27.

const GENERATOR: u32 = 65537;

/// Those of the first 39 primes, which divide M for every key size, for which 65537 does not
/// generate the whole group; for the others the test would say nothing.
const PRIMES: [u32; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/// Whether the big-endian modulus bears the fingerprint.
pub(super) fn is_weak(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| is_power(remainder(modulus, *prime), *prime))
}

fn remainder(modulus: &[u8], prime: u32) -> u32 {
    modulus.iter().fold(0, |rest, octet| (rest * 256 + u32::from(*octet)) % prime)
}

fn is_power(rest: u32, prime: u32) -> bool {
    let mut power = 1;
    (0..prime).any(|_| {
        power = power * (GENERATOR % prime) % prime;
        power == rest
    })
}
