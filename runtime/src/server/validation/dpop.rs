//! Checks the settings of DPoP together with the location of the API.

use std::sync::Arc;

use reqwest::Url;

use crate::dpop::{BaseUri, DpopJudge};
use crate::server::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Gives the store of used proofs to the settings of DPoP.
    pub(in crate::server) fn apply_replay_store(&mut self) {
        if let (Some(dpop), Some(store)) = (&mut self.dpop, self.replay_store.take()) {
            dpop.replay_store = Some(store);
        }
    }

    /// Returns the judge of DPoP proofs, if they are accepted. Adds all problems of the settings to
    /// `problems`.
    pub(in crate::server) fn dpop_judge(
        &self,
        problems: &mut Vec<String>,
    ) -> Option<Arc<DpopJudge>> {
        let settings = self.dpop.clone()?;
        if cfg!(not(feature = "dpop")) {
            let problem = "`dpop` needs the cargo feature of the same name: enable it for \
                           `axum-protected`";
            problems.push(problem.to_owned());
        }
        if self.public_url.is_none() && self.resource.is_none() {
            let problem = "`dpop` needs the URL of this API, which each proof names: set \
                           `public_url` or `resource`";
            problems.push(problem.to_owned());
        }
        settings.judge(self.base_uri(), &self.clock, problems).map(Arc::new)
    }

    /// Returns the base of the URLs of requests. Returns `None` if the setting is missing or is not a
    /// URL.
    fn base_uri(&self) -> Option<BaseUri> {
        let parse = |text: &String| text.parse::<Url>().ok();
        match &self.public_url {
            Some(url) => parse(url).as_ref().map(BaseUri::of_public_url),
            None => self.resource.as_ref().and_then(parse).as_ref().map(BaseUri::of_resource),
        }
    }
}
