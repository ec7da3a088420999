//! Drives the built program from outside, the way its users do: commands, HTTP, other people's programs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod archives;
mod bad_files;
mod coordinates;
mod crash;
mod crawl;
mod gis_clients;
mod harness;
mod http;
mod layers;
mod nothing_lost;
mod oidc;
mod oracle;
mod people;
mod pictures;
mod real_files;
mod roles;
mod round_trip;
mod shapes_asked;
mod slow_sockets;
mod tidy;
mod tile_cache;
mod two_worlds;
mod uploads;
mod visitor;
mod writing;
