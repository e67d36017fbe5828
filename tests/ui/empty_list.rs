use axum_protected::{Policy, protected, protected as guard};

macro_rules! handlers {
    ($parentheses:ident $brackets:ident $behind_cfg:ident $own_name:ident [$($args:tt)*]) => {
        #[guard($($args)*)]
        async fn $parentheses() {}

        #[guard[$($args)*]]
        async fn $brackets() {}

        #[cfg_attr(all(), guard($($args)*))]
        async fn $behind_cfg() {}

        #[protected($($args)*)]
        async fn $own_name() {}
    };
}

handlers!(in_parentheses in_brackets behind_cfg by_its_own_name []);

#[guard()]
async fn without_macro() {}

#[cfg_attr(all(), guard())]
async fn without_macro_behind_cfg() {}

macro_rules! fragments {
    ($visibility:vis fn $alone:ident $group:ident $policy:ident) => {
        #[guard($visibility)]
        async fn $alone() {}

        #[protected(scope = "a", any($visibility))]
        async fn $group() {}

        #[derive(Policy)]
        #[policy($visibility)]
        struct $policy;
    };
}

fragments!(fn fragment group Named);

fn main() {}
