//! One file: what is there of it, and the rest.

use std::io::{self, Write};

use super::Event;
use super::attempts::Failure;
use crate::repository::http::{Client, HttpError, Response, Resume};
use crate::repository::store::{Origin, Partial, StoreError};
use crate::repository::url::Url;

/// The largest file taken, in bytes, whatever metadata say of its size.
const LARGEST: u64 = 2 << 30;

/// A whole text of at most `most` bytes, as one answer.
pub(super) fn text(
    client: &Client,
    url: &Url,
    most: u64,
    told: &dyn Fn(&Event<'_>),
) -> Result<Vec<u8>, Failure> {
    told(&Event::Asking { url: &url.to_string(), from: 0, size: None });
    let response = client.get(url, None).map_err(Failure::Http)?;
    let mut bytes = Vec::new();
    let mut take = |chunk: &[u8]| {
        told(&Event::Received { bytes: chunk.len() as u64 });
        bytes.write_all(chunk)
    };
    response.read(most, &mut take).map_err(Failure::Http)?;
    Ok(bytes)
}

/// A file that is to be fetched.
pub(super) struct Wanted<'a> {
    pub(super) client: &'a Client,
    pub(super) partial: &'a Partial,
    /// Its size in bytes, where that is known.
    pub(super) size: Option<u64>,
    /// Says whether what came is what it should be, and if not what it is.
    pub(super) verify: &'a dyn Fn(&Partial) -> Result<Option<String>, Failure>,
    pub(super) told: &'a dyn Fn(&Event<'_>),
}

/// What one answer brought.
struct Came {
    bytes: u64,
    /// Whether the beginning was there already.
    continued: bool,
}

impl Wanted<'_> {
    /// Asks one server for what is missing, and gives back how many bytes came. Where
    /// the whole is wrong and its beginning came from an earlier try, that may be what
    /// is wrong: then the server is asked for the whole.
    pub(super) fn ask(&self, url: &Url) -> Result<u64, Failure> {
        let came = self.complete(url)?;
        let Some(why) = (self.verify)(self.partial)? else { return Ok(came.bytes) };
        self.partial.remove()?;
        if !came.continued {
            return Err(Failure::Wrong(why));
        }
        let anew = self.complete(url)?;
        match (self.verify)(self.partial)? {
            None => Ok(came.bytes + anew.bytes),
            Some(why) => {
                self.partial.remove()?;
                Err(Failure::Wrong(why))
            }
        }
    }

    /// Asks for what is missing; what is there afterwards has the right size.
    fn complete(&self, url: &Url) -> Result<Came, Failure> {
        if let Some(size) = self.size.filter(|size| *size > LARGEST) {
            return Err(Failure::Wrong(format!("of {size} bytes is larger than is accepted")));
        }
        let have = self.have()?;
        if have > 0 && Some(have) == self.size {
            return Ok(Came { bytes: 0, continued: true });
        }
        let (response, have) = self.response(url, have)?;
        let bytes = self.receive(response, have)?;
        let total = have + bytes;
        match self.size {
            Some(size) if total < size => {
                let why = format!("the connection ended after {total} of {size} bytes");
                Err(Failure::Http(HttpError::Cut(why)))
            }
            _ => Ok(Came { bytes, continued: have > 0 }),
        }
    }

    /// How much is there; too much is thrown away.
    fn have(&self) -> Result<u64, Failure> {
        let have = self.partial.len();
        if self.size.is_some_and(|size| have > size) {
            self.partial.remove()?;
            return Ok(0);
        }
        Ok(have)
    }

    /// The server's answer, and how much of what is there it goes on from.
    fn response(&self, url: &Url, have: u64) -> Result<(Response, u64), Failure> {
        let shown = url.to_string();
        (self.told)(&Event::Asking { url: &shown, from: have, size: self.size });
        let origin = self.partial.origin().filter(|origin| origin.url == shown);
        let validator = origin.and_then(|origin| origin.validator);
        let resume = (have > 0).then_some(Resume { from: have, validator: validator.as_deref() });
        let response = match self.client.get(url, resume) {
            Err(HttpError::Status(status)) if have > 0 && status.as_u16() == 416 => {
                self.client.get(url, None)
            }
            Err(HttpError::OtherPart) => self.client.get(url, None),
            other => other,
        };
        let response = response.map_err(Failure::Http)?;
        if response.resumed {
            return Ok((response, have));
        }
        let validator = response.validator.clone();
        self.partial.restart(&Origin { url: shown, validator })?;
        Ok((response, 0))
    }

    fn receive(&self, response: Response, have: u64) -> Result<u64, Failure> {
        let most = self.size.unwrap_or(LARGEST).saturating_sub(have);
        let mut file = self.partial.append().map_err(|error| self.not_stored(error))?;
        let mut take = |chunk: &[u8]| {
            file.write_all(chunk)?;
            (self.told)(&Event::Received { bytes: chunk.len() as u64 });
            Ok(())
        };
        match response.read(most, &mut take) {
            Err(HttpError::Store(error)) => Err(self.not_stored(error)),
            Err(error @ HttpError::TooLarge(_)) => {
                self.partial.remove()?;
                Err(Failure::Http(error))
            }
            other => other.map_err(Failure::Http),
        }
    }

    fn not_stored(&self, source: io::Error) -> Failure {
        Failure::Store(StoreError::Io { path: self.partial.path().to_owned(), source })
    }
}
