//! Compares the table of string demands with the demands of the runtime, whose variants the attributes
//! write.

use std::collections::BTreeSet;
use std::path::Path;

use syn::{Arm, Expr, File, ImplItem, Item, Lit, Pat, Stmt};

use crate::requirement::STRING_DEMANDS;

/// The variants of `Demand` whose value is not a string. A token may satisfy several demands of the
/// same variant.
const OTHERS: [&str; 7] = ["Declared", "Claim", "MaxAge", "Proof", "Details", "Check", "Policy"];

/// Parses a source file about demands in the runtime crate.
fn source(name: &str) -> File {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/policy/demand");
    syn::parse_file(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// Returns the variants of the runtime's `Demand`.
fn variants() -> BTreeSet<String> {
    let items = source("mod.rs").items.into_iter();
    let mut enums = items.filter_map(|item| match item {
        Item::Enum(item) if item.ident == "Demand" => Some(item.variants),
        _ => None,
    });
    let variants = enums.next().unwrap().into_iter();
    variants.map(|variant| variant.ident.to_string()).collect()
}

/// Returns the variants of `Demand` whose match arm is `false`. A token can satisfy a demand of
/// these variants together with any other demand.
fn excluding_nothing() -> BTreeSet<String> {
    let items = source("relations.rs").items.into_iter();
    let members = items.flat_map(|item| match item {
        Item::Impl(item) => item.items,
        _ => Vec::new(),
    });
    let mut functions = members.filter_map(|member| match member {
        ImplItem::Fn(function) if function.sig.ident == "excludes" => Some(function.block.stmts),
        _ => None,
    });
    let body = functions.next().unwrap();
    let [Stmt::Expr(Expr::Match(body), None)] = body.as_slice() else {
        panic!("`excludes` is one match");
    };
    let is_false = |arm: &&Arm| matches!(&*arm.body, Expr::Lit(body) if matches!(&body.lit, Lit::Bool(truth) if !truth.value));
    let arms = body.arms.iter().filter(is_false);
    arms.flat_map(|arm| names(&arm.pat)).collect()
}

fn names(pattern: &Pat) -> Vec<String> {
    match pattern {
        Pat::Or(cases) => cases.cases.iter().flat_map(names).collect(),
        Pat::TupleStruct(variant) => {
            let name = variant.path.segments.last().unwrap();
            vec![name.ident.to_string()]
        }
        _ => panic!("each pattern names variants"),
    }
}

#[test]
fn each_demand_has_a_key() {
    let strings = STRING_DEMANDS.iter().map(|demand| demand.variant);
    let written: BTreeSet<_> = strings.chain(OTHERS).map(str::to_owned).collect();
    assert_eq!(
        variants(),
        written,
        "the variants of the runtime's `Demand` (left) and what `STRING_DEMANDS` in \
         requirement/string_demand.rs and `OTHERS` in requirement/parse.rs write (right)"
    );
}

#[test]
fn each_demand_with_one_value_per_token_excludes_others() {
    let several = STRING_DEMANDS.iter().filter(|demand| !demand.is_single());
    let several = several.map(|demand| demand.variant);
    let written: BTreeSet<_> = several.chain(OTHERS).map(str::to_owned).collect();
    assert_eq!(
        excluding_nothing(),
        written,
        "the demands that exclude nothing by the runtime's `Demand::excludes` (left) and by the \
         column `per_token` of `STRING_DEMANDS` (right)"
    );
}
