//! A document in two allocations: one for all its strings, one for its structure.

/// One JSON object, parsed strictly.
#[derive(Default)]
pub(crate) struct Document {
    /// All strings, concatenated.
    text: String,
    /// The values in document order. The name of a member precedes its value; the content of an
    /// array or object follows its node.
    nodes: Vec<Node>,
}

/// A value, or the name of a member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    /// Holds the position after its content.
    Array(u32),
    /// Holds the position after its content.
    Object(u32),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

/// A string, by its byte range in `Document::text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    start: u32,
    end: u32,
}

impl Text {
    fn len(self) -> usize {
        index(self.end.saturating_sub(self.start))
    }
}

impl Document {
    /// Reserves memory for a text of this length. The strings always fit, because no string is longer
    /// than its JSON form; the number of nodes is an estimate.
    pub(super) fn for_text_of(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), nodes: Vec::with_capacity(bytes / 12 + 8) }
    }

    pub(super) fn node(&self, position: u32) -> Option<Node> {
        self.nodes.get(index(position)).copied()
    }

    /// Returns the name of the member at this position.
    pub(super) fn name(&self, member: u32) -> &str {
        match self.node(member) {
            Some(Node::Text(name)) => self.text(name),
            _ => "",
        }
    }

    /// Returns whether the member at this position has this name. Compares the length first, because
    /// nearly all other names differ in it.
    pub(super) fn is_named(&self, member: u32, name: &str) -> bool {
        match self.node(member) {
            Some(Node::Text(text)) => text.len() == name.len() && self.text(text) == name,
            _ => false,
        }
    }

    /// Returns the position after this value and its content.
    pub(super) fn end_of(&self, position: u32) -> u32 {
        match self.node(position) {
            Some(Node::Array(end) | Node::Object(end)) => end,
            _ => position.saturating_add(1),
        }
    }

    /// Returns a string of this document.
    pub(crate) fn text(&self, text: Text) -> &str {
        self.text.get(index(text.start)..index(text.end)).unwrap_or_default()
    }

    /// Splits a string of this document at each space.
    pub(crate) fn words(&self, text: Text) -> impl Iterator<Item = Text> {
        let mut start = text.start;
        self.text(text).split(' ').map(move |word| {
            let end = start.saturating_add(position(word.len()));
            let word = Text { start, end };
            start = end.saturating_add(1);
            word
        })
    }

    /// Returns the size of the document on the heap, in bytes.
    pub(crate) fn size(&self) -> usize {
        let nodes = self.nodes.capacity().saturating_mul(size_of::<Node>());
        nodes.saturating_add(self.text.capacity())
    }
}

/// Construction.
impl Document {
    pub(super) fn add(&mut self, node: Node) {
        self.nodes.push(node);
    }

    pub(super) fn add_text(&mut self, text: &str) {
        let start = position(self.text.len());
        self.text.push_str(text);
        let end = position(self.text.len());
        self.add(Node::Text(Text { start, end }));
    }

    /// Begins an array or an object. `close` sets its end.
    pub(super) fn open(&mut self) -> u32 {
        let start = self.end();
        self.add(Node::Null);
        start
    }

    pub(super) fn close(&mut self, start: u32, node: fn(u32) -> Node) {
        let end = self.end();
        if let Some(opened) = self.nodes.get_mut(index(start)) {
            *opened = node(end);
        }
    }

    /// Replaces the array or object that begins at `start` with a single value.
    pub(super) fn replace(&mut self, start: u32, node: Node) {
        self.nodes.truncate(index(start));
        self.add(node);
    }

    pub(super) fn end(&self) -> u32 {
        position(self.nodes.len())
    }
}

/// Does not saturate, because `strict` limits the length of the text.
fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn index(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
