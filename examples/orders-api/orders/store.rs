//! Where the orders are kept: in memory, until the program stops.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum_protected::Authorized;
use serde::{Deserialize, Serialize};

use super::policies::{CanChangeOrders, CanRemoveOrders};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct OrderId(u64);

#[derive(Clone, Serialize)]
pub(super) struct Order {
    id: OrderId,
    pub(super) owner: String,
    #[serde(flatten)]
    content: Content,
}

/// What the customer says of an order.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Content {
    item: String,
    quantity: u32,
}

#[derive(Clone, Default)]
pub(super) struct Orders(Arc<RwLock<Kept>>);

#[derive(Default)]
struct Kept {
    orders: BTreeMap<OrderId, Order>,
    last: u64,
}

impl Orders {
    pub(super) fn get(&self, id: OrderId) -> Option<Order> {
        self.read().orders.get(&id).cloned()
    }

    pub(super) fn of(&self, owner: &str) -> Vec<Order> {
        let kept = self.read();
        let orders = kept.orders.values();
        orders.filter(|order| order.owner == owner).cloned().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.read().orders.len()
    }

    pub(super) fn place(&self, owner: String, content: Content) -> Order {
        let mut kept = self.write();
        kept.last += 1;
        let id = OrderId(kept.last);
        let order = Order { id, owner, content };
        kept.orders.insert(id, order.clone());
        order
    }

    /// Whoever calls this was authorized: nothing but the policy makes the proof.
    pub(super) fn replace(
        &self,
        _: &Authorized<CanChangeOrders>,
        id: OrderId,
        content: Content,
    ) -> Option<Order> {
        let mut kept = self.write();
        let order = kept.orders.get_mut(&id)?;
        order.content = content;
        Some(order.clone())
    }

    /// The proof of another policy does not fit.
    pub(super) fn remove(&self, _: &Authorized<CanRemoveOrders>, id: OrderId) -> Option<Order> {
        self.write().orders.remove(&id)
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
