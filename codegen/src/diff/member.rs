//! Members of inputs, outputs, structures and errors.

use super::rust::{Owner, encoding, field_type, limits, markup, place};
use super::{Aspect, HIDDEN, Level, Recorder, matched};
use crate::ir::Member;

impl Recorder {
    /// Compares the members of `ty`, the Rust name of what they belong to. `was` and `is` differ where requests begin or
    /// cease to have the type.
    pub(super) fn members<'m>(
        &mut self,
        ty: &str,
        (old, was): (impl IntoIterator<Item = &'m Member> + Clone, Owner),
        (new, is): (impl IntoIterator<Item = &'m Member> + Clone, Owner),
    ) {
        let matched = matched(old, new, |member| &member.name);
        for member in matched.removed {
            self.api(Level::Major, format!("`{ty}` loses the member `{}`", plain(member)));
        }
        for member in matched.added {
            self.added_member(ty, member, was.has_builder() && is.has_builder(), is);
        }
        for (old, new) in matched.both {
            self.member(ty, (old, was), (new, is));
        }
    }

    fn added_member(&mut self, ty: &str, member: &Member, is_built: bool, owner: Owner) {
        let (level, kind) = match (is_built, member.required) {
            (true, true) => (Level::Major, "required member"),
            (true, false) => (Level::Minor, "optional member"),
            (false, _) => (Level::Minor, "member"),
        };
        let mut text = format!(
            "`{ty}` gains the {kind} `{}`: `{}`, {}",
            plain(member),
            field_type(member, owner),
            place(&member.location),
        );
        if member.limits != Default::default() {
            text.push_str(", ");
            text.push_str(&limits(member, true));
        }
        self.api(level, text);
    }

    fn member(&mut self, ty: &str, (old, was): (&Member, Owner), (new, is): (&Member, Owner)) {
        let subject = format!("`{}` of `{ty}`", plain(new));
        if old.field != new.field {
            let text = format!("{subject} is renamed in Rust, was `{}`", plain(old));
            self.api(Level::Major, text);
        }
        let (before, after) = (field_type(old, was), field_type(new, is));
        if before != after {
            let what = match (old.required, new.required) {
                (false, true) if was == is => " is now required",
                (true, false) if was == is => " is no longer required",
                _ => "",
            };
            let type_change = format!("`{after}`, was `{before}`");
            let text = match what {
                "" => format!("{subject} becomes {type_change}"),
                what => format!("{subject}{what}: {type_change}"),
            };
            self.api(Level::Major, text);
        } else if old.required != new.required {
            let now = if new.required { "now" } else { "no longer" };
            self.hidden(Aspect::Documentation, format!("{subject} is {now} required"));
        }
        let travels = |member: &Member| place(&member.location);
        let is = format!("{subject} is");
        self.value(Aspect::Wire, &format!("{is} now"), &travels(old), &travels(new));
        let written = format!("{is} now written");
        self.value(Aspect::Wire, &written, encoding(&old.ty), encoding(&new.ty));
        if self.has_elements {
            self.value(Aspect::Wire, &format!("{is} now"), &markup(old), &markup(new));
        }
        let is_token = |member: &Member| member.idempotency_token;
        let filled_in = (is.as_str(), "filled in by the client");
        self.fact(Aspect::Behavior, filled_in, is_token(old), is_token(new));
        let without_path = (is.as_str(), "sent without what precedes its last `/`");
        self.fact(Aspect::Wire, without_path, old.bare_id, new.bare_id);
        let origin = (is.as_str(), "the URL that requests are sent to");
        self.fact(Aspect::Wire, origin, old.origin, new.origin);
        let default = |member: &Member| {
            let default = member.default.as_ref();
            default.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"))
        };
        let unset = format!("what is sent if {subject} is not set is now");
        self.value(Aspect::Wire, &unset, &default(old), &default(new));
        self.fact(Aspect::Behavior, (&is, HIDDEN), old.sensitive, new.sensitive);
        let bounds = format!("the limits of {subject} are now");
        self.value(Aspect::Documentation, &bounds, &limits(old, false), &limits(new, false));
        let matches = format!("the pattern of {subject} is now");
        self.value(Aspect::Documentation, &matches, &pattern(old), &pattern(new));
        self.deprecation(&subject, old.deprecated.as_deref(), new.deprecated.as_deref());
    }
}

/// Whether a member can be read only once, so that the output it belongs to cannot be cloned.
pub(super) fn has_stream(members: &[Member]) -> bool {
    members.iter().any(Member::is_stream)
}

fn pattern(member: &Member) -> String {
    let pattern = member.limits.pattern.as_ref();
    pattern.map_or_else(|| "none".to_owned(), |pattern| format!("`{pattern}`"))
}

/// The field as people write it in text.
fn plain(member: &Member) -> &str {
    member.field.trim_start_matches("r#")
}
