//! The program carries its own database of reference systems; another one in the environment would break it.

/// Runs the program again without the variables that point PROJ to a foreign database.
#[cfg(unix)]
pub fn leave_foreign_databases() {
    use std::os::unix::process::CommandExt;

    if geodesy::PROJ_VARIABLES.iter().all(|name| std::env::var_os(name).is_none()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1));
    for name in geodesy::PROJ_VARIABLES {
        again.env_remove(name);
    }
    // Comes back only where it failed; then the conversion itself says what is wrong.
    let error = again.exec();
    eprintln!("minemap: cannot start again without PROJ_DATA: {error}");
}

/// Other systems start with the variables as they are; a conversion says what is wrong.
#[cfg(not(unix))]
pub fn leave_foreign_databases() {}
