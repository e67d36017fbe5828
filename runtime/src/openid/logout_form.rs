//! The form in which a provider sends a logout token (OpenID Connect Back-Channel Logout section 2.5).

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// The longest body in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Returns true if the body is a form, with or without parameters of the media type.
#[must_use]
pub fn is_form(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(CONTENT_TYPE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let media_type = line.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}

/// Returns the parameter `logout_token` of a form. Other parameters are ignored.
///
/// # Errors
///
/// Returns a sentence that states the fault.
pub fn logout_token(form: &[u8]) -> Result<String, &'static str> {
    let mut tokens = form_urlencoded::parse(form)
        .filter(|(name, _)| name == "logout_token")
        .map(|(_, value)| value.into_owned());
    match (tokens.next(), tokens.next()) {
        (Some(token), None) if !token.is_empty() => Ok(token),
        (Some(_), Some(_)) => Err("the form has several `logout_token`"),
        _ => Err("the form has no `logout_token`"),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_form_has_one_logout_token() {
        let none = Err("the form has no `logout_token`");
        let several = Err("the form has several `logout_token`");
        let token = Ok("a.b.c".to_owned());
        for (form, expected) in [
            ("logout_token=a.b.c", token.clone()),
            ("x=y&logout_token=a%2Eb.c&logout=z", token),
            ("logout_token=a&logout_token=a", several.clone()),
            ("logout_token=&logout_token=a", several.clone()),
            ("logout%5Ftoken=a&logout_token=a", several),
            ("logout_token=", none.clone()),
            ("logout_token", none.clone()),
            ("Logout_token=a", none.clone()),
            ("", none),
        ] {
            assert_eq!(logout_token(form.as_bytes()), expected, "{form}");
        }
    }

    #[test]
    fn only_a_form_is_a_form() {
        const FORM: &str = "application/x-www-form-urlencoded";
        let cases: [(&[&str], bool); 7] = [
            (&[FORM], true),
            (&["APPLICATION/x-www-form-urlencoded; charset=UTF-8"], true),
            (&["application/x-www-form-urlencoded ;"], true),
            (&[], false),
            (&["application/json"], false),
            (&["application/x-www-form-urlencodedx"], false),
            (&[FORM, FORM], false),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(CONTENT_TYPE, HeaderValue::from_static(line));
            }
            assert_eq!(is_form(&headers), expected, "{lines:?}");
        }
    }
}
