//! The crate from outside: real files, hostile files, and what is written read again.

mod files;
mod mutated;
mod real_files;
mod round_trip;
