//! Detects RSA keys of a broken generator by their fingerprint (CVE-2017-15361, "ROCA").
//!
//! The generator's primes are `k * M + 65537^a mod M` with M the product of the first primes, so that modulo
//! each of those primes the modulus is a power of 65537. Other keys have this property for all of
//! the primes below with a probability under 2^-27.

const GENERATOR: u32 = 65537;

/// Primes among the first 39 (which divide M for every key size) for which 65537 does not generate
/// the whole group. For the other primes the test has no information.
const PRIMES: [u32; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/// Returns true if the big-endian modulus has the fingerprint.
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
