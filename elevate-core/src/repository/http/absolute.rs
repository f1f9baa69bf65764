//! `http` through an `http` proxy: the request line has the whole address.
//!
//! The client below knows tunnels only, which most proxies refuse for `http`. So it
//! believes it talks to the server, while the connection is to the proxy, and the
//! request line is completed on its way out.

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, TcpConnector, Transport,
};
use ureq::{Agent, Error};

use crate::repository::url::Url;

/// How every request starts.
const START: &[u8] = b"GET /";

/// A client whose every connection is to the proxy.
pub(super) fn agent(config: Config, proxy: &Url) -> Result<Agent, String> {
    let uri = proxy.to_string().parse().map_err(|error| format!("proxy {proxy}: {error}"))?;
    let connector = ().chain(TcpConnector::default()).chain(Complete);
    let resolver = ToProxy { proxy: uri, resolver: DefaultResolver::default() };
    Ok(Agent::with_parts(config, connector, resolver))
}

/// Finds the proxy, whoever is asked for: a server's name may be known to the
/// proxy alone.
#[derive(Debug)]
struct ToProxy {
    proxy: Uri,
    resolver: DefaultResolver,
}

impl Resolver for ToProxy {
    fn resolve(
        &self,
        _: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.resolver.resolve(&self.proxy, config, timeout)
    }
}

#[derive(Debug)]
struct Complete;

impl<In: Transport> Connector<In> for Complete {
    type Out = Completing<In>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let authority = details.uri.authority().map(ToString::to_string).unwrap_or_default();
        let origin = format!("http://{authority}");
        Ok(chained.map(|inner| Completing { inner, origin }))
    }
}

/// A connection that completes request lines.
#[derive(Debug)]
struct Completing<T> {
    inner: T,
    origin: String,
}

impl<T: Transport> Transport for Completing<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let output = self.inner.buffers().output();
        let (at, more) = (START.len() - 1, self.origin.len());
        if !output.starts_with(START) || amount + more > output.len() {
            return Err(Error::Other("a request that cannot be sent through the proxy".into()));
        }
        output.copy_within(at..amount, at + more);
        output[at..at + more].copy_from_slice(self.origin.as_bytes());
        self.inner.transmit_output(amount + more, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
}
