use axum_protected::Scopes;

#[derive(Scopes)]
struct Struct;

#[derive(Scopes)]
enum Empty {}

#[derive(Scopes)]
enum Generic<T> {
    #[scope("a")]
    A(T),
}

#[derive(Scopes)]
enum Attributes {
    Missing,
    #[scope]
    Bare,
    #[scope = "a"]
    Equals,
    #[scope()]
    NoName,
    #[scope(name = "a")]
    Keyed,
    #[scope(1)]
    Number,
    #[scope("")]
    Blank,
    #[scope("a b")]
    Several,
    #[scope("größe")]
    BeyondAscii,
    #[scope("c", "d")]
    Two,
    #[scope("e")]
    #[scope("f")]
    Twice,
    #[doc = concat!("See", " items")]
    #[scope("g")]
    Described,
}

#[derive(Scopes)]
enum SameName {
    #[scope("a")]
    One,
    #[scope("a")]
    Other,
}

#[derive(Scopes)]
enum Implications {
    #[scope("items:read", implies = ItemsRead)]
    NoList,
    #[scope("b", implies = ["items:read"])]
    Quoted,
    #[scope("c", implies = [ItemRead])]
    MisspeltVariant,
    #[scope("d", implies = [Another])]
    Unknown,
    #[scope("e", implies = [Itself])]
    Itself,
    #[scope("f", implies = [ItemsRead, ItemsRead])]
    Duplicate,
    #[scope("g" implies = [ItemsRead])]
    NoComma,
    #[scope("h", imply = [ItemsRead])]
    MisspeltKey,
    #[scope("i")]
    ItemsRead,
}

#[derive(Scopes)]
enum Cycle {
    #[scope("a", implies = [B])]
    A,
    #[scope("b", implies = [C])]
    B,
    #[scope("c", implies = [A, B])]
    C,
}

#[derive(Scopes)]
#[scopes(crate = axum_protected)]
enum RelativePath {
    #[scope("a")]
    A,
}

fn main() {}
