//! What a client finds without being told: where the addresses are (RFC 8414) and by which keys tokens are
//! verified (RFC 7517).

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use liendoan_core::Result;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::Access;
use crate::access::keys::CACHED_SECONDS;
use crate::http::Problem;
use crate::http::grant::PERMISSIONS;
use crate::http::list::NoQuery;

/// What the authorization server can do, and where (RFC 8414, section 2).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "issuer": "https://liendoan.example",
    "token_endpoint": "https://liendoan.example/oauth/token",
    "revocation_endpoint": "https://liendoan.example/oauth/revoke",
    "introspection_endpoint": "https://liendoan.example/oauth/introspect",
    "jwks_uri": "https://liendoan.example/.well-known/jwks.json",
    "service_documentation": "https://liendoan.example/docs/",
    "grant_types_supported": ["client_credentials"],
    "response_types_supported": [],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    "scopes_supported": ["units:read", "events:read"]
}))]
pub struct ServerMetadata {
    pub issuer: String,
    pub token_endpoint: String,
    pub revocation_endpoint: String,
    pub introspection_endpoint: String,
    pub jwks_uri: String,
    pub service_documentation: String,
    pub grant_types_supported: Vec<&'static str>,
    /// None: people do not sign in here by OAuth.
    pub response_types_supported: Vec<&'static str>,
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    pub revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    pub introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    /// All permissions.
    pub scopes_supported: Vec<&'static str>,
}

/// The public keys (RFC 7517).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"keys": [{
    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
    "kid": "7Vq0Jz1oW2k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
}]}))]
pub struct KeySet {
    #[schema(value_type = Vec<Object>)]
    pub keys: Value,
}

fn may_be_kept() -> (header::HeaderName, String) {
    let policy = format!("public, max-age={CACHED_SECONDS}");
    (header::CACHE_CONTROL, policy)
}

/// Read where tokens are had
///
/// The metadata of RFC 8414, by which ordinary libraries find the addresses.
#[utoipa::path(
    operation_id = "read_server_metadata",
    tag = "oauth",
    security(()),
    responses((status = 200, description = "The metadata", body = ServerMetadata)),
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn metadata(_: NoQuery, access: web::Data<Access>) -> Result<HttpResponse, Problem> {
    let at = |path: &str| format!("{}{path}", access.issuer);
    let methods = || vec!["client_secret_basic", "client_secret_post"];
    Ok(HttpResponse::Ok()
        .insert_header(may_be_kept())
        .json(ServerMetadata {
            issuer: access.issuer.clone(),
            token_endpoint: at("/oauth/token"),
            revocation_endpoint: at("/oauth/revoke"),
            introspection_endpoint: at("/oauth/introspect"),
            jwks_uri: at("/.well-known/jwks.json"),
            service_documentation: at("/docs/"),
            grant_types_supported: vec!["client_credentials"],
            response_types_supported: Vec::new(),
            token_endpoint_auth_methods_supported: methods(),
            revocation_endpoint_auth_methods_supported: methods(),
            introspection_endpoint_auth_methods_supported: methods(),
            scopes_supported: PERMISSIONS.iter().map(|known| known.name).collect(),
        }))
}

/// Read the keys that tokens are verified by
///
/// All public keys that are known, as JWKS. A new key stands here twice as long before it signs as the answer
/// may be kept, so that whoever keeps it knows the key in time.
#[utoipa::path(
    operation_id = "list_keys",
    tag = "oauth",
    security(()),
    responses((status = 200, description = "The keys", body = KeySet)),
)]
#[get("/.well-known/jwks.json")]
pub async fn keys(_: NoQuery, access: web::Data<Access>) -> Result<HttpResponse, Problem> {
    access.freshen_keys().await?;
    Ok(HttpResponse::Ok()
        .insert_header(may_be_kept())
        .json(access.keys.jwks()))
}
