//! One OpenID Connect provider: code flow with PKCE and nonce; what its ID token says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use access::Grant;
use base64::Engine;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
};
use serde::Deserialize;

/// How long what a provider says of itself, keys included, is believed.
const KEPT: Duration = Duration::from_secs(3_600);
/// How long we wait for a provider.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer of a provider, in bytes.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;
/// Ways of signing in that count as a second factor (RFC 8176).
const STRONG: [&str; 6] = ["mfa", "otp", "hwk", "swk", "sc", "fpt"];

/// A provider that the operator trusts to say who somebody is.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Short name in addresses and identifiers of accounts.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The provider's address, as its ID tokens have it in `iss`.
    pub url: String,
    /// This register at the provider.
    pub client_id: String,
    /// The file with the secret that the provider gave; read by the program, never shown.
    pub client_secret_file: std::path::PathBuf,
    /// What stands in that file.
    #[serde(skip)]
    pub client_secret: String,
    /// This register's own address, as browsers have it and the provider knows it.
    pub address: String,
    /// What else to ask the provider for, so that the token names the groups.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim with the names of groups.
    #[serde(default = "groups")]
    pub groups_claim: String,
    /// What members of a group are granted. Nothing else is ever granted by this provider.
    #[serde(default, rename = "grant")]
    pub grants: Vec<GroupGrant>,
}

fn groups() -> String {
    "groups".to_owned()
}

/// What the members of a group are granted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupGrant {
    /// Name of the group at the provider.
    pub group: String,
    /// What is granted.
    #[serde(rename = "to")]
    pub grant: Grant,
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issuer {} {}", self.id, self.url)
    }
}

impl Issuer {
    /// Whether it can be used.
    ///
    /// # Errors
    /// Names what cannot.
    pub fn check(&self) -> Result<(), String> {
        let Self { id, url, address, .. } = self;
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=32).contains(&id.len()) || !id.bytes().all(is_plain) {
            return Err(format!("issuer.id {id:?}: 1 to 32 of a–z, 0–9, '-'"));
        }
        for given in [url, address] {
            let is_own = given.starts_with("http://127.0.0.1:") || given.starts_with("http://localhost:");
            if !given.starts_with("https://") && !is_own {
                return Err(format!("issuer {id}: {given}: https is needed beyond this machine"));
            }
        }
        Ok(())
    }
}

/// Somebody who was sent to the provider, until he comes back.
pub(super) struct Sent {
    pub nonce: Nonce,
    pub verifier: PkceCodeVerifier,
}

/// What an ID token says, verified.
pub(super) struct Said {
    pub subject: String,
    pub name: String,
    pub grants: Vec<Grant>,
    pub second_factor: bool,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider, and what it last said of itself.
pub(super) struct Provider {
    pub issuer: Issuer,
    secret: ClientSecret,
    agent: ureq::Agent,
    about: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

/// Why a provider could not tell: for the log.
pub(super) type Failed = Box<dyn std::error::Error + Send + Sync>;

impl Provider {
    pub fn new(mut issuer: Issuer) -> Self {
        let secret = ClientSecret::new(std::mem::take(&mut issuer.client_secret));
        let crypto = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(crypto)
            .build();
        // A provider that sends us elsewhere would have us ask inside the operator's own network.
        let agent =
            ureq::Agent::config_builder().tls_config(tls).max_redirects(0).http_status_as_error(false);
        let agent = agent.timeout_global(Some(PATIENCE)).build().into();
        Self { issuer, secret, agent, about: Mutex::new(None) }
    }

    fn ask(&self, request: HttpRequest) -> Result<HttpResponse, std::io::Error> {
        let mut response = self.agent.run(request).map_err(std::io::Error::other)?;
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        let (parts, _) = response.into_parts();
        Ok(HttpResponse::from_parts(parts, body.map_err(std::io::Error::other)?))
    }

    fn about(&self) -> Result<CoreProviderMetadata, Failed> {
        let mut about = self.about.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = about.as_ref().filter(|(at, _)| at.elapsed() < KEPT) {
            return Ok(known.clone());
        }
        let url = IssuerUrl::new(self.issuer.url.clone())?;
        let found = CoreProviderMetadata::discover(&url, &|request| self.ask(request))?;
        *about = Some((Instant::now(), found.clone()));
        Ok(found)
    }

    fn client(&self) -> Result<Client, Failed> {
        let Issuer { id, client_id, address, .. } = &self.issuer;
        let back = format!("{}/session/oidc/{id}/return", address.trim_end_matches('/'));
        let (client_id, secret) = (ClientId::new(client_id.clone()), self.secret.clone());
        let client = CoreClient::from_provider_metadata(self.about()?, client_id, Some(secret));
        Ok(client.set_redirect_uri(RedirectUrl::new(back)?))
    }

    /// Where to send somebody, and what to hold against his return.
    pub fn send(&self, state: &str) -> Result<(String, Sent), Failed> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (client, state) = (self.client()?, CsrfToken::new(state.to_owned()));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let mut request =
            client.authorize_url(flow, move || state, Nonce::new_random).set_pkce_challenge(challenge);
        for scope in ["profile"].into_iter().chain(self.issuer.scopes.iter().map(String::as_str)) {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        let (url, _, nonce) = request.url();
        Ok((url.to_string(), Sent { nonce, verifier }))
    }

    /// What the provider says of whoever came back with a code.
    pub fn told(&self, code: String, sent: Sent) -> Result<Said, Failed> {
        let client = self.client()?;
        let exchange = client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(sent.verifier);
        let answer = exchange.request(&|request| self.ask(request))?;
        let token = answer.id_token().ok_or("no ID token came")?;
        let claims = token.claims(&client.id_token_verifier(), &sent.nonce)?;
        // The signature, issuer, audience, times and nonce hold: now the claims that the standard does not name.
        let claimed = payload(&token.to_string())?;
        let name = claimed["name"].as_str().or(claimed["preferred_username"].as_str()).unwrap_or("");
        let words = |claim: &str| -> Vec<String> {
            let list = claimed[claim].as_array().cloned().unwrap_or_default();
            list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
        };
        let groups = words(&self.issuer.groups_claim);
        let of_group = |granted: &&GroupGrant| groups.contains(&granted.group);
        Ok(Said {
            subject: claims.subject().to_string(),
            name: name.to_owned(),
            grants: self.issuer.grants.iter().filter(of_group).map(|granted| granted.grant.clone()).collect(),
            second_factor: words("amr").iter().any(|way| STRONG.contains(&way.as_str())),
        })
    }
}

fn payload(token: &str) -> Result<serde_json::Value, Failed> {
    let part = token.split('.').nth(1).ok_or("an ID token has three parts")?;
    Ok(serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part)?)?)
}

/// Every provider, by its short name.
pub(super) fn providers(issuers: Vec<Issuer>) -> BTreeMap<String, Arc<Provider>> {
    issuers.into_iter().map(|issuer| (issuer.id.clone(), Arc::new(Provider::new(issuer)))).collect()
}
