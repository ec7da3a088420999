//! Who may ask what. A [`Scope`] is made only here, and every question to the register takes one.
//!
//! There is one compartment so far, which holds everything, and one caller, who may open it. Sharing levels
//! and accounts divide both without changing any question's signature.

/// What a caller may see. It cannot be built outside this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    everything: (),
}

impl Scope {
    /// The scope of the operator of this machine: everything.
    pub fn operator() -> Self {
        Self { everything: () }
    }
}
