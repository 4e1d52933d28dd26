//! The place of the data folder: SQLite's locks and shared memory do not work over a network
//! (sqlite.org/wal.html, "All processes using a database must be on the same host computer"), and a
//! program that syncs folders copies a database between two writes.

use std::path::Path;

/// Network file systems, as Linux names them.
const NETWORK: &[&str] = &[
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.sshfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// Parts of the paths of synced folders, in lower case, with the service of each.
const SYNCED: &[(&str, &str)] = &[
    ("com~apple~clouddocs", "iCloud Drive"),
    ("dropbox", "Dropbox"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud drive", "iCloud Drive"),
    ("iclouddrive", "iCloud Drive"),
    ("mobile documents", "iCloud Drive"),
    ("my drive", "Google Drive"),
    ("onedrive", "OneDrive"),
];

/// The kind of network file system of the folder, where known: on Linux by the kernel's table of
/// mounts, on Windows by the name of a share.
pub(super) fn network(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if is_share(&folder.to_string_lossy()) {
        return Some("a network share".to_owned());
    }
    // Absent everywhere but on Linux.
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    file_system(&mounts, &folder).filter(|kind| NETWORK.contains(kind)).map(str::to_owned)
}

/// Whether a Windows path is that of a share: `\\server\share`.
fn is_share(path: &str) -> bool {
    path.starts_with(r"\\?\UNC\") || (path.starts_with(r"\\") && !path.starts_with(r"\\?\"))
}

/// The type of the file system `folder` lies on, by a table of mounts as proc(5) describes it.
fn file_system<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((mount, kind)) = line.split_once(" - ") else { continue };
        let Some(point) = mount.split(' ').nth(4).map(unescaped) else { continue };
        let Some(kind) = kind.split(' ').next() else { continue };
        let depth = Path::new(&point).components().count();
        // A later mount on the same place hides the earlier one.
        if folder.starts_with(&point) && found.is_none_or(|(best, _)| depth >= best) {
            found = Some((depth, kind));
        }
    }
    found.map(|(_, kind)| kind)
}

/// Decodes the octal spaces of the table.
fn unescaped(point: &str) -> String {
    point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
}

/// The service that syncs the folder, as far as its path tells.
pub(super) fn synced(folder: &Path) -> Option<&'static str> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let parts: Vec<_> = folder.components().map(|c| c.as_os_str().to_string_lossy().to_lowercase()).collect();
    // Account names follow: "OneDrive - Clinic", "Dropbox (Personal)", "GoogleDrive-a@b".
    let is_in = |part: &str| parts.iter().any(|p| p.starts_with(part));
    SYNCED.iter().find(|(part, _)| is_in(part)).map(|(_, whose)| *whose)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
        30 22 0:40 / /srv/share rw,relatime shared:1 - nfs4 server:/export rw\n\
        31 30 8:2 / /srv/share/local rw - xfs /dev/sdb1 rw\n\
        32 22 0:41 / /mnt/my\\040files rw - cifs //server/files rw\n";

    #[test]
    fn the_deepest_mount_tells_the_file_system() {
        for (folder, kind) in [
            ("/var/lib/clinicue", "ext4"),
            ("/srv/share/clinic", "nfs4"),
            ("/srv/shared", "ext4"),
            ("/srv/share/local/clinic", "xfs"),
            ("/mnt/my files", "cifs"),
        ] {
            assert_eq!(file_system(MOUNTS, Path::new(folder)), Some(kind), "{folder}");
        }
    }

    #[test]
    fn a_share_of_windows_is_known_by_its_name() {
        assert!(is_share(r"\\server\clinic") && is_share(r"\\?\UNC\server\clinic"));
        assert!(!is_share(r"\\?\C:\clinic") && !is_share(r"C:\clinic") && !is_share("/home/clinic"));
    }

    #[test]
    fn a_folder_that_is_copied_elsewhere_is_known_by_its_path() {
        for (folder, whose) in [
            ("/home/a/Dropbox (Clinic)/data", Some("Dropbox")),
            ("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/x", Some("iCloud Drive")),
            ("/home/a/OneDrive - Clinic/data", Some("OneDrive")),
            ("/home/a/GoogleDrive-a@example.org/My Drive", Some("Google Drive")),
            ("/home/a/clinicue", None),
        ] {
            assert_eq!(synced(Path::new(folder)), whose, "{folder}");
        }
    }
}
