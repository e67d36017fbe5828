//! Values that borrow from a `Document`.

use super::document::{Document, Node, Number, Text};

/// A JSON value that borrows from its document.
#[derive(Clone, Copy)]
pub(crate) enum Item<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(&'a str),
    Array(Array<'a>),
    Object(Object<'a>),
}

/// The values of an array.
#[derive(Clone, Copy)]
pub(crate) struct Array<'a>(Span<'a>);

/// The members of an object. Their names are distinct.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a>(Span<'a>);

#[derive(Clone, Copy)]
struct Span<'a> {
    document: &'a Document,
    start: u32,
    end: u32,
}

/// The position of a value in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position(u32);

impl Document {
    /// Returns the value at this position. The position must come from this document.
    pub(crate) fn at(&self, Position(position): Position) -> Item<'_> {
        match self.node(position) {
            Some(Node::Bool(truth)) => Item::Bool(truth),
            Some(Node::Number(number)) => Item::Number(number),
            Some(Node::Text(text)) => Item::String(self.text(text)),
            Some(Node::Array(_)) => Item::Array(Array(self.span(position))),
            Some(Node::Object(_)) => Item::Object(self.object_at(position)),
            Some(Node::Null) | None => Item::Null,
        }
    }

    /// Returns the string at this position, or `None` if the value there is not a string.
    pub(crate) fn text_at(&self, Position(position): Position) -> Option<Text> {
        match self.node(position)? {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the object that the whole document consists of.
    pub(crate) fn root(&self) -> Object<'_> {
        self.object_at(0)
    }

    /// Returns the object at this position. `strict` calls this method before the parse of the
    /// whole document has ended.
    pub(super) fn object_at(&self, position: u32) -> Object<'_> {
        Object(self.span(position))
    }

    fn span(&self, position: u32) -> Span<'_> {
        Span { document: self, start: position.saturating_add(1), end: self.end_of(position) }
    }
}

impl<'a> Item<'a> {
    pub(crate) fn as_str(self) -> Option<&'a str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(self) -> Option<Array<'a>> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    pub(crate) fn as_object(self) -> Option<Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl Number {
    #[allow(clippy::cast_precision_loss, reason = "as precise as a float can be")]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Unsigned(number) => number as f64,
            Self::Negative(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    /// Returns the number as an `i64`. Returns `None` if the JSON text has a fraction or an
    /// exponent, or if the number is out of range.
    pub(crate) fn as_i64(self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => number.try_into().ok(),
            Self::Negative(number) => Some(number),
            Self::Float(_) => None,
        }
    }
}

impl<'a> Array<'a> {
    pub(crate) fn items(self) -> impl Iterator<Item = Item<'a>> {
        let Span { document, .. } = self.0;
        self.positions().map(|value| document.at(value))
    }

    /// Returns the positions of the array's values.
    pub(crate) fn positions(self) -> impl Iterator<Item = Position> {
        let Span { document, end, .. } = self.0;
        std::iter::successors(Some(self.0.start), |value| Some(document.end_of(*value)))
            .take_while(move |value| *value < end)
            .map(Position)
    }
}

impl<'a> Object<'a> {
    /// Returns the position of the value of the member `name`.
    pub(crate) fn position(self, name: &str) -> Option<Position> {
        let Span { document, .. } = self.0;
        self.0
            .members()
            .find_map(|(member, value)| document.is_named(member, name).then_some(value))
    }

    pub(crate) fn get(self, name: &str) -> Option<Item<'a>> {
        self.position(name).map(|value| self.0.document.at(value))
    }

    pub(crate) fn contains(self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Returns the value at a path of member names through nested objects.
    pub(crate) fn member<N: AsRef<str>>(self, path: &[N]) -> Option<Item<'a>> {
        self.member_position(path).map(|value| self.0.document.at(value))
    }

    /// Returns the position of the value at a path of member names through nested objects.
    pub(crate) fn member_position<N: AsRef<str>>(self, path: &[N]) -> Option<Position> {
        let (last, objects) = path.split_last()?;
        self.object(objects)?.position(last.as_ref())
    }

    /// Returns the object at a path of member names through nested objects. The empty path leads to
    /// the object itself.
    pub(crate) fn object<N: AsRef<str>>(self, path: &[N]) -> Option<Self> {
        path.iter().try_fold(self, |object, name| object.get(name.as_ref())?.as_object())
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.positions().map(|(name, _)| name)
    }

    /// Returns each member's name together with the position of its value.
    pub(crate) fn positions(self) -> impl Iterator<Item = (&'a str, Position)> {
        let Span { document, .. } = self.0;
        self.0.members().map(|(member, value)| (document.name(member), value))
    }

    /// Returns each member's name together with its value.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a str, Item<'a>)> {
        let Span { document, .. } = self.0;
        self.positions().map(|(name, value)| (name, document.at(value)))
    }
}

impl<'a> Span<'a> {
    /// Returns the position of each member's name together with the position of its value.
    fn members(self) -> impl Iterator<Item = (u32, Position)> + 'a {
        let Self { document, end, .. } = self;
        let value = |member: u32| member.saturating_add(1);
        std::iter::successors(Some(self.start), move |member| Some(document.end_of(value(*member))))
            .take_while(move |member| *member < end)
            .map(move |member| (member, Position(value(member))))
    }
}
