//! Finds the checks of a requirement by the name of their function, and the alternative that a
//! request can satisfy without such a check. The alternative is only for an error message: the
//! compiler decides if there is one, because only the compiler sees into named policies.

use proc_macro2::Ident;
use syn::Path;
use syn::ext::IdentExt as _;

use super::groups::Connective;
use super::{Code, Demand, Leaf, Requirement};

impl Requirement {
    /// Returns the path of each check whose function has this name.
    pub(crate) fn checks_of(&self, function: &Ident) -> Vec<&Path> {
        let paths = self.code().into_iter().filter_map(|(_, code)| code.function());
        paths.filter(|path| ends_in(path, function)).collect()
    }

    /// Returns the first alternative that a request can satisfy without the check. Returns `None` if
    /// no `any(...)` has such an alternative. Prefers an `any(...)` that names the check.
    pub(crate) fn alternative_without(&self, function: &Ident) -> Option<&Self> {
        let groups = self.groups();
        let find = |is_relevant: &dyn Fn(&Self) -> bool, lacks: &dyn Fn(&Self) -> bool| {
            groups
                .iter()
                .filter(|group| group.connective == Connective::Any)
                .filter(|group| group.members.iter().any(|case| is_relevant(case)))
                .find_map(|group| group.members.iter().copied().find(|case| lacks(case)))
        };
        let names = |case: &Self| !case.checks_of(function).is_empty();
        let certainly_lacks = |case: &Self| !case.demands(function) && !case.names_policy();
        let perhaps_lacks = |case: &Self| !case.demands(function);
        find(&names, &certainly_lacks)
            .or_else(|| find(&names, &perhaps_lacks))
            .or_else(|| find(&Self::names_policy, &certainly_lacks))
    }

    /// Returns true if the requirement demands the check in every case, apart from named policies.
    fn demands(&self, function: &Ident) -> bool {
        match &self.demand {
            Demand::All(members) => members.iter().any(|member| member.demands(function)),
            Demand::Any(cases) => cases.iter().all(|case| case.demands(function)),
            Demand::Leaf(Leaf::Code(code)) => {
                code.function().is_some_and(|path| ends_in(path, function))
            }
            Demand::Leaf(_) => false,
        }
    }

    fn names_policy(&self) -> bool {
        self.code().iter().any(|(_, code)| matches!(code, Code::Policy(_)))
    }
}

fn ends_in(path: &Path, function: &Ident) -> bool {
    path.segments.last().is_some_and(|last| last.ident.unraw() == function.unraw())
}
