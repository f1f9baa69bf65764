//! Headers made for tests.

/// The values of a tag.
pub(in crate::rpm) enum Value<'a> {
    /// INT32
    Numbers(&'a [u32]),
    /// INT64
    Long(u64),
    /// CHAR
    Small(&'a [u8]),
    /// STRING
    Text(&'a str),
    /// BIN
    Bytes(&'a [u8]),
    /// STRING_ARRAY
    Texts(&'a [&'a str]),
    /// I18NSTRING
    Translated(&'a [&'a str]),
}

/// A header under construction.
#[derive(Default)]
pub(in crate::rpm) struct Builder {
    index: Vec<[u32; 4]>,
    store: Vec<u8>,
}

impl Builder {
    /// A package of this name, version and release, `noarch`.
    pub(in crate::rpm) fn package(name: &str, version: &str, release: &str) -> Self {
        Self::default()
            .tag(1000, &Value::Text(name))
            .tag(1001, &Value::Text(version))
            .tag(1002, &Value::Text(release))
            .tag(1022, &Value::Text("noarch"))
    }

    pub(in crate::rpm) fn tag(mut self, tag: u32, value: &Value<'_>) -> Self {
        let (kind, align, count, bytes) = match value {
            Value::Numbers(n) => (4, 4, n.len(), n.iter().flat_map(|n| n.to_be_bytes()).collect()),
            Value::Long(n) => (5, 8, 1, n.to_be_bytes().to_vec()),
            Value::Small(n) => (1, 1, n.len(), n.to_vec()),
            Value::Text(text) => (6, 1, 1, zeros(&[text])),
            Value::Bytes(bytes) => (7, 1, bytes.len(), bytes.to_vec()),
            Value::Texts(texts) => (8, 1, texts.len(), zeros(texts)),
            Value::Translated(texts) => (9, 1, texts.len(), zeros(texts)),
        };
        self.store.resize(self.store.len().next_multiple_of(align), 0);
        let count = u32::try_from(count).unwrap();
        self.index.push([tag, kind, self.offset(), count]);
        self.store.extend::<Vec<u8>>(bytes);
        self
    }

    /// Makes what is there the immutable region; what follows is later.
    pub(in crate::rpm) fn region(mut self) -> Self {
        let entries = u32::try_from(self.index.len() + 1).unwrap();
        self.index.insert(0, [63, 7, self.offset(), 16]);
        let back = (entries * 16).wrapping_neg();
        self.store.extend([63, 7, back, 16].into_iter().flat_map(u32::to_be_bytes));
        self
    }

    /// The bytes, as the database stores them.
    pub(in crate::rpm) fn bytes(&self) -> Vec<u8> {
        let introduction = [u32::try_from(self.index.len()).unwrap(), self.offset()];
        let numbers = introduction.iter().chain(self.index.iter().flatten());
        let mut bytes: Vec<u8> = numbers.flat_map(|n| n.to_be_bytes()).collect();
        bytes.extend(&self.store);
        bytes
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.store.len()).unwrap()
    }
}

fn zeros(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| text.bytes().chain([0])).collect()
}
