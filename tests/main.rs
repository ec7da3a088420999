//! Drives the built program from outside, the way its users do: commands, HTTP, other people's programs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod bad_files;
mod coordinates;
mod crash;
mod harness;
mod http;
mod layers;
mod nothing_lost;
mod oidc;
mod oracle;
mod real_files;
mod round_trip;
mod tidy;
mod visitor;
mod writing;
