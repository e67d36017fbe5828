//! The access of a route in the format of a snapshot file.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::demand::Demand;
use crate::json::{self, Item};
use crate::router::access_row::{AccessRow, PAGE};
use crate::router::declared_handler::Access;

/// The access of a route, as a snapshot stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    Public(String),
    PublicPage(String),
    Protected(Demand),
    ProtectedPage(Demand),
    /// Routes and layers of a function, which the table does not know.
    Unknown {
        /// The demands of the guards in front of these routes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guard: Option<Demand>,
        /// True if these guards admit navigations from other sites.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        page: bool,
    },
}

/// The access of each route. The key is the method and path of the route.
pub(super) type Entries = BTreeMap<String, Entry>;

impl Entry {
    pub(super) fn of(row: &AccessRow) -> Self {
        match (&row.access, row.is_page()) {
            (Access::Public(operation), false) => Self::Public(operation.reason.to_owned()),
            (Access::Public(operation), true) => Self::PublicPage(operation.reason.to_owned()),
            (Access::Protected(operation), false) => Self::Protected(Demand::of(operation)),
            (Access::Protected(operation), true) => Self::ProtectedPage(Demand::of(operation)),
            (Access::Unknown(unknown), page) => {
                Self::Unknown { guard: unknown.guard.as_ref().map(Demand::of), page }
            }
        }
    }

    pub(super) fn is_page(&self) -> bool {
        match self {
            Self::Public(_) | Self::Protected(_) => false,
            Self::PublicPage(_) | Self::ProtectedPage(_) => true,
            Self::Unknown { page, .. } => *page,
        }
    }
}

/// Parses the entries of a snapshot file. Returns `None` if the text is not a snapshot, or if an
/// object in the JSON has duplicate names.
pub(super) fn read(file: &str) -> Option<Entries> {
    let object = json::object(file.as_bytes()).ok()?;
    Entries::deserialize(Item::Object(object.root())).ok()
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(reason) | Self::PublicPage(reason) => {
                write!(formatter, "public ({reason})")?;
            }
            Self::Protected(demand) | Self::ProtectedPage(demand) => write!(formatter, "{demand}")?,
            Self::Unknown { guard: None, .. } => formatter.write_str("?")?,
            Self::Unknown { guard: Some(demand), .. } => write!(formatter, "? behind {demand}")?,
        }
        formatter.write_str(if self.is_page() { PAGE } else { "" })
    }
}
