//! What can be waited for.

use super::{Aspect, Group, Level, Recorder, matched};
use crate::ir::{Service, Waiter};

impl Recorder {
    pub(super) fn waiters(&mut self, old: &Service, new: &Service) {
        let matched = matched(&old.waiters, &new.waiters, |waiter| &waiter.name);
        for (before, after) in matched.both {
            self.group = group(after);
            self.waiter((old, before), (new, after));
        }
        for waiter in matched.added {
            self.group = group(waiter);
            self.api(Level::Minor, format!("`wait_until_{}` is new", waiter.fn_name));
        }
        for waiter in matched.removed {
            self.group = group(waiter);
            self.api(Level::Major, format!("`wait_until_{}` is gone", waiter.fn_name));
        }
    }

    fn waiter(&mut self, (old_service, old): (&Service, &Waiter), (new_service, new): (&Service, &Waiter)) {
        let function = format!("`wait_until_{}`", new.fn_name);
        let before = &old_service.operations[old.operation].name;
        let after = &new_service.operations[new.operation].name;
        if before != after {
            self.api(Level::Major, format!("{function} now calls `{after}`, was `{before}`"));
        }
        let seconds = |waiter: &Waiter| format!("{} s", waiter.delay.as_secs());
        self.value(
            Aspect::Behavior,
            &format!("the delay between two calls of {function} is now"),
            &seconds(old),
            &seconds(new),
        );
        if old.acceptors != new.acceptors || old.state != new.state {
            self.hidden(Aspect::Behavior, format!("the acceptors of {function} change"));
        }
        self.value(
            Aspect::Documentation,
            &format!("the suggested number of calls of {function} is now"),
            &old.max_attempts.to_string(),
            &new.max_attempts.to_string(),
        );
    }
}

fn group(waiter: &Waiter) -> Group {
    Group::Waiter {
        name: waiter.name.clone(),
    }
}
