//! An in-memory store. The orders are lost when the program stops.

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

/// The part of an order that the customer provides.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Content {
    item: String,
    quantity: u32,
}

#[derive(Clone, Default)]
pub(super) struct Orders(Arc<RwLock<State>>);

#[derive(Default)]
struct State {
    orders: BTreeMap<OrderId, Order>,
    last: u64,
}

impl Orders {
    pub(super) fn get(&self, id: OrderId) -> Option<Order> {
        self.read().orders.get(&id).cloned()
    }

    pub(super) fn of(&self, owner: &str) -> Vec<Order> {
        let state = self.read();
        let orders = state.orders.values();
        orders.filter(|order| order.owner == owner).cloned().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.read().orders.len()
    }

    pub(super) fn place(&self, owner: String, content: Content) -> Order {
        let mut state = self.write();
        state.last += 1;
        let id = OrderId(state.last);
        let order = Order { id, owner, content };
        state.orders.insert(id, order.clone());
        order
    }

    /// Replaces an order. A caller gets the proof only if its request satisfies `CanChangeOrders`,
    /// so this function is never called without authorization.
    pub(super) fn replace(
        &self,
        _: &Authorized<CanChangeOrders>,
        id: OrderId,
        content: Content,
    ) -> Option<Order> {
        let mut state = self.write();
        let order = state.orders.get_mut(&id)?;
        order.content = content;
        Some(order.clone())
    }

    /// Removes an order. Requires the proof of `CanRemoveOrders`, which is stricter than
    /// `CanChangeOrders`.
    pub(super) fn remove(&self, _: &Authorized<CanRemoveOrders>, id: OrderId) -> Option<Order> {
        self.write().orders.remove(&id)
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
