//! Base64, one way, for keys (RFC 4648).

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// With padding, as configuration expects keys.
pub fn standard(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            let letter = char::from(STANDARD[value as usize]);
            text.push(if digit > group.len() { '=' } else { letter });
        }
    }
    text
}

/// Without padding, in the alphabet that needs no escaping in a URL.
pub fn url_safe(bytes: &[u8]) -> String {
    let text = standard(bytes).replace('+', "-").replace('/', "_");
    text.trim_end_matches('=').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 4648, section 10.
    #[test]
    fn encodes_the_vectors_of_the_rfc() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, encoded) in vectors {
            assert_eq!(standard(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn url_safe_has_no_character_to_escape() {
        assert_eq!(standard(&[0xfb, 0xff]), "+/8=");
        assert_eq!(url_safe(&[0xfb, 0xff]), "-_8");
        assert_eq!(url_safe(&[0; 32]).len(), 43);
    }
}
