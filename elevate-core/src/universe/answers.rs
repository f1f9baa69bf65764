//! Lists of packages by number, each found once, when it is first asked for. Most
//! never are, and take no room.

use std::sync::OnceLock;

use super::solvable::SolvableId;

/// How many lists get their room together.
const BLOCK: usize = 16;

type Block = Box<[OnceLock<Box<[SolvableId]>>; BLOCK]>;

/// The lists found so far.
#[derive(Debug)]
pub(super) struct Answers {
    blocks: Vec<OnceLock<Block>>,
}

impl Answers {
    /// None yet, of so many.
    pub(super) fn new(count: usize) -> Self {
        Self { blocks: (0..count.div_ceil(BLOCK)).map(|_| OnceLock::new()).collect() }
    }

    /// The list of a number, where it was found before.
    pub(super) fn known(&self, number: usize) -> Option<&[SolvableId]> {
        let block = self.blocks.get(number / BLOCK)?.get()?;
        block[number % BLOCK].get().map(|list| &**list)
    }

    /// The list of a number; empty for one that is none.
    pub(super) fn get(
        &self,
        number: usize,
        find: impl FnOnce() -> Box<[SolvableId]>,
    ) -> &[SolvableId] {
        let Some(block) = self.blocks.get(number / BLOCK) else { return &[] };
        block.get_or_init(Block::default)[number % BLOCK].get_or_init(find)
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        let blocks = self.blocks.iter().filter_map(OnceLock::get);
        let list = |list: &OnceLock<Box<[SolvableId]>>| list.get().map_or(0, |list| list.len());
        let of_block = |block: &Block| {
            size_of_val(&**block) + size_of::<SolvableId>() * block.iter().map(list).sum::<usize>()
        };
        size_of::<OnceLock<Block>>() * self.blocks.capacity() + blocks.map(of_block).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_once() {
        let answers = Answers::new(BLOCK + 1);
        let empty = answers.memory();
        assert_eq!((answers.known(0), answers.known(2 * BLOCK)), (None, None));
        for number in [0, BLOCK, 0, BLOCK] {
            let packages: Box<[SolvableId]> = Box::new([SolvableId(7); 3]);
            assert_eq!(answers.get(number, || packages), [SolvableId(7); 3]);
        }
        assert_eq!(answers.known(BLOCK), Some([SolvableId(7); 3].as_slice()));
        assert_eq!(answers.get(0, || unreachable!("it is known")).len(), 3);
        assert_eq!(answers.get(2 * BLOCK, || unreachable!("there is none")), []);
        assert_eq!(
            answers.memory(),
            empty + 2 * (size_of::<[OnceLock<Box<[SolvableId]>>; BLOCK]>() + 12)
        );
    }
}
