//! A parsed JSON document, stored in two allocations: one for all strings and one for the
//! structure.

/// One JSON object, parsed strictly.
#[derive(Default, PartialEq)]
pub(crate) struct Document {
    /// All strings, concatenated.
    text: String,
    /// The values and the member names in document order. The node of a member's name precedes the
    /// node of its value. The nodes inside an array or object follow the node of that array or
    /// object.
    nodes: Vec<Node>,
}

/// A value, or the name of an object's member.
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

/// A string, stored as its byte range in `Document::text`.
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
    /// Creates an empty document with memory for a JSON text of `bytes` bytes. All strings fit into
    /// the reserved memory, because no string is longer than its JSON form. The number of nodes is
    /// an estimate, so `nodes` may grow.
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

    /// Returns true if the member at this position has this name. The lengths are compared first,
    /// because most different names have different lengths.
    pub(super) fn is_named(&self, member: u32, name: &str) -> bool {
        match self.node(member) {
            Some(Node::Text(text)) => text.len() == name.len() && self.text(text) == name,
            _ => false,
        }
    }

    /// Returns the position after the value at `position` and everything inside that value.
    pub(super) fn end_of(&self, position: u32) -> u32 {
        match self.node(position) {
            Some(Node::Array(end) | Node::Object(end)) => end,
            _ => position.saturating_add(1),
        }
    }

    /// Returns the string that `text` refers to. `text` must come from this document.
    pub(crate) fn text(&self, text: Text) -> &str {
        self.text.get(index(text.start)..index(text.end)).unwrap_or_default()
    }

    /// Splits the string that `text` refers to at each space. `text` must come from this document.
    pub(crate) fn words(&self, text: Text) -> impl Iterator<Item = Text> {
        let mut start = text.start;
        self.text(text).split(' ').map(move |word| {
            let end = start.saturating_add(position(word.len()));
            let word = Text { start, end };
            start = end.saturating_add(1);
            word
        })
    }

    /// Returns the number of heap bytes that the document uses.
    pub(crate) fn size(&self) -> usize {
        let nodes = self.nodes.capacity().saturating_mul(size_of::<Node>());
        nodes.saturating_add(self.text.capacity())
    }
}

/// The methods with which `strict` builds a document.
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

    /// Begins an array or an object, and returns the position of its node. The node is `Null` until
    /// `close` replaces it.
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

    /// Replaces the array or object that begins at `start`, and everything inside it, with a single
    /// node.
    pub(super) fn replace(&mut self, start: u32, node: Node) {
        self.nodes.truncate(index(start));
        self.add(node);
    }

    pub(super) fn end(&self) -> u32 {
        position(self.nodes.len())
    }
}

/// Converts an index to a position. The fallback `u32::MAX` never occurs, because `strict` limits
/// the length of the text.
fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn index(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
