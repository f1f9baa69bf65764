//! A file tree in memory, made of the entries of an archive. Links are followed
//! inside it; there is nothing outside to lead to.

use std::collections::BTreeMap;
use std::io;

use super::handle::{absolute, larger_than, longer_than};
use super::root::no_device;
use super::{
    Denied, Door, Host, MOST_LINKS, Node, NodeKind, RandomAccess, Space, TOO_MANY_LINKS, Uname,
};

/// The longest path of an entry, and the longest target of a link, in bytes.
pub(super) const LONGEST_PATH: usize = 4095;

/// A file tree in memory. As a host it is the root file system it was made of.
#[derive(Debug)]
pub struct Tree {
    items: Vec<Item>,
    /// Where `/` is.
    top: usize,
    /// How many items it takes.
    most: usize,
}

#[derive(Debug)]
struct Item {
    node: Node,
    body: Body,
}

/// What belongs to an entry beside its node.
#[derive(Debug)]
pub(super) enum Body {
    /// Names and where they are in [`Tree::items`].
    Directory(BTreeMap<Box<[u8]>, usize>),
    /// A target.
    Link(Box<[u8]>),
    /// Content, or why it is not here.
    File(Result<Box<[u8]>, String>),
    /// A device, a pipe or a socket.
    Special,
}

/// Why something has no place in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// The tree takes no more.
    Full,
    /// What is odd about it.
    Odd(&'static str),
}

/// What became of an entry that has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    New,
    /// There was one of the same name.
    Again,
}

impl Tree {
    /// An empty tree that takes so many entries, the directories above them
    /// included.
    pub(super) fn new(most: usize) -> Self {
        let mut tree = Self { items: Vec::new(), top: 0, most: most.saturating_add(1) };
        tree.items.push(directory());
        tree
    }

    /// Adds an entry, with the directories it needs. Of two entries of one name
    /// the last counts; a directory that comes again keeps what is in it.
    pub(super) fn insert(
        &mut self,
        path: &[u8],
        node: Node,
        body: Body,
    ) -> Result<Placed, NoPlace> {
        let Some((parent, name)) = self.parent(path)? else {
            // The root itself, as archives of `.` have it.
            let top = self.items.get_mut(self.top).filter(|_| node.kind == NodeKind::Directory);
            top.ok_or(NoPlace::Odd("it is the root, and no directory"))?.node = node;
            return Ok(Placed::New);
        };
        if let Some(there) = self.child(parent, name)
            && matches!(body, Body::Directory(_))
            && let Some(item) = self.items.get_mut(there)
            && item.node.kind == NodeKind::Directory
        {
            item.node = node;
            return Ok(Placed::New);
        }
        let at = self.push(Item { node, body })?;
        Ok(self.name(parent, name, at))
    }

    /// Adds another name of an entry that is already there.
    pub(super) fn hard_link(&mut self, path: &[u8], target: &[u8]) -> Result<Placed, NoPlace> {
        const MISSING: NoPlace = NoPlace::Odd("it is a hard link to what is not in the archive");
        let (above, last) = self.parent_of_existing(target)?.ok_or(MISSING)?;
        let at = self.child(above, last).ok_or(MISSING)?;
        if self.items.get(at).is_none_or(|item| item.node.kind == NodeKind::Directory) {
            return Err(NoPlace::Odd("it is a hard link to a directory"));
        }
        let (parent, name) =
            self.parent(path)?.ok_or(NoPlace::Odd("it is a hard link and the root"))?;
        Ok(self.name(parent, name, at))
    }

    /// The same tree with a directory of it as its root; `None` where the path
    /// leads to none.
    pub(super) fn below(mut self, path: &str) -> Option<Self> {
        let at = self.walk(absolute(path).ok()?, true).ok()?;
        self.items.get(at).filter(|item| item.node.kind == NodeKind::Directory)?;
        self.top = at;
        Some(self)
    }

    /// How many entries there are, the root and directories nobody named
    /// included.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing but the root is there.
    pub fn is_empty(&self) -> bool {
        self.items.len() <= 1
    }

    fn push(&mut self, item: Item) -> Result<usize, NoPlace> {
        if self.items.len() >= self.most {
            return Err(NoPlace::Full);
        }
        self.items.push(item);
        Ok(self.items.len() - 1)
    }

    fn name(&mut self, parent: usize, name: &[u8], at: usize) -> Placed {
        let body = self.items.get_mut(parent).map(|item| &mut item.body);
        let Some(Body::Directory(names)) = body else { return Placed::Again };
        if names.insert(name.into(), at).is_none() { Placed::New } else { Placed::Again }
    }

    fn child(&self, directory: usize, name: &[u8]) -> Option<usize> {
        match &self.items.get(directory)?.body {
            Body::Directory(names) => names.get(name).copied(),
            _ => None,
        }
    }

    /// The directory an entry belongs in, made where it is not there, and the
    /// name in it; `None` for the root.
    fn parent<'p>(&mut self, path: &'p [u8]) -> Result<Option<(usize, &'p [u8])>, NoPlace> {
        let mut names = names_of(path)?;
        let Some(last) = names.pop() else { return Ok(None) };
        let mut at = self.top;
        for name in names {
            at = match self.child(at, name) {
                Some(next) => next,
                None => {
                    let made = self.push(directory())?;
                    self.name(at, name, made);
                    made
                }
            };
            self.must_be_directory(at)?;
        }
        Ok(Some((at, last)))
    }

    /// The same, making nothing.
    fn parent_of_existing<'p>(&self, path: &'p [u8]) -> Result<Option<(usize, &'p [u8])>, NoPlace> {
        let mut names = names_of(path)?;
        let Some(last) = names.pop() else { return Ok(None) };
        let at = names.into_iter().try_fold(self.top, |at, name| self.child(at, name));
        Ok(at.map(|at| (at, last)))
    }

    fn must_be_directory(&self, at: usize) -> Result<(), NoPlace> {
        match self.items.get(at).map(|item| item.node.kind) {
            Some(NodeKind::Directory) => Ok(()),
            Some(NodeKind::Link) => Err(NoPlace::Odd("a directory above it is a link")),
            _ => Err(NoPlace::Odd("a directory above it is none")),
        }
    }

    /// Where a path leads.
    fn walk(&self, path: &str, follow_last: bool) -> Result<usize, Denied> {
        let mut links = 0;
        let mut above = Vec::new();
        let mut at = self.top;
        let mut rest = Vec::new();
        push_names(&mut rest, path.as_bytes());
        while let Some(name) = rest.pop() {
            let item = self.items.get(at).ok_or(Denied::Absent)?;
            let Body::Directory(names) = &item.body else { return Err(Denied::Absent) };
            match name {
                b"." => continue,
                b".." => {
                    at = above.pop().unwrap_or(self.top);
                    continue;
                }
                _ => {}
            }
            let next = *names.get(name).ok_or(Denied::Absent)?;
            match &self.items.get(next).ok_or(Denied::Absent)?.body {
                Body::Link(target) if follow_last || !rest.is_empty() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Denied::Unreadable(TOO_MANY_LINKS.to_owned()));
                    }
                    if target.is_empty() {
                        return Err(Denied::Absent);
                    }
                    if target.starts_with(b"/") {
                        above.clear();
                        at = self.top;
                    }
                    push_names(&mut rest, target);
                }
                _ => {
                    above.push(at);
                    at = next;
                }
            }
        }
        Ok(at)
    }

    fn item(&self, path: &str, follow_last: bool) -> Result<&Item, Denied> {
        let at = self.walk(absolute(path)?, follow_last)?;
        self.items.get(at).ok_or(Denied::Absent)
    }

    fn content(&self, path: &str) -> Result<&[u8], Denied> {
        let item = self.item(path, true)?;
        item.node.kind.must_be(NodeKind::File)?;
        match &item.body {
            Body::File(Ok(content)) => Ok(content),
            Body::File(Err(why)) => Err(Denied::Unreadable(why.clone())),
            _ => Err(Denied::Absent),
        }
    }
}

fn directory() -> Item {
    let node = Node {
        kind: NodeKind::Directory,
        size: 0,
        mode: 0o755,
        uid: 0,
        gid: 0,
        mtime: 0,
        device: 0,
    };
    Item { node, body: Body::Directory(BTreeMap::new()) }
}

/// The names along the path of an entry.
fn names_of(path: &[u8]) -> Result<Vec<&[u8]>, NoPlace> {
    if path.len() > LONGEST_PATH {
        return Err(NoPlace::Odd("its path is too long"));
    }
    if path.contains(&0) {
        return Err(NoPlace::Odd("its path has a NUL byte"));
    }
    let names = path.split(|&byte| byte == b'/').filter(|name| !matches!(*name, b"" | b"."));
    let names: Vec<&[u8]> = names.collect();
    if names.contains(&&b".."[..]) {
        return Err(NoPlace::Odd("its path has a `..`"));
    }
    Ok(names)
}

/// Puts the names along a path on a stack, the first on top. A slash at the end
/// asks for a directory, as a dot does.
fn push_names<'p>(stack: &mut Vec<&'p [u8]>, path: &'p [u8]) {
    if path.ends_with(b"/") {
        stack.push(b".");
    }
    stack.extend(path.split(|&byte| byte == b'/').filter(|name| !name.is_empty()).rev());
}

impl Host for Tree {
    fn door(&self) -> Door {
        Door::Root
    }

    fn node(&self, path: &str) -> Result<Node, Denied> {
        self.item(path, false).map(|item| item.node.clone())
    }

    fn link(&self, path: &str) -> Result<Vec<u8>, Denied> {
        let item = self.item(path, false)?;
        item.node.kind.must_be(NodeKind::Link)?;
        match &item.body {
            Body::Link(target) => Ok(target.to_vec()),
            _ => Err(Denied::Absent),
        }
    }

    fn list(&self, path: &str, limit: usize) -> Result<Vec<Vec<u8>>, Denied> {
        let item = self.item(path, true)?;
        item.node.kind.must_be(NodeKind::Directory)?;
        match &item.body {
            Body::Directory(names) if names.len() > limit => Err(longer_than(limit)),
            Body::Directory(names) => Ok(names.keys().map(|name| name.to_vec()).collect()),
            _ => Err(Denied::Absent),
        }
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Denied> {
        match self.content(path)? {
            content if content.len() > limit => Err(larger_than(limit as u64)),
            content => Ok(content.to_vec()),
        }
    }

    fn read_device(&self, path: &str, _length: usize) -> Result<Vec<u8>, Denied> {
        Err(no_device(self.item(path, true)?.node.kind))
    }

    fn open(&self, path: &str) -> Result<Box<dyn RandomAccess + '_>, Denied> {
        Ok(Box::new(InMemory(self.content(path)?)))
    }

    fn space(&self, path: &str) -> Result<Space, Denied> {
        self.item(path, true)?;
        Err(Denied::NotHeld)
    }

    fn command(&self, _line: &str, _limit: usize) -> Result<Vec<u8>, Denied> {
        Err(Denied::NotHeld)
    }

    fn uname(&self) -> Option<Uname> {
        None
    }
}

struct InMemory<'t>(&'t [u8]);

impl RandomAccess for InMemory<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let rest = self.0.get(from..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        Ok(count)
    }

    fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn node(kind: NodeKind) -> Node {
        Node { kind, ..directory().node }
    }

    fn file(tree: &mut Tree, path: &str, content: &str) -> Result<Placed, NoPlace> {
        let body = Body::File(Ok(content.as_bytes().into()));
        tree.insert(path.as_bytes(), node(NodeKind::File), body)
    }

    fn link(tree: &mut Tree, path: &str, target: &str) -> Result<Placed, NoPlace> {
        tree.insert(path.as_bytes(), node(NodeKind::Link), Body::Link(target.as_bytes().into()))
    }

    #[test]
    fn links_and_dots_stay_inside_whatever_is_its_root() {
        let mut tree = Tree::new(100);
        file(&mut tree, "host/etc/passwd", "inside").unwrap();
        file(&mut tree, "etc/passwd", "beside").unwrap();
        link(&mut tree, "host/absolute", "/etc/passwd").unwrap();
        link(&mut tree, "host/up", "../../../etc/passwd").unwrap();
        link(&mut tree, "host/etc/slash", "passwd/").unwrap();
        assert_eq!(tree.read("/host/absolute", 9).unwrap(), b"beside");
        let host = tree.below("/host").unwrap();
        for path in ["/absolute", "/up", "/../etc/passwd", "/etc/../../up", "/./etc//passwd"] {
            assert_eq!(host.read(path, 9).unwrap(), b"inside", "{path}");
        }
        for path in ["/etc/slash", "/etc/passwd/.", "/etc/passwd/..", "/absolute/x"] {
            assert_eq!(host.read(path, 9), Err(Denied::Absent), "{path}");
        }
        assert_eq!(host.link("/absolute/").unwrap(), b"/etc/passwd");
        assert!(host.below("/etc/passwd").is_none());
    }

    #[test]
    fn forty_links_are_followed_and_no_more() {
        let mut tree = Tree::new(100);
        file(&mut tree, "0", "end").unwrap();
        for at in 1..=41 {
            link(&mut tree, &at.to_string(), &(at - 1).to_string()).unwrap();
        }
        link(&mut tree, "loop", "loop").unwrap();
        assert_eq!(tree.read("/40", 9).unwrap(), b"end");
        let refused = Err(Denied::Unreadable(TOO_MANY_LINKS.to_owned()));
        assert_eq!(tree.read("/41", 9), refused);
        assert_eq!(tree.read("/loop", 9), refused);
        assert_eq!(tree.node("/loop").unwrap().kind, NodeKind::Link);
    }

    #[test]
    fn what_has_no_place_is_refused_with_a_reason() {
        let mut tree = Tree::new(4);
        let odd = |why| Err(NoPlace::Odd(why));
        file(&mut tree, "etc/a", "").unwrap();
        link(&mut tree, "lib", "usr/lib").unwrap();
        assert_eq!(file(&mut tree, "a/../../b", ""), odd("its path has a `..`"));
        assert_eq!(file(&mut tree, "a\0b", ""), odd("its path has a NUL byte"));
        assert_eq!(file(&mut tree, &"a/".repeat(2048), ""), odd("its path is too long"));
        assert_eq!(file(&mut tree, "lib/x", ""), odd("a directory above it is a link"));
        assert_eq!(file(&mut tree, "etc/a/x", ""), odd("a directory above it is none"));
        assert_eq!(file(&mut tree, "./", ""), odd("it is the root, and no directory"));
        assert_eq!(tree.hard_link(b"x", b"etc"), odd("it is a hard link to a directory"));
        let missing = odd("it is a hard link to what is not in the archive");
        assert_eq!(tree.hard_link(b"x", b"nowhere/at/all"), missing);
        assert_eq!(tree.hard_link(b"x", b"/"), missing);
        assert_eq!(file(&mut tree, "1/2/3", ""), Err(NoPlace::Full));
    }

    #[test]
    fn the_last_of_two_entries_counts_and_a_directory_keeps_its_content() {
        let mut tree = Tree::new(100);
        file(&mut tree, "etc/a", "first").unwrap();
        tree.hard_link(b"same", b"./etc/a").unwrap();
        assert_eq!(file(&mut tree, "etc/a", "second"), Ok(Placed::Again));
        let again = Node { mode: 0o700, ..node(NodeKind::Directory) };
        assert_eq!(tree.insert(b"etc/", again, Body::Directory(BTreeMap::new())), Ok(Placed::New));
        assert_eq!(tree.node("/etc").unwrap().mode, 0o700);
        assert_eq!(tree.read("/etc/a", 9).unwrap(), b"second");
        assert_eq!(tree.read("/same", 9).unwrap(), b"first");
        assert_eq!(tree.list("/", 9).unwrap(), [&b"etc"[..], b"same"]);
        let many = Err(Denied::Unreadable("has more than 1 entries".to_owned()));
        assert_eq!(tree.list("/", 1), many);
    }

    #[test]
    fn a_file_is_read_at_any_place() {
        let mut tree = Tree::new(100);
        file(&mut tree, "a", "content").unwrap();
        let open = tree.open("/a").unwrap();
        let mut buffer = [0; 4];
        assert_eq!(open.read_at(5, &mut buffer).unwrap(), 2);
        assert_eq!(&buffer[..2], b"nt");
        assert_eq!(open.read_at(u64::MAX, &mut buffer).unwrap(), 0);
        assert_eq!(open.len(), 7);
    }

    proptest! {
        #[test]
        fn every_walk_ends(
            links in proptest::collection::vec(("[ab/.]{0,8}", "[ab/.]{0,12}"), 0..12),
            path in "/[ab/.]{0,12}",
        ) {
            let mut tree = Tree::new(100);
            for (name, target) in &links {
                link(&mut tree, name, target).ok();
            }
            tree.read(&path, 10).ok();
            tree.list(&path, 10).ok();
            tree.node(&path).ok();
        }
    }
}
