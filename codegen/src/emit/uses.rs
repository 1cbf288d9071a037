//! What a service has, for what is only written where it has it.

use crate::ir::{Form, Member, Service, Type};

/// Whether a type of the service is of such a form.
pub(super) fn has_form(service: &Service, is_such: impl Fn(&Form) -> bool) -> bool {
    service.types.values().any(|definition| is_such(&definition.form))
}

/// Whether a member has such a type, or what its list or map holds. A payload that is a stream has a type of ours.
pub(super) fn has_type(service: &Service, is_such: impl Fn(&Type) -> bool) -> bool {
    let operations = service.operations.iter();
    let operations = operations.flat_map(|operation| operation.input.iter().chain(&operation.output));
    let errors = service.errors.iter().flat_map(|error| &error.members);
    let members = operations
        .filter(|member| !member.is_stream())
        .chain(errors.map(|error| &error.member))
        .map(|member| &member.ty);
    let in_types = service.types.values().any(|definition| match &definition.form {
        Form::Structure(members) => members.iter().any(|member| holds(&member.ty, &is_such)),
        Form::Union(variants) => {
            let mut types = variants.iter().filter_map(|variant| variant.ty.as_ref());
            types.any(|ty| holds(ty, &is_such))
        }
        Form::Enum(_) | Form::EventStream(_) => false,
    });
    in_types || members.into_iter().any(|ty| holds(ty, &is_such))
}

fn holds(ty: &Type, is_such: &impl Fn(&Type) -> bool) -> bool {
    is_such(ty)
        || match ty {
            Type::List { element, .. } => holds(element, is_such),
            Type::Map { key, value, .. } => holds(key, is_such) || holds(value, is_such),
            _ => false,
        }
}

/// Whether there are members of answers that have to be there.
pub(super) fn receives_required(service: &Service) -> bool {
    let is_required = |member: &Member| member.required;
    let mut outputs = service.operations.iter().flat_map(|operation| &operation.output);
    outputs.any(|member| is_required(member) && !member.is_stream())
        || service.types.values().any(|definition| match &definition.form {
            Form::Structure(members) => definition.received && members.iter().any(is_required),
            _ => false,
        })
}
