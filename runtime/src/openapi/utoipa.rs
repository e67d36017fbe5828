//! Integration with utoipa. The releases 5 and 6 have the same types under the same names, so one
//! macro implements the integration for both.

/// Defines the module that integrates one release of utoipa. The block returns a security scheme of
/// a document with the URL of the issuer's metadata, if the document can contain the URL.
macro_rules! integrate {
    (
        $module:ident of $utoipa:ident,
        message = $message:literal,
        mutual_tls = |$description:ident| $mutual_tls:expr,
        oauth2 = |$document:ident, $oauth2:ident, $metadata:ident| $with_metadata:expr
    ) => {
        #[allow(missing_docs, reason = "the generated code uses the module")]
        pub mod $module {
            use std::collections::BTreeMap;

            pub use ::$utoipa::__dev::{SchemaReferences, Tags};
            use ::$utoipa::Modify;
            pub use ::$utoipa::Path;
            use ::$utoipa::openapi::OpenApi;
            use ::$utoipa::openapi::extensions::Extensions;
            pub use ::$utoipa::openapi::path::Operation;
            use ::$utoipa::openapi::response::Response;
            pub use ::$utoipa::openapi::schema::Schema;
            use ::$utoipa::openapi::security::{
                ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, Flow, HttpAuthScheme,
                HttpBuilder, OAuth2, OpenIdConnect, Scopes, SecurityRequirement, SecurityScheme,
            };
            pub use ::$utoipa::openapi::{HttpMethod, RefOr};

            use crate::openapi::OpenApiSecurity;
            use crate::openapi::scheme::{Kind, Scheme};
            use crate::openapi::typed_document::{TypedDocument, TypedOperation, apply, describe};
            use crate::router::Access;

            /// An operation that `#[utoipa::path]` of this release describes. The traits of utoipa
            /// are not supertraits, because the compiler would report them instead of this trait.
            /// They are bounds of a type and not methods, so that no further functions are compiled
            /// for each handler.
            #[diagnostic::on_unimplemented(
                                message = $message,
                                label = "the document would lack the security of this operation"
                            )]
            pub trait DescribedOperation<'late> {
                type Type: Path + Tags<'static> + SchemaReferences;
            }

            #[diagnostic::do_not_recommend]
            impl<P: Path + Tags<'static> + SchemaReferences> DescribedOperation<'_> for P {
                type Type = Self;
            }

            /// Adds the documentation of the access to an operation. Keeps the documentation that
            /// the user wrote.
            #[must_use]
            pub fn documented(mut operation: Operation, access: &Access) -> Operation {
                describe(&mut operation, access);
                operation
            }

            /// Adds the security schemes to a document, and sets the names of the schemes in the
            /// operations of the document. Call `security.modify(&mut document)` after all routes
            /// have been added to the document.
            impl Modify for OpenApiSecurity {
                fn modify(&self, openapi: &mut OpenApi) {
                    apply(self, openapi);
                }
            }

            impl TypedOperation for Operation {
                type SecurityRequirement = SecurityRequirement;
                type Response = RefOr<Response>;
                type Extensions = Extensions;

                fn security(&mut self) -> &mut Option<Vec<SecurityRequirement>> {
                    &mut self.security
                }

                fn description(&mut self) -> &mut Option<String> {
                    &mut self.description
                }

                fn responses(&mut self) -> &mut BTreeMap<String, RefOr<Response>> {
                    &mut self.responses.responses
                }

                fn extensions(&mut self) -> &mut Option<Extensions> {
                    &mut self.extensions
                }
            }

            impl TypedDocument for OpenApi {
                type Operation = Operation;

                fn operations(&mut self) -> impl Iterator<Item = &mut Operation> {
                    self.paths.paths.values_mut().flat_map(|item| {
                        let item = [
                            &mut item.get,
                            &mut item.put,
                            &mut item.post,
                            &mut item.delete,
                            &mut item.options,
                            &mut item.head,
                            &mut item.patch,
                            &mut item.trace,
                        ];
                        item.into_iter().flatten()
                    })
                }

                fn add_scheme(&mut self, name: String, scheme: &Scheme<'_>) {
                    let scheme = security_scheme(scheme, self);
                    let components = self.components.get_or_insert_default();
                    components.security_schemes.entry(name).or_insert_with(|| scheme.into());
                }
            }

            fn security_scheme(scheme: &Scheme<'_>, $document: &OpenApi) -> SecurityScheme {
                let description = scheme.description.as_str();
                match &scheme.kind {
                    Kind::OpenIdConnect(url) => {
                        let connect = OpenIdConnect::with_description(url.as_str(), description);
                        SecurityScheme::OpenIdConnect(connect)
                    }
                    Kind::Bearer => {
                        let bearer = HttpBuilder::new()
                            .scheme(HttpAuthScheme::Bearer)
                            .bearer_format("JWT")
                            .description(Some(description));
                        SecurityScheme::Http(bearer.build())
                    }
                    // utoipa cannot name another scheme, so the header and the scheme are described
                    // in words.
                    Kind::Http(scheme) => {
                        let text = format!("{description}, as `Authorization: {scheme} <token>`");
                        let header = ApiKeyValue::with_description("Authorization", &text);
                        SecurityScheme::ApiKey(ApiKey::Header(header))
                    }
                    Kind::NamedScheme("bearer") => {
                        let bearer = HttpBuilder::new()
                            .scheme(HttpAuthScheme::Bearer)
                            .description(Some(description));
                        SecurityScheme::Http(bearer.build())
                    }
                    // utoipa cannot name another scheme. The description contains it.
                    Kind::NamedScheme(_) => {
                        let header = ApiKeyValue::with_description("Authorization", description);
                        SecurityScheme::ApiKey(ApiKey::Header(header))
                    }
                    Kind::Header(name) => {
                        let header = ApiKeyValue::with_description(*name, description);
                        SecurityScheme::ApiKey(ApiKey::Header(header))
                    }
                    Kind::Cookie(name) => {
                        let cookie = ApiKeyValue::with_description(*name, description);
                        SecurityScheme::ApiKey(ApiKey::Cookie(cookie))
                    }
                    Kind::MutualTls => {
                        let $description = Some(description.to_owned());
                        $mutual_tls
                    }
                    Kind::OAuth2 {
                        authorization,
                        token,
                        client_credentials,
                        metadata: $metadata,
                    } => {
                        let scopes = || {
                            let scopes = scheme.scopes.iter().map(|(name, text)| (*name, *text));
                            scopes.collect::<Scopes>()
                        };
                        let code =
                            authorization.map(|url| AuthorizationCode::new(url, *token, scopes()));
                        let client =
                            client_credentials.then(|| ClientCredentials::new(*token, scopes()));
                        let flows = [
                            code.map(Flow::AuthorizationCode),
                            client.map(Flow::ClientCredentials),
                        ];
                        let $oauth2 =
                            OAuth2::with_description(flows.into_iter().flatten(), description);
                        SecurityScheme::OAuth2($with_metadata)
                    }
                }
            }
        }
    };
}

#[cfg(feature = "utoipa5")]
integrate! {
    utoipa5 of utoipa5,
    message = "utoipa 5 does not describe this operation: for `#[utoipa::path]` of utoipa 6, enable the feature `utoipa` of `axum-protected`",
    mutual_tls = |description| SecurityScheme::MutualTls { description, extensions: None },
    // Only OpenAPI 3.2 has the field `oauth2MetadataUrl`, and utoipa 5 writes OpenAPI 3.1.
    oauth2 = |_document, oauth2, _metadata| oauth2
}

#[cfg(feature = "utoipa")]
integrate! {
    utoipa6 of utoipa,
    message = "utoipa 6 does not describe this operation: for `#[utoipa::path]` of utoipa 5, enable the feature `utoipa5` of `axum-protected`",
    mutual_tls = |description| {
        SecurityScheme::MutualTls { description, deprecated: None, extensions: None }
    },
    oauth2 = |document, oauth2, metadata| {
        let has_metadata = document.openapi == ::utoipa::openapi::OpenApiVersion::Version32;
        let mut oauth2 = oauth2;
        oauth2.oauth2_metadata_url = metadata.filter(|_| has_metadata).map(str::to_owned);
        oauth2
    }
}
