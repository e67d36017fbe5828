//! Detects RSA keys that a broken key generator made, by a fingerprint of the modulus
//! (CVE-2017-15361, "ROCA").
//!
//! The broken key generator makes only primes of the form `k * M + 65537^a mod M`. M is the product
//! of the first primes. The RSA modulus of such a key is therefore a power of 65537 modulo each of
//! the first primes. An RSA modulus from another key generator has this property for all of
//! [`PRIMES`] with a probability under 2^-27.

const GENERATOR: u32 = 65537;

/// Primes modulo which `roca.rs` examines an RSA modulus. They are among the first 39 primes, which
/// divide M for every key size. Modulo the other primes among the 39, every non-zero remainder is a
/// power of 65537, so those primes give no information.
const PRIMES: [u32; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/// Returns true if the big-endian RSA modulus has the fingerprint of the broken key generator.
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
