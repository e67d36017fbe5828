//! The accounts and payments, in memory. They are lost when the program stops.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum_protected::Authorized;
use serde::Serialize;

use super::consent::{ConsentedPayment, PaymentRequest};
use super::customer::Customer;
use super::iban::Iban;
use super::money::{Currency, Money};
use super::payment_id::PaymentId;
use super::policies::CanInitiate;
use super::problem::Problem;

/// An account of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Account {
    iban: Iban,
    balance: Money,
    #[serde(skip)]
    owner: Customer,
}

/// A payment that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payment {
    id: PaymentId,
    transaction_status: TransactionStatus,
    #[serde(flatten)]
    request: PaymentRequest,
}

/// The status of a payment (ISO 20022, external code set `PaymentTransactionStatus`). Payments from
/// memory to memory are settled immediately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
enum TransactionStatus {
    #[serde(rename = "ACSC")]
    AcceptedSettlementCompleted,
}

/// A payment, and the information that this request made it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Initiated {
    Now(Payment),
    Earlier(Payment),
}

#[derive(Clone, Default)]
pub(super) struct Bank(Arc<Mutex<Books>>);

#[derive(Default)]
struct Books {
    accounts: BTreeMap<Iban, Account>,
    payments: HashMap<(Customer, PaymentId), Payment>,
}

impl Bank {
    /// Returns the accounts of a customer. A new customer gets an account with 1000.00 EUR, so that
    /// this example works with the users of any issuer.
    pub(super) fn accounts(&self, customer: &Customer) -> Vec<Account> {
        self.books().accounts_of(customer)
    }

    /// Makes a payment once. The same payment again is not an error and moves no money. The guard has
    /// judged the token, and `Consent::confirm` has compared the payment with it: without both, this
    /// function cannot be called.
    pub(super) fn initiate(
        &self,
        _: &Authorized<CanInitiate>,
        customer: &Customer,
        payment: ConsentedPayment,
    ) -> Result<Initiated, Problem> {
        let (id, request) = payment.into_parts();
        self.books().pay(customer, id, request)
    }

    /// Returns a payment of this customer.
    pub(super) fn payment(&self, customer: &Customer, id: &PaymentId) -> Option<Payment> {
        self.books().payments.get(&(customer.clone(), id.clone())).cloned()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn accounts_of(&mut self, customer: &Customer) -> Vec<Account> {
        let accounts = self.accounts.values().filter(|account| account.owner == *customer);
        let found: Vec<Account> = accounts.cloned().collect();
        if found.is_empty() { vec![self.open(customer)] } else { found }
    }

    fn open(&mut self, customer: &Customer) -> Account {
        let number = u64::try_from(self.accounts.len()).unwrap_or(u64::MAX).saturating_add(1);
        let iban = Iban::of_account(number);
        let balance = Money::new(Currency::Eur, 100_000);
        let account = Account { iban: iban.clone(), balance, owner: customer.clone() };
        self.accounts.insert(iban, account.clone());
        account
    }

    fn pay(
        &mut self,
        customer: &Customer,
        id: PaymentId,
        request: PaymentRequest,
    ) -> Result<Initiated, Problem> {
        let key = (customer.clone(), id.clone());
        match self.payments.get(&key) {
            Some(payment) if payment.request == request => {
                return Ok(Initiated::Earlier(payment.clone()));
            }
            Some(_) => return Err(Problem::OtherPayment),
            None => {}
        }
        // Both balances are computed before one of them changes: a payment is made whole or not at
        // all.
        let balances = self.balances_after(customer, &request)?;
        for (iban, balance) in balances {
            self.accounts.entry(iban).and_modify(|account| account.balance = balance);
        }
        let transaction_status = TransactionStatus::AcceptedSettlementCompleted;
        let payment = Payment { id, transaction_status, request };
        self.payments.insert(key, payment.clone());
        Ok(Initiated::Now(payment))
    }

    /// Returns the balances of both accounts after a payment. The creditor account may be at another
    /// bank.
    fn balances_after(
        &self,
        customer: &Customer,
        request: &PaymentRequest,
    ) -> Result<Vec<(Iban, Money)>, Problem> {
        let amount = request.instructed_amount;
        let [debtor, creditor] =
            [&request.debtor_account, &request.creditor_account].map(|account| &account.iban);
        if debtor == creditor {
            return Err(Problem::SameAccount);
        }
        let own = self.accounts.get(debtor).filter(|account| account.owner == *customer);
        let balance = own.ok_or(Problem::UnknownDebtorAccount)?.balance;
        if !balance.is_in_currency_of(amount) {
            return Err(Problem::OtherCurrency);
        }
        let rest = balance.minus(amount).ok_or(Problem::InsufficientFunds)?;
        let mut balances = vec![(debtor.clone(), rest)];
        if let Some(account) = self.accounts.get(creditor) {
            let sum = account.balance.plus(amount).ok_or(Problem::OtherCurrency)?;
            balances.push((creditor.clone(), sum));
        }
        Ok(balances)
    }
}
