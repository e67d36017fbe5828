//! A measured case: a row of the printed table.

/// A name and a work. Each bench has its own kind of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<W> {
    pub(crate) name: &'static str,
    pub(crate) work: W,
}

pub(crate) const fn case<W>(name: &'static str, work: W) -> Case<W> {
    Case { name, work }
}

/// Returns the cases whose names are selected, and the cases with which they are compared.
pub(crate) fn select<W: Copy + PartialEq>(
    cases: &[Case<W>],
    is_selected: impl Fn(&str) -> bool,
    bases: impl Fn(W) -> Vec<W>,
) -> Vec<Case<W>> {
    let named: Vec<W> =
        cases.iter().filter(|case| is_selected(case.name)).map(|case| case.work).collect();
    let bases: Vec<W> = named.iter().flat_map(|work| bases(*work)).collect();
    let mut selected = cases.to_vec();
    selected.retain(|case| named.contains(&case.work) || bases.contains(&case.work));
    selected
}

/// Selects cases by the arguments of the program: each argument is a part of a name. cargo also
/// passes its own options, which begin with `-`.
pub(crate) fn select_by_arguments<W: Copy + PartialEq>(
    cases: &[Case<W>],
    arguments: &[String],
    bases: impl Fn(W) -> Vec<W>,
) -> Vec<Case<W>> {
    let parts: Vec<_> = arguments.iter().filter(|text| !text.starts_with('-')).collect();
    let is_selected =
        |name: &str| parts.is_empty() || parts.iter().any(|part| name.contains(part.as_str()));
    select(cases, is_selected, bases)
}
