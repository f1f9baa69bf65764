//! A file of metadata, decompressed and compared with what was announced.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::{ReadFault, Threads};
use crate::repository::Verifying;
use crate::repository::{Files, FilesError};
use crate::rpm::compressed;
use crate::rpm::metadata::{Algorithm, Checksum};
use crate::rpm::repomd::Data;

/// The most bytes of one file, decompressed.
const MOST: usize = 4 << 30;
/// How much one thread hands to the other at once, in bytes.
const CHUNK: usize = 256 << 10;
/// How many of these may wait.
const WAITING: usize = 4;

/// Gives the text of a file to `read`. Where that fails, the checksum says whether
/// the file is the one to blame.
pub(super) fn with<T>(
    files: &dyn Files,
    data: &Data,
    threads: Threads,
    read: impl FnOnce(&mut dyn Read) -> Result<T, ReadFault>,
) -> Result<T, ReadFault> {
    let mut file = open(files, data)?;
    match threads {
        Threads::One => {
            let value = match compressed::reader(&mut file, MOST) {
                Ok(mut text) => read(&mut text),
                Err(error) => read(&mut Failed(Some(error))),
            };
            verify(file, data).and(value)
        }
        Threads::Two => thread::scope(|scope| {
            let (to, from) = sync_channel(WAITING);
            let verified = scope.spawn(move || {
                match compressed::reader(&mut file, MOST) {
                    Ok(text) => send(text, to),
                    Err(error) => send(Failed(Some(error)), to),
                }
                verify(file, data)
            });
            let value = read(&mut Chunks { from, chunk: Vec::new(), at: 0 });
            match verified.join() {
                Ok(verified) => verified.and(value),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }),
    }
}

type File<'f> = Verifying<Box<dyn Read + Send + 'f>>;

fn open<'f>(files: &'f dyn Files, data: &Data) -> Result<File<'f>, FilesError> {
    // Where nothing is announced, nothing is compared.
    let algorithm = data.checksum.as_ref().map_or(Algorithm::Sha256, Checksum::algorithm);
    Ok(Verifying::new(files.open(&data.location)?, algorithm))
}

fn verify(file: File<'_>, data: &Data) -> Result<(), ReadFault> {
    match &data.checksum {
        None => Ok(()),
        Some(checksum) => file
            .verify(checksum, data.size)
            .map_err(|why| ReadFault::Other { file: data.location.clone(), why }),
    }
}

/// Sends a text in pieces until it ends, or nobody wants more.
fn send(mut text: impl Read, to: SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = text.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        let is_last = !matches!(read, Ok(1..));
        if to.send(read.map(|_| chunk)).is_err() || is_last {
            break;
        }
    }
}

/// A text that comes in pieces, of which the last one is empty.
struct Chunks {
    from: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    at: usize,
}

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() {
            self.chunk = self.from.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
            self.at = 0;
        }
        let length = self.chunk.get(self.at..).unwrap_or_default().read(into)?;
        self.at += length;
        Ok(length)
    }
}

/// A text that cannot be read.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
