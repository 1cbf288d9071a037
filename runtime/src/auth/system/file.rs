//! Files that hold secrets.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::SecretBytes;
use crate::words::uuid;

/// Reads a file of at most so many bytes.
pub(super) fn read(path: &Path, max: usize) -> io::Result<SecretBytes> {
    let file = File::open(path)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    // With room for all of it, no copy is left behind by growing.
    let room = usize::try_from(size).unwrap_or(max).min(max) + 1;
    let mut content = Zeroizing::new(Vec::with_capacity(room));
    file.take(max as u64 + 1).read_to_end(&mut content)?;
    if content.len() > max {
        let problem = format!("it is larger than {max} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    Ok(content)
}

/// Writes a file beside the old one, and then puts it in its place.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = beside(path)?;
    let replaced = create(&beside)
        .and_then(|file| write(file, content))
        .and_then(|()| fs::rename(&beside, path));
    if replaced.is_err() {
        // What went wrong is more important than what is left behind.
        let _ = fs::remove_file(&beside);
    }
    replaced
}

/// A name in the same folder that nothing has.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(".");
    let id = uuid::random().map_err(super::no_random_bytes)?;
    beside.push(String::from_utf8_lossy(&id).as_ref());
    Ok(path.with_file_name(beside))
}

/// Creates a file that only its owner may read, before there is anything in it.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write(mut file: File, content: &[u8]) -> io::Result<()> {
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that is gone when it is dropped.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let name = String::from_utf8(uuid::random().expect("random bytes").to_vec()).expect("ASCII");
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).expect("a new folder");
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = Folder::new();
        let path = folder.0.join("token.json");
        for content in ["a longer content", "short"] {
            replace(&path, content.as_bytes()).expect("a written file");
            assert_eq!(*read(&path, 100).expect("a file"), content.as_bytes());
        }
        let names: Vec<_> = fs::read_dir(&folder.0).expect("a folder").collect();
        assert_eq!(names.len(), 1, "{names:?}");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;

        let folder = Folder::new();
        let path = folder.0.join("token.json");
        fs::write(&path, "old").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("permissions");
        replace(&path, b"new").expect("a written file");
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // Before it has its name and content, too.
        let beside = beside(&path).expect("a name");
        let empty = create(&beside).expect("a new file").metadata().expect("a file");
        assert_eq!((empty.permissions().mode() & 0o777, empty.len()), (0o600, 0));
        // Nothing that is there is written to.
        assert!(create(&beside).is_err());
    }

    /// Looks at a folder while a file in it is replaced again and again.
    #[cfg(unix)]
    #[test]
    fn whoever_looks_sees_a_whole_file_that_only_its_owner_may_read() {
        use std::os::unix::fs::PermissionsExt;

        const SIZE: usize = 256 * 1024;
        let folder = Folder::new();
        let path = folder.0.join("token.json");
        replace(&path, &[0; SIZE]).expect("a written file");
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| (1..=50).try_for_each(|byte| replace(&path, &[byte; SIZE])));
            while !writer.is_finished() {
                let content = read(&path, SIZE).expect("a file at any time");
                assert_eq!(content.len(), SIZE);
                assert!(content.iter().all(|byte| *byte == content[0]));
                for file in fs::read_dir(&folder.0).expect("a folder") {
                    // What it had before its own name is gone soon.
                    let Ok(file) = file.expect("a file").metadata() else {
                        continue;
                    };
                    assert_eq!(file.permissions().mode() & 0o777, 0o600);
                }
            }
            writer.join().expect("no panic").expect("written files");
        });
    }

    #[test]
    fn a_failure_leaves_the_old_file() {
        let folder = Folder::new();
        let path = folder.0.join("folder");
        fs::create_dir(&path).expect("a folder");
        fs::write(path.join("file"), "old").expect("a file");
        replace(&path, b"new").expect_err("a folder cannot be replaced");
        assert_eq!(fs::read_dir(&folder.0).expect("a folder").count(), 1);
        replace(Path::new("/"), b"new").expect_err("it has no name");
    }

    #[test]
    fn a_file_that_is_too_large() {
        let folder = Folder::new();
        let path = folder.0.join("file");
        fs::write(&path, "12345").expect("a file");
        assert_eq!(*read(&path, 5).expect("a file"), b"12345");
        let error = read(&path, 4).expect_err("it is too large");
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(
            read(&folder.0.join("none"), 4).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }
}
