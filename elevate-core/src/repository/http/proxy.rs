//! Which way a request takes: straight, or through which proxy.

use crate::repository::definition::Proxy;
use crate::repository::url::{Credentials, Scheme, Url};

/// What the environment says about proxies, as curl reads it. The library does not
/// look there; whoever does hands it over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProxyEnvironment {
    /// `http_proxy`: for `http` addresses.
    pub http: Option<String>,
    /// `https_proxy`: for `https` addresses.
    pub https: Option<String>,
    /// `all_proxy`: for those the other two say nothing about.
    pub all: Option<String>,
    /// `no_proxy`: hosts and domains, separated by commas, that are asked straight,
    /// whatever proxy is configured; `*` for all.
    pub none: Option<String>,
}

/// The way of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// To the server.
    Direct,
    /// To a proxy that is told the whole address: for `http` through an `http`
    /// proxy. Many proxies open tunnels for `https` only.
    Absolute { proxy: Url, credentials: Option<Credentials> },
    /// Through a tunnel a proxy opens.
    Tunnel { proxy: String, credentials: Option<Credentials> },
}

impl Route {
    /// What the proxy wants to be told with the request itself.
    pub(super) fn to_be_sent(&self, scheme: Scheme) -> Option<&Credentials> {
        match self {
            Route::Absolute { credentials, .. } if scheme == Scheme::Http => credentials.as_ref(),
            _ => None,
        }
    }

    /// Tells the ways of one client apart: with it every proxy has one password.
    pub(super) fn key(&self) -> String {
        match self {
            Route::Direct => String::new(),
            Route::Absolute { proxy, .. } => format!("told {proxy}"),
            Route::Tunnel { proxy, .. } => format!("tunnel {proxy}"),
        }
    }
}

/// The way to an address.
pub(super) fn route(
    proxy: &Proxy,
    environment: &ProxyEnvironment,
    to: &Url,
) -> Result<Route, String> {
    if environment.spares(&to.host) {
        return Ok(Route::Direct);
    }
    let (text, credentials) = match proxy {
        Proxy::Direct => return Ok(Route::Direct),
        Proxy::At { url, credentials } => (url.clone(), credentials.clone()),
        Proxy::Environment => match environment.proxy(to.scheme) {
            Some(Proxy::At { url, credentials }) => (url, credentials),
            _ => return Ok(Route::Direct),
        },
    };
    let plain = text.to_ascii_lowercase().starts_with("http://");
    if to.scheme == Scheme::Http && plain {
        let proxy = Url::parse(&text).map_err(|error| format!("proxy {text:?} {error}"))?;
        return Ok(Route::Absolute { proxy, credentials });
    }
    Ok(Route::Tunnel { proxy: text, credentials })
}

/// A proxy that opens tunnels, as the client below wants it.
pub(super) fn tunnel(text: &str, credentials: Option<&Credentials>) -> Result<ureq::Proxy, String> {
    let bad = |why: &str| format!("proxy {text:?}: {why}");
    let plain = ureq::Proxy::new(text).map_err(|error| bad(&error.to_string()))?;
    let mut builder = ureq::Proxy::builder(plain.protocol()).host(plain.host()).port(plain.port());
    builder = builder.resolve_target(plain.resolve_target());
    if let Some(credentials) = credentials {
        builder = builder.username(&credentials.user).password(credentials.password.reveal());
    }
    builder.build().map_err(|error| bad(&error.to_string()))
}

impl ProxyEnvironment {
    fn proxy(&self, scheme: Scheme) -> Option<Proxy> {
        let own = match scheme {
            Scheme::Http => &self.http,
            Scheme::Https => &self.https,
        };
        let said = |text: &&String| !text.trim().is_empty();
        let text = own.as_ref().filter(said).or(self.all.as_ref().filter(said))?;
        Some(Proxy::of_text(text))
    }

    /// Whether a host is asked straight: it, or a domain it is in, is listed.
    fn spares(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        let list = self.none.as_deref().unwrap_or_default();
        let items = list.split([',', ' ']).map(|item| item.trim().to_ascii_lowercase());
        items.filter(|item| !item.is_empty()).any(|item| {
            let name = item.trim_start_matches("*.").trim_start_matches('.');
            item == "*" || host == name || host.ends_with(&format!(".{name}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(proxy: &Proxy, environment: &ProxyEnvironment, to: &str) -> String {
        route(proxy, environment, &Url::parse(to).unwrap()).unwrap().key()
    }

    #[test]
    fn each_protocol_has_its_proxy_in_the_environment() {
        let environment = ProxyEnvironment {
            http: Some("http://u:p@one:3128/".into()),
            https: Some("two:8080".into()),
            all: Some("socks5://three".into()),
            none: Some("localhost, .example.org,10.0.0.1,*.test".into()),
        };
        let ways = [
            ("http://h/", "told http://one:3128/"),
            ("https://h/", "tunnel http://two:8080"),
            ("http://localhost/", ""),
            ("http://a.example.org/", ""),
            ("http://example.org/", ""),
            ("http://notexample.org/", "told http://one:3128/"),
            ("http://10.0.0.1:81/", ""),
            ("https://x.test/", ""),
        ];
        for (to, expected) in ways {
            assert_eq!(way(&Proxy::Environment, &environment, to), expected, "{to}");
        }
        assert_eq!(way(&Proxy::Direct, &environment, "http://h/"), "");
        let own = Proxy::of_text("http://own");
        assert_eq!(way(&own, &environment, "http://h/"), "told http://own/");
        let everywhere = ProxyEnvironment { none: Some("*".into()), ..environment.clone() };
        assert_eq!(way(&own, &everywhere, "http://h/"), "");
        let all = ProxyEnvironment { http: None, ..environment };
        assert_eq!(way(&Proxy::Environment, &all, "http://h/"), "tunnel socks5://three");
    }

    #[test]
    fn an_odd_proxy_is_refused() {
        let to = Url::parse("http://h/").unwrap();
        let odd = Proxy::of_text("http://a b");
        assert!(route(&odd, &ProxyEnvironment::default(), &to).is_err());
        assert!(tunnel("gopher://h", None).is_err());
        assert!(tunnel("http://", None).is_err());
    }
}
