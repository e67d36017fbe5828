//! The checksum at the end of a generated key, by which scanners recognise a key without asking the
//! server.

/// The digits of base 62, as in the tokens of GitHub.
pub(super) const DIGITS: &[u8; 62] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The number of base 62 digits that a CRC-32 needs.
const LENGTH: usize = 6;

/// The reversed polynomial of CRC-32 (ISO/IEC 8802-3).
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// Returns the CRC-32 of the text as six digits of base 62.
pub(super) fn checksum(text: &str) -> String {
    let mut rest = crc32(text.as_bytes());
    let mut digits = [char::from(DIGITS[0]); LENGTH];
    for digit in digits.iter_mut().rev() {
        let value = usize::try_from(rest % 62).unwrap_or_default();
        *digit = DIGITS.get(value).copied().map_or('0', char::from);
        rest /= 62;
    }
    digits.into_iter().collect()
}

fn crc32(bytes: &[u8]) -> u32 {
    let rest = bytes.iter().fold(u32::MAX, |rest, byte| {
        (0..8).fold(rest ^ u32::from(*byte), |rest, _| {
            if rest & 1 == 1 { (rest >> 1) ^ POLYNOMIAL } else { rest >> 1 }
        })
    });
    !rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_common_crc32_in_base_62() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(checksum(""), "000000");
        // The published example of a GitHub token: `ghp_`, 30 random digits, and the checksum.
        assert_eq!(checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), "0mLq17");
    }
}
