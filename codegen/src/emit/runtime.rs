//! The hand-written part of every client, which goes into it as it is.

macro_rules! files {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../runtime/", $path)))),*]
    };
}

/// Path and content of each file.
pub(super) const FILES: &[(&str, &str)] = files! {
    "src/runtime.rs"
    "src/runtime/body.rs"
    "src/runtime/byte_stream.rs"
    "src/runtime/call.rs"
    "src/runtime/client.rs"
    "src/runtime/config.rs"
    "src/runtime/connect.rs"
    "src/runtime/credentials.rs"
    "src/runtime/endpoint.rs"
    "src/runtime/error.rs"
    "src/runtime/hidden.rs"
    "src/runtime/json.rs"
    "src/runtime/one_line.rs"
    "src/runtime/operation.rs"
    "src/runtime/request.rs"
    "src/runtime/response.rs"
    "src/runtime/retry.rs"
    "src/runtime/signing.rs"
    "src/runtime/timeouts.rs"
    "src/runtime/transport.rs"
    "src/runtime/user_agent.rs"
};

/// The manifest of the runtime, whose dependencies every client has.
pub(super) const MANIFEST: &str = include_str!("../../runtime/Cargo.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_runtime_goes_into_the_client() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src/runtime");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("the folder exists")
            .map(|entry| format!("src/runtime/{}", entry.expect("it can be read").file_name().display()))
            .collect();
        files.push("src/runtime.rs".to_owned());
        files.sort();
        let mut listed: Vec<_> = FILES.iter().map(|(path, _)| *path).collect();
        listed.sort();
        assert_eq!(files, listed);
    }
}
