//! `clinicue-server`: Clinicue without a window.

fn main() -> std::process::ExitCode {
    clinicue::cli::main()
}
