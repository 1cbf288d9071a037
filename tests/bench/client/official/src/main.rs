//! Does the work.

fn main() -> Result<(), workload::BoxError> {
    workload::main::<client_official::Compared>(None)
}
