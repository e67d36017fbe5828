//! stub
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationSettings {
    #[allow(dead_code)]
    redis: String,
    #[allow(dead_code)]
    #[serde(default)]
    required: bool,
}
