//! How a document is looked at: values that point into it.

use super::document::{Document, Node, Number, Text};

/// A value of a document.
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

/// The members of an object; their names are distinct.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a>(Span<'a>);

#[derive(Clone, Copy)]
struct Span<'a> {
    document: &'a Document,
    start: u32,
    end: u32,
}

/// Where a value is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position(u32);

impl Document {
    /// The value at a position of this document.
    pub(crate) fn at(&self, Position(position): Position) -> Item<'_> {
        match self.node(position) {
            Some(Node::Bool(truth)) => Item::Bool(truth),
            Some(Node::Number(number)) => Item::Number(number),
            Some(Node::Text(text)) => Item::String(self.text(text)),
            Some(Node::Array(_)) => Item::Array(Array(self.span(position))),
            Some(Node::Object(_)) => Item::Object(self.inside(position)),
            Some(Node::Null) | None => Item::Null,
        }
    }

    /// Where the string at a position is.
    pub(crate) fn text_at(&self, Position(position): Position) -> Option<Text> {
        match self.node(position)? {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object that it is.
    pub(crate) fn root(&self) -> Object<'_> {
        self.inside(0)
    }

    /// The members between the node at a position and its end.
    pub(super) fn inside(&self, position: u32) -> Object<'_> {
        Object(self.span(position))
    }

    fn span(&self, position: u32) -> Span<'_> {
        Span { document: self, start: position.saturating_add(1), end: self.behind(position) }
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
    #[allow(clippy::cast_precision_loss, reason = "as far as a float can tell")]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Unsigned(number) => number as f64,
            Self::Negative(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    /// Nothing where it is written as a fraction, or is too large.
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

    /// Where its values are.
    pub(crate) fn positions(self) -> impl Iterator<Item = Position> {
        let Span { document, end, .. } = self.0;
        let next = |value: &u32| Some(document.behind(*value));
        let values = std::iter::successors(Some(self.0.start), next);
        values.take_while(move |value| *value < end).map(Position)
    }
}

impl<'a> Object<'a> {
    /// Where the value of this member is.
    pub(crate) fn position(self, name: &str) -> Option<Position> {
        let Span { document, .. } = self.0;
        let mut names = self.0.members();
        names.find_map(|(member, value)| document.is_named(member, name).then_some(value))
    }

    pub(crate) fn get(self, name: &str) -> Option<Item<'a>> {
        self.position(name).map(|value| self.0.document.at(value))
    }

    pub(crate) fn contains(self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The value at the end of a path of names.
    pub(crate) fn member(self, path: &[&str]) -> Option<Item<'a>> {
        let (last, objects) = path.split_last()?;
        let inner = |object: Self, name: &&str| object.get(name)?.as_object();
        objects.iter().try_fold(self, inner)?.get(last)
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.positions().map(|(name, _)| name)
    }

    /// The names, and where their values are.
    pub(crate) fn positions(self) -> impl Iterator<Item = (&'a str, Position)> {
        let Span { document, .. } = self.0;
        let members = self.0.members();
        members.map(|(member, value)| (document.name(member), value))
    }

    /// The names and the values.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a str, Item<'a>)> {
        let Span { document, .. } = self.0;
        self.positions().map(|(name, value)| (name, document.at(value)))
    }
}

impl<'a> Span<'a> {
    /// Where the name of each is, and its value.
    fn members(self) -> impl Iterator<Item = (u32, Position)> + 'a {
        let Self { document, end, .. } = self;
        let value = |member: u32| member.saturating_add(1);
        let next = move |member: &u32| Some(document.behind(value(*member)));
        let members = std::iter::successors(Some(self.start), next);
        let inside = members.take_while(move |member| *member < end);
        inside.map(move |member| (member, Position(value(member))))
    }
}
