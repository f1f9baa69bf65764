//! A small HTTP server with every fault a real one may have.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a client asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method.
    pub method: String,
    /// What stands behind it: a path, or an address where a proxy is asked.
    pub target: String,
    /// Headers by their names in small letters.
    pub headers: BTreeMap<String, String>,
    /// How many requests for the same target there were before.
    pub before: usize,
}

impl Request {
    /// The value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What the server does.
pub enum Reply {
    /// Sends a file, or the part of it that is asked for.
    File(Vec<u8>),
    /// Sends a file whole, whatever part is asked for.
    Whole(Vec<u8>),
    /// Sends a file with this header too.
    With(String, Vec<u8>),
    /// Says it sends all of it, or all that is asked for, and stops after so many bytes.
    Cut(Vec<u8>, usize),
    /// Says it sends so many bytes, and sends these.
    Lie(usize, Vec<u8>),
    /// Sends a byte now and then.
    Slow(Vec<u8>, Duration),
    /// Sends the beginning of a file, then nothing more until the server ends.
    Stall(Vec<u8>, usize),
    /// Sends without end.
    Endless,
    /// Refuses.
    Status(u16),
    /// Sends elsewhere.
    Redirect(String),
    /// Hangs up.
    Die,
    /// Connects the client with this host and port.
    Tunnel(String),
}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

struct Shared {
    handler: Box<Handler>,
    tls: Option<Arc<ServerConfig>>,
    connections: AtomicUsize,
    requests: Mutex<Vec<Request>>,
    ended: AtomicBool,
}

/// A server that ends with the value.
pub struct Server {
    port: u16,
    shared: Arc<Shared>,
}

impl Server {
    /// Serves HTTP.
    pub fn new(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(None, Box::new(handler))
    }

    /// Serves HTTPS.
    pub fn tls(
        config: ServerConfig,
        handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(Arc::new(config)), Box::new(handler))
    }

    fn start(tls: Option<Arc<ServerConfig>>, handler: Box<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            handler,
            tls,
            connections: AtomicUsize::new(0),
            requests: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.ended.load(Ordering::SeqCst) {
                    break;
                }
                accepting.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&accepting);
                if let Ok(stream) = stream {
                    thread::spawn(move || shared.connection(stream));
                }
            }
        });
        Self { port, shared }
    }

    /// The address of a path on it.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.shared.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}{path}", self.port)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests so far whose target ends like this.
    pub fn requests_for(&self, end: &str) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.target.ends_with(end)).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        TcpStream::connect(("127.0.0.1", self.port)).ok();
    }
}

/// A connection that can be read and written.
trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Shared {
    fn connection(&self, stream: TcpStream) {
        let raw = stream.try_clone().expect("a second handle");
        let stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(stream),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).expect("a connection");
                Box::new(StreamOwned::new(connection, stream))
            }
        };
        let mut stream = BufReader::new(stream);
        // A client that goes away is what many tests are about.
        while let Ok(Some(request)) = self.request(&mut stream) {
            let reply = (self.handler)(&request);
            if let Reply::Tunnel(to) = &reply {
                self.tunnel(&mut stream, &raw, to).ok();
                break;
            }
            if !matches!(self.reply(&request, reply, stream.get_mut()), Ok(true)) {
                break;
            }
        }
        raw.shutdown(Shutdown::Both).ok();
    }

    fn request(&self, stream: &mut impl BufRead) -> io::Result<Option<Request>> {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let before = requests.iter().filter(|request| request.target == target).count();
        let request = Request { method, target, headers, before };
        requests.push(request.clone());
        Ok(Some(request))
    }

    /// Replies, and says whether the connection stays open.
    fn reply(&self, request: &Request, reply: Reply, to: &mut dyn Stream) -> io::Result<bool> {
        match reply {
            Reply::File(bytes) => part(request, &bytes, "", usize::MAX, to),
            Reply::Cut(bytes, most) => part(request, &bytes, "", most, to).map(|_| false),
            Reply::Whole(bytes) => whole("200 OK", "", &bytes, to),
            Reply::With(header, bytes) => whole("200 OK", &format!("{header}\r\n"), &bytes, to),
            Reply::Status(status) => whole(&format!("{status} No"), "", b"no\n", to),
            Reply::Redirect(place) => {
                whole("302 Found", &format!("Location: {place}\r\n"), b"there\n", to)
            }
            Reply::Lie(length, bytes) => {
                head("200 OK", "", length, to)?;
                to.write_all(&bytes)?;
                to.flush().map(|()| false)
            }
            Reply::Slow(bytes, pause) => {
                head("200 OK", "", bytes.len(), to)?;
                for byte in bytes {
                    to.write_all(&[byte])?;
                    to.flush()?;
                    self.sleep(pause);
                }
                Ok(false)
            }
            Reply::Stall(bytes, most) => {
                head("200 OK", "", bytes.len(), to)?;
                to.write_all(&bytes[..most])?;
                to.flush()?;
                while !self.ended.load(Ordering::SeqCst) {
                    self.sleep(Duration::from_millis(10));
                }
                Ok(false)
            }
            Reply::Endless => {
                to.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                loop {
                    to.write_all(&[b'x'; 4096])?;
                }
            }
            Reply::Die | Reply::Tunnel(_) => Ok(false),
        }
    }

    fn sleep(&self, pause: Duration) {
        if !self.ended.load(Ordering::SeqCst) {
            thread::sleep(pause);
        }
    }

    fn tunnel(
        &self,
        from: &mut BufReader<Box<dyn Stream>>,
        client: &TcpStream,
        to: &str,
    ) -> io::Result<()> {
        let mut server = TcpStream::connect(to)?;
        from.get_mut().write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
        from.get_mut().flush()?;
        let (mut back, mut forth) = (server.try_clone()?, client.try_clone()?);
        let copying = thread::spawn(move || io::copy(&mut back, &mut forth).ok());
        io::copy(&mut client.try_clone()?, &mut server)?;
        server.shutdown(Shutdown::Write)?;
        copying.join().ok();
        Ok(())
    }
}

/// Sends the part that is asked for, of which only `most` bytes come.
fn part(
    request: &Request,
    bytes: &[u8],
    headers: &str,
    most: usize,
    to: &mut dyn Stream,
) -> io::Result<bool> {
    let range = request.header("range").strip_prefix("bytes=").and_then(|r| r.strip_suffix('-'));
    let tag = "\"one\"";
    let same = ["", tag].contains(&request.header("if-range"));
    let from: usize = range.filter(|_| same).and_then(|from| from.parse().ok()).unwrap_or(0);
    if from > 0 && from >= bytes.len() {
        return whole("416 No", "", b"", to);
    }
    let (status, range) = match from {
        0 => ("200 OK", String::new()),
        _ => {
            let range =
                format!("Content-Range: bytes {from}-{}/{}\r\n", bytes.len() - 1, bytes.len());
            ("206 Part", range)
        }
    };
    let rest = &bytes[from..];
    head(status, &format!("{headers}{range}ETag: {tag}\r\n"), rest.len(), to)?;
    to.write_all(&rest[..rest.len().min(most)])?;
    to.flush().map(|()| true)
}

fn whole(status: &str, headers: &str, bytes: &[u8], to: &mut dyn Stream) -> io::Result<bool> {
    head(status, headers, bytes.len(), to)?;
    to.write_all(bytes)?;
    to.flush().map(|()| true)
}

fn head(status: &str, headers: &str, length: usize, to: &mut dyn Stream) -> io::Result<()> {
    write!(to, "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n")
}
