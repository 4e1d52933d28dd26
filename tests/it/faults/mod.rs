//! What the program does while things break, one file for each kind of fault.

mod acts;
mod backups;
mod channel;
mod chaos;
mod damaged;
mod demo;
mod doubt;
mod folder;
pub(crate) mod growth;
mod holds;
mod http;
mod refusals;
mod restoring;
mod status;
mod stuck;
mod supervised;
mod together;
mod unwritable;
mod writer;
