//! Hints about memory to the C library and to the kernel. On any system but Linux with glibc they
//! do nothing.
//!
//! The only home of `unsafe`: neither call has a safe form, and a test holds the sources to it.
#![cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(unsafe_code, reason = "mallopt, malloc_trim and madvise have no safe form")
)]

/// Limits the threads' heaps to two, which all share. glibc opens eight for each processor, and no
/// other uses what one has freed. Call it while the process has one thread.
pub(crate) fn share_heaps() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes two numbers and may be called at any time.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
}

/// Returns what only the start needed: freed heap, and resident pages of the program's own file.
/// They stay in the kernel's file cache and are mapped again on use; unused ones no longer count,
/// and go first where memory is short.
pub(crate) fn forget_start() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: `malloc_trim` takes a number and may be called at any time.
        unsafe {
            libc::malloc_trim(0);
        }
        for mapped in of_files() {
            let length = mapped.end - mapped.start;
            // SAFETY: the range is one mapping of a file, private, never written and never
            // writable: its pages are those of the file, before and after.
            unsafe {
                libc::madvise(mapped.start as *mut libc::c_void, length, libc::MADV_DONTNEED);
            }
        }
    }
}

/// The addresses at which code and constants of files are mapped; empty where the kernel does not
/// tell.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn of_files() -> Vec<std::ops::Range<usize>> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines().filter_map(of_file).collect()
}

/// The range of a line such as
/// `55d0c000-55d0f000 r-xp 00001000 fe:00 1234  /usr/bin/clinicue-server`, where it is code, or the
/// beginning of a file: headers and constants. Other read-only ranges may have been written by the
/// linker before they were locked, and differ from the file.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn of_file(line: &str) -> Option<std::ops::Range<usize>> {
    let mut words = line.split_ascii_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let (rights, offset, _device, inode) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let is_as_in_file = rights == "r-xp" || (rights == "r--p" && offset.trim_start_matches('0').is_empty());
    if !is_as_in_file || inode == "0" {
        return None;
    }
    Some(usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?)
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_as_in_its_file_is_given_back() {
        let code = "55d0c000-55d0f000 r-xp 00001000 fe:00 1234   /usr/bin/clinicue-server";
        assert_eq!(of_file(code), Some(0x55d0_c000..0x55d0_f000));
        let constants = "55d00000-55d0c000 r--p 00000000 fe:00 1234   /usr/bin/clinicue-server";
        assert_eq!(of_file(constants), Some(0x55d0_0000..0x55d0_c000));
        for other in [
            "55d0f000-55d10000 r--p 00004000 fe:00 1234   /usr/bin/clinicue-server",
            "55d10000-55d11000 rw-p 00005000 fe:00 1234   /usr/bin/clinicue-server",
            "7ffd0000-7ffd2000 r-xp 00000000 00:00 0      [vdso]",
            "rubbish",
            "",
        ] {
            assert_eq!(of_file(other), None, "{other}");
        }
    }

    #[test]
    fn the_program_goes_on_after_it_forgot_its_start() {
        assert!(!of_files().is_empty(), "the kernel names the program's file");
        forget_start();
        assert_eq!("still here".to_uppercase(), "STILL HERE");
    }
}
