//! What `client.json` says of objects in Amazon S3: which members name them, and which operations read and write them.

use super::Lowering;
use crate::diagnostics::did_you_mean;
use crate::ir::{Locations, Member, ObjectCall, ObjectStore, Operation, Type};
use crate::source::{File, JsonPath};

impl Lowering<'_> {
    /// The members of an operation that name objects.
    pub(super) fn locations(&mut self, operation: &str, input: &[Member], output: &[Member]) -> Option<Locations> {
        let model = self.model;
        let locations = model.client.results.get(operation)?;
        let path = JsonPath::root(File::Client).key("results").key(operation);
        let failure = locations.failure.as_ref();
        let of_input = locations.input.as_ref();
        Some(Locations {
            failure: failure.and_then(|name| self.address(name, operation, output, &path.key("failure"))),
            input: of_input.and_then(|name| self.address(name, operation, input, &path.key("input"))),
            output: self.address(&locations.output, operation, output, &path.key("output"))?,
        })
    }

    /// Operations that only results mention.
    pub(super) fn check_results(&mut self) {
        let results = JsonPath::root(File::Client).key("results");
        for name in self.model.client.results.keys() {
            if !self.model.service.operations.contains_key(name) {
                let suggestion = self.similar_operation(name);
                self.error(
                    &results.key(name).name(),
                    format!("the service has no operation `{name}`"),
                    format!("name one of its operations{suggestion}, or remove the entry"),
                );
            }
        }
    }

    /// A member that is an optional text.
    fn address(&mut self, name: &str, operation: &str, members: &[Member], path: &JsonPath) -> Option<usize> {
        let is_text = |member: &Member| member.ty == Type::String && !member.required;
        let index = members
            .iter()
            .position(|member| member.name == *name && is_text(member));
        if index.is_none() {
            let texts = members.iter().filter(|member| is_text(member));
            let suggestion = did_you_mean(name, texts.map(|member| member.name.as_str()));
            self.error(
                path,
                format!("`{operation}` has no optional text `{name}` there"),
                format!("name a member with the address of an object{suggestion}"),
            );
        }
        index
    }

    /// The operations on objects, where the service has any.
    pub(super) fn object_store(&mut self, operations: &[Operation]) -> Option<ObjectStore> {
        let model = self.model;
        let store = model.client.object_store.as_ref()?;
        let path = JsonPath::root(File::Client).key("object_store");
        let get = self.object_call(&store.get, operations, |operation| &operation.output, &path.key("get"));
        let put = self.object_call(&store.put, operations, |operation| &operation.input, &path.key("put"));
        Some(ObjectStore { get: get?, put: put? })
    }

    fn object_call(
        &mut self,
        name: &str,
        operations: &[Operation],
        holder: impl Fn(&Operation) -> &[Member],
        path: &JsonPath,
    ) -> Option<ObjectCall> {
        let Some(index) = operations.iter().position(|operation| operation.name == name) else {
            let suggestion = self.similar_operation(name);
            self.error(
                path,
                format!("the client has no operation `{name}`"),
                format!("name one of its operations{suggestion}"),
            );
            return None;
        };
        let call = || {
            let operation = &operations[index];
            let text = |name: &str| {
                let mut members = operation.input.iter();
                members.position(|member| member.name == name && member.required && member.ty == Type::String)
            };
            let is_content = |member: &Member| member.is_stream() && member.ty == Type::Blob;
            let is_enough = operation.input.iter().filter(|member| member.required).count() == 2;
            Some(ObjectCall {
                operation: index,
                bucket: text("Bucket").filter(|_| is_enough)?,
                key: text("Key")?,
                content: holder(operation).iter().position(is_content)?,
            })
        };
        let call = call();
        if call.is_none() {
            self.error(
                path,
                format!("`{name}` is not an operation on an object that requires `Bucket` and `Key` alone"),
                "name an operation whose payload is the object",
            );
        }
        call
    }
}
