//! Programs that read pages.

use crate::{BoxError, PageReader, Work};

/// Reads pages as the argument of the process says, and prints the report.
///
/// # Errors
///
/// When a call fails, or its output has another number of items than the page.
pub fn main_of_pages<R: PageReader>() -> Result<(), BoxError> {
    super::report(|work| match work {
        Work::Page {
            page,
            warm_up,
            measured,
        } => super::block_on(async {
            let response = page.response();
            let bytes = response.block.len() as u64;
            let reader = R::new(page, response)?;
            let read = async || {
                super::expect(reader.read().await?, page.items())?;
                Ok(bytes)
            };
            super::measure(read, warm_up, measured, None).await
        }),
        other => Err(format!("this program reads pages, and not {other:?}").into()),
    })
}
