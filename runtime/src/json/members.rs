//! Builds a document from members of other documents.

use super::document::{Document, Node};
use super::view::{Array, Item, Object};

impl Document {
    /// Returns an object with these members, in their order. The caller passes distinct names. `bytes`
    /// is an estimate of the length of the object's JSON text.
    pub(crate) fn of_members<'a>(
        members: impl IntoIterator<Item = (&'a str, Item<'a>)>,
        bytes: usize,
    ) -> Self {
        let mut document = Self::for_text_of(bytes);
        let start = document.open();
        for (name, value) in members {
            document.add_text(name);
            document.add_item(value);
        }
        document.close(start, Node::Object);
        document
    }

    /// Adds a copy of a value. The parser of the value has limited its depth.
    fn add_item(&mut self, item: Item<'_>) {
        match item {
            Item::Null => self.add(Node::Null),
            Item::Bool(truth) => self.add(Node::Bool(truth)),
            Item::Number(number) => self.add(Node::Number(number)),
            Item::String(text) => self.add_text(text),
            Item::Array(array) => {
                let start = self.open();
                for value in array.items() {
                    self.add_item(value);
                }
                self.close(start, Node::Array);
            }
            Item::Object(object) => {
                let start = self.open();
                for (name, value) in object.members() {
                    self.add_text(name);
                    self.add_item(value);
                }
                self.close(start, Node::Object);
            }
        }
    }
}

impl Item<'_> {
    /// Returns true if both values are the same JSON value. The order has no meaning for the members of
    /// an object, and for an array of strings, which claims use as a set.
    pub(crate) fn is_same(self, other: Item<'_>) -> bool {
        match (self, other) {
            (Item::Null, Item::Null) => true,
            (Item::Bool(one), Item::Bool(other)) => one == other,
            (Item::Number(one), Item::Number(other)) => one == other,
            (Item::String(one), Item::String(other)) => one == other,
            (Item::Array(one), Item::Array(other)) => one.is_same(other),
            (Item::Object(one), Item::Object(other)) => one.is_same(other),
            _ => false,
        }
    }
}

impl Array<'_> {
    fn is_same(self, other: Array<'_>) -> bool {
        if let (Some(one), Some(other)) = (self.sorted_strings(), other.sorted_strings()) {
            return one == other;
        }
        let (mut one, mut other) = (self.items(), other.items());
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(one), Some(other)) if one.is_same(other) => {}
                _ => return false,
            }
        }
    }

    /// Returns `None` if an item is not a string.
    fn sorted_strings(&self) -> Option<Vec<&str>> {
        let mut strings: Vec<_> = self.items().map(Item::as_str).collect::<Option<_>>()?;
        strings.sort_unstable();
        Some(strings)
    }
}

impl Object<'_> {
    /// Returns true if both objects have the same members, in any order.
    pub(crate) fn is_same(self, other: Object<'_>) -> bool {
        self.members().count() == other.members().count()
            && self.members().all(|(name, value)| {
                other.get(name).is_some_and(|counterpart| value.is_same(counterpart))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn copies_are_the_same_and_differences_are_found() {
        let texts = [
            r"{}",
            r#"{"a":null}"#,
            r#"{"a":[1,-2,2.5,"x",true,{"b":[]}],"c":{"d":"e"}}"#,
            r#"{"a":[1,-2,2.5,"x",true,{"b":[1]}],"c":{"d":"e"}}"#,
            r#"{"a":[1,-2,2.5,"x",true],"c":{"d":"e"}}"#,
            r#"{"c":{"d":"e"}}"#,
            r#"{"c":{"d":"f"}}"#,
            r#"{"c":{"d":"e","f":1}}"#,
        ];
        let documents = texts.map(|text| json::object(text.as_bytes()).unwrap());
        for (index, one) in documents.iter().enumerate() {
            let copy = Document::of_members(one.root().members(), 0);
            for (other_index, other) in documents.iter().enumerate() {
                let is_same = copy.root().is_same(other.root());
                assert_eq!(
                    is_same,
                    index == other_index,
                    "{} {}",
                    texts[index],
                    texts[other_index]
                );
            }
        }
        let reordered = json::object(br#"{"f":1,"d":"e"}"#).unwrap();
        let ordered = json::object(br#"{"d":"e","f":1}"#).unwrap();
        assert!(reordered.root().is_same(ordered.root()));
        let object = |text: &str| json::object(text.as_bytes()).unwrap();
        let sets = [r#"{"a":["x","y","x"]}"#, r#"{"a":["y","x","x"]}"#].map(object);
        assert!(sets[0].root().is_same(sets[1].root()));
        for other in [r#"{"a":["y","x"]}"#, r#"{"a":["y","y","x"]}"#, r#"{"a":["x","y",1]}"#] {
            assert!(!sets[0].root().is_same(object(other).root()), "{other}");
        }
        let lists = [r#"{"a":["x",1]}"#, r#"{"a":[1,"x"]}"#].map(object);
        assert!(!lists[0].root().is_same(lists[1].root()));
    }
}
