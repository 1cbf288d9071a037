//! What reaches objects in Amazon S3: results to wait for, inputs to upload, and the client that reads and writes them.

use super::{Aspect, Level, Recorder};
use crate::ir::{Locations, Member, Operation, Service};

impl Recorder {
    /// `result` of an output and `upload` of a builder.
    pub(super) fn locations(&mut self, old: &Operation, new: &Operation) {
        let is_there = |operation: &Operation| operation.locations.is_some();
        let result = format!("`result` of `{}Output`", new.type_name);
        self.presence(&result, is_there(old), is_there(new));
        let function = new.fn_name.trim_start_matches("r#");
        let has_upload = |operation: &Operation| operation.locations.as_ref().is_some_and(|it| it.input.is_some());
        self.presence(&format!("`upload` of `{function}`"), has_upload(old), has_upload(new));

        let (Some(before), Some(after)) = (&old.locations, &new.locations) else {
            return;
        };
        let of_output = |operation: &Operation, index: Option<usize>| name(&operation.output, index);
        let results = [(old, before), (new, after)].map(|(it, locations)| of_output(it, Some(locations.output)));
        let sentence = "the address of the result is now in";
        self.value(Aspect::Behavior, sentence, &results[0], &results[1]);
        let failures = [(old, before), (new, after)].map(|(it, locations)| of_output(it, locations.failure));
        let sentence = "the address of what is written if the service fails is now in";
        self.value(Aspect::Behavior, sentence, &failures[0], &failures[1]);
        if let (
            Locations {
                input: Some(before), ..
            },
            Locations { input: Some(after), .. },
        ) = (before, after)
        {
            let [before, after] = [(old, before), (new, after)].map(|(it, index)| name(&it.input, Some(*index)));
            self.value(Aspect::Behavior, "`upload` now sets", &before, &after);
        }
    }

    /// What makes the client one of objects.
    pub(super) fn object_store(&mut self, old: &Service, new: &Service) {
        let is_there = |service: &Service| service.object_store.is_some();
        self.presence("`ObjectStore` for `Client`", is_there(old), is_there(new));
        let operations = |service: &Service| {
            let store = service.object_store.as_ref()?;
            let [get, put] = [&store.get, &store.put].map(|call| &service.operations[call.operation].name);
            Some(format!("`{get}` and `{put}`"))
        };
        if let (Some(before), Some(after)) = (operations(old), operations(new))
            && before != after
        {
            let text = format!("`ObjectStore` for `Client` now calls {after}, was {before}");
            self.api(Level::Major, text);
        }
    }
}

fn name(members: &[Member], index: Option<usize>) -> String {
    index.map_or_else(|| "none".to_owned(), |index| format!("`{}`", members[index].name))
}
