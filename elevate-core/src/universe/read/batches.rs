//! The packages of a repository, read in batches side by side.
//!
//! Whoever decompresses cuts batches and hands them out; they are joined in their
//! order, so that the result is the same however many threads there are. While too
//! many wait, the one that decompresses reads some itself.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use rayon::{Scope, Yield};

use super::package::Collected;
use crate::rpm::metadata::MetadataRemark;
use crate::rpm::primary::{Batch, Batches, NotInBatches, Together};
use crate::universe::data::RepositoryData;
use crate::universe::strings::Full;

/// The most batches that are handed out and not yet joined.
const MOST: usize = 8;
/// Room for so many packages is made for a batch.
const USUAL: u64 = 1 << 9;

/// Reads packages; `None` where their text cannot be read in batches, which says
/// nothing of whether it can be read.
pub(super) fn read(
    from: &mut dyn Read,
    shown: &str,
    before: &[MetadataRemark],
) -> Option<RepositoryData> {
    let joined = rayon::in_place_scope(|scope| {
        let mut joining = Joining::default();
        let mut batches = Batches::new(from);
        while let Some(batch) = batches.next()? {
            joining.hand_out(scope, batch, shown);
            joining.wait_for(MOST)?;
        }
        joining.wait_for(0)?;
        joining.joined.ok_or(NotInBatches)
    });
    let (collected, together) = joined.ok()?;
    let remarks = together.into_remarks(shown);
    let remarks = before.iter().chain(&remarks).map(MetadataRemark::to_string);
    collected.finish(shown, remarks).ok()
}

/// What became of a batch, or of several.
type Part = (Collected, Together);

/// Batches that are read and become one.
#[derive(Default)]
struct Joining {
    /// Those handed out, in order.
    waiting: VecDeque<Receiver<Result<Part, NotInBatches>>>,
    joined: Option<Part>,
}

impl Joining {
    /// Lets somebody read a batch.
    fn hand_out<'s>(&mut self, scope: &Scope<'s>, batch: Batch, shown: &'s str) {
        let (to, done) = sync_channel(1);
        // Where nobody waits for it any more, it is not needed.
        scope.spawn(move |_| drop(to.send(part(&batch, shown))));
        self.waiting.push_back(done);
    }

    /// Joins batches until no more than so many are left.
    fn wait_for(&mut self, most: usize) -> Result<(), NotInBatches> {
        while self.waiting.len() > most
            && let Some(next) = self.waiting.pop_front()
        {
            self.join(outcome(&next)?)?;
        }
        Ok(())
    }

    fn join(&mut self, (collected, together): Part) -> Result<(), NotInBatches> {
        if self.joined.is_none() {
            let expected = together.stated().unwrap_or_default();
            self.joined = Some((Collected::new(expected).map_err(too_many)?, Together::default()));
        }
        let Some((all, of_all)) = &mut self.joined else { return Ok(()) };
        of_all.join(together)?;
        all.join(collected).map_err(too_many)
    }
}

/// What became of a batch. Reads others until somebody has read it.
fn outcome(batch: &Receiver<Result<Part, NotInBatches>>) -> Result<Part, NotInBatches> {
    loop {
        match batch.try_recv() {
            Ok(part) => return part,
            Err(TryRecvError::Empty) if rayon::yield_now() == Some(Yield::Executed) => {}
            // Everything is being read, by others.
            Err(_) => return batch.recv().unwrap_or(Err(NotInBatches)),
        }
    }
}

fn part(batch: &Batch, shown: &str) -> Result<Part, NotInBatches> {
    let mut collected = Collected::new(USUAL).map_err(too_many)?;
    let together = batch.read(shown, |package| collected.add(package).map_err(too_many))?;
    Ok((collected, together))
}

fn too_many(_: Full) -> NotInBatches {
    NotInBatches
}
