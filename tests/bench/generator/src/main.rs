//! With the allocator of the system.

fn main() -> anyhow::Result<()> {
    generator::run()
}
