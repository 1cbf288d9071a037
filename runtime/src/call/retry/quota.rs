//! What a client may spend on retries.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::words::service::RetryKind;

/// What a client may still spend on retries: they must not multiply the load on a service that is down.
#[derive(Debug)]
pub(crate) struct RetryQuota(AtomicU32);

impl RetryQuota {
    const CAPACITY: u32 = 500;

    /// Takes what a retry costs. `None` when there is not enough left.
    pub(crate) fn spend(&self, kind: RetryKind) -> Option<u32> {
        let cost = match kind {
            RetryKind::Transient => 14,
            RetryKind::Throttling | RetryKind::NotReady => 5,
        };
        let spent = |left: u32| left.checked_sub(cost);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent)
            .is_ok()
            .then_some(cost)
    }

    /// Gives back what the last retry of a successful call took, or 1 for a call without retries.
    pub(crate) fn give_back(&self, last: Option<u32>) {
        if self.0.load(Ordering::Relaxed) < Self::CAPACITY {
            let refilled = |left: u32| Some((left + last.unwrap_or(1)).min(Self::CAPACITY));
            // The closure always gives a value, so the update cannot fail.
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, refilled);
        }
    }
}

impl Default for RetryQuota {
    fn default() -> Self {
        Self(AtomicU32::new(Self::CAPACITY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quota_is_spent_and_refilled() {
        let quota = RetryQuota::default();
        // 35 retries at 14 take 490 of 500.
        for _ in 0..35 {
            assert_eq!(quota.spend(RetryKind::Transient), Some(14));
        }
        assert_eq!(quota.spend(RetryKind::Transient), None);
        assert_eq!(quota.spend(RetryKind::Throttling), Some(5));
        quota.give_back(Some(14));
        assert_eq!(quota.spend(RetryKind::Transient), Some(14));
        for _ in 0..1000 {
            quota.give_back(None);
        }
        assert_eq!(quota.0.load(Ordering::Relaxed), RetryQuota::CAPACITY);
    }
}
