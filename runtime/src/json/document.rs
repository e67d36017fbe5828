//! A document in two pieces of memory: all its strings in one, its structure in the other.

/// One JSON object, read strictly.
#[derive(Default)]
pub(crate) struct Document {
    /// What all strings say, one behind the other.
    text: String,
    /// The values in the order of the text. A member is its name and then its value; what an array
    /// or object holds follows it.
    nodes: Vec<Node>,
}

/// A value, or the name of a member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    /// Where what is not in it begins.
    Array(u32),
    Object(u32),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

/// A string, by where its document keeps it.
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
    /// With room for what a text of so many bytes usually says. No string is longer than it is
    /// written.
    pub(super) fn with_room_for(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), nodes: Vec::with_capacity(bytes / 12 + 8) }
    }

    pub(super) fn node(&self, position: u32) -> Option<Node> {
        self.nodes.get(index(position)).copied()
    }

    /// The name at the head of a member.
    pub(super) fn name(&self, member: u32) -> &str {
        match self.node(member) {
            Some(Node::Text(name)) => self.text(name),
            _ => "",
        }
    }

    /// Whether the member at this place has this name. Nearly all others differ in length.
    pub(super) fn is_named(&self, member: u32, name: &str) -> bool {
        match self.node(member) {
            Some(Node::Text(text)) => text.len() == name.len() && self.text(text) == name,
            _ => false,
        }
    }

    /// Behind this value and all that is in it.
    pub(super) fn behind(&self, position: u32) -> u32 {
        match self.node(position) {
            Some(Node::Array(end) | Node::Object(end)) => end,
            _ => position.saturating_add(1),
        }
    }

    /// A string of this document.
    pub(crate) fn text(&self, text: Text) -> &str {
        let text = self.text.get(index(text.start)..index(text.end));
        text.unwrap_or_default()
    }

    /// Where the words of a string of this document are, by its spaces.
    pub(crate) fn words(&self, text: Text) -> impl Iterator<Item = Text> {
        let mut start = text.start;
        self.text(text).split(' ').map(move |word| {
            let end = start.saturating_add(position(word.len()));
            let word = Text { start, end };
            start = end.saturating_add(1);
            word
        })
    }

    /// The bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        let nodes = self.nodes.capacity().saturating_mul(size_of::<Node>());
        nodes.saturating_add(self.text.capacity())
    }
}

/// While it is read.
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

    /// Begins an array or an object, whose end is told later.
    pub(super) fn open(&mut self) -> u32 {
        let start = self.end();
        self.add(Node::Null);
        start
    }

    pub(super) fn close(&mut self, start: u32, node: fn(u32) -> Node) {
        let end = self.end();
        if let Some(place) = self.nodes.get_mut(index(start)) {
            *place = node(end);
        }
    }

    /// Puts a value in the place of what was begun there.
    pub(super) fn put(&mut self, start: u32, node: Node) {
        self.nodes.truncate(index(start));
        self.add(node);
    }

    pub(super) fn end(&self) -> u32 {
        position(self.nodes.len())
    }
}

/// No document is longer than positions can tell; see `strict`.
fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn index(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
