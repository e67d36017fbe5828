//! The return types of a check that loads a value for the handler.

use axum_core::response::IntoResponse;

use super::{CheckRejection, Denied};

/// The value that a check loaded, for the handler that the check guards.
///
/// A check often has to load the object that it decides about. If it returns the object as
/// `Option<Loaded<T>>` or `Result<Loaded<T>, E>`, the handler takes the object with the extractor
/// [`Checked`](crate::Checked), and nothing loads the object a second time:
///
/// ```
/// use axum::extract::{Path, State};
/// use axum::http::StatusCode;
/// use axum_protected::{AccessToken, Checked, Loaded, check, protected};
///
/// # #[derive(Clone)] struct Blogs;
/// # impl Blogs { async fn find(&self, _: u64) -> Option<Blog> { None } }
/// struct Blog {
///     owner: String,
///     title: String,
/// }
///
/// #[check]
/// async fn own_blog(
///     Path(id): Path<u64>,
///     State(blogs): State<Blogs>,
///     caller: AccessToken,
/// ) -> Result<Loaded<Blog>, StatusCode> {
///     let blog = blogs.find(id).await.ok_or(StatusCode::NOT_FOUND)?;
///     match caller.subject() {
///         Some(subject) if subject == blog.owner => Ok(Loaded(blog)),
///         _ => Err(StatusCode::FORBIDDEN),
///     }
/// }
///
/// #[protected(scope = "blogs:read", check = own_blog)]
/// async fn title(Checked(blog): Checked<own_blog>) -> String {
///     blog.title
/// }
/// ```
///
/// `None` denies the request: the client receives a 403 with the code `denied`, as for `false`.
/// `Err` refuses the request with a response, or with [`Denied`].
///
/// `#[check]` recognises the return type by the names `Option`, `Result` and `Loaded`, so the type
/// cannot be an alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "constructed by the checks of the application")]
pub struct Loaded<T>(pub T);

/// The return type of a check that loads a value: `Option<Loaded<T>>`, `Result<Loaded<T>, Denied>`
/// or `Result<Loaded<T>, E>`. `E` implements `IntoResponse`, for example `StatusCode`.
#[diagnostic::on_unimplemented(
    message = "a check that loads a value cannot return `{Self}`",
    label = "return `Option<Loaded<T>>` or `Result<Loaded<T>, E>` with a response `E`"
)]
pub trait LoadingOutcome {
    /// The type of the loaded value.
    type Value: Send + 'static;

    /// Converts the outcome into a `Result` with the loaded value.
    ///
    /// # Errors
    ///
    /// Returns an error if the check refuses the request.
    fn into_value(self) -> Result<Self::Value, CheckRejection>;
}

impl<T: Send + 'static> LoadingOutcome for Option<Loaded<T>> {
    type Value = T;

    fn into_value(self) -> Result<T, CheckRejection> {
        self.map(|Loaded(value)| value).ok_or(CheckRejection::Denied)
    }
}

impl<T: Send + 'static> LoadingOutcome for Result<Loaded<T>, Denied> {
    type Value = T;

    fn into_value(self) -> Result<T, CheckRejection> {
        self.map(|Loaded(value)| value).map_err(|Denied| CheckRejection::Denied)
    }
}

impl<T: Send + 'static, E: IntoResponse> LoadingOutcome for Result<Loaded<T>, E> {
    type Value = T;

    fn into_value(self) -> Result<T, CheckRejection> {
        self.map(|Loaded(value)| value).map_err(CheckRejection::from_response)
    }
}

/// A check that loads a value for the handler. `#[check]` implements this trait for a function that
/// returns a [`LoadingOutcome`]. The handler takes the value with [`Checked`](crate::Checked).
#[diagnostic::on_unimplemented(
    message = "the check `{Self}` loads no value",
    label = "no value to take",
    note = "name the check and not the type of its value, as in `Checked<own_blog>`",
    note = "return `Option<Loaded<T>>` or `Result<Loaded<T>, E>` from the function with `#[check]`"
)]
pub trait LoadingCheck: 'static {
    /// The type of the loaded value.
    type Value: Send + 'static;
}
