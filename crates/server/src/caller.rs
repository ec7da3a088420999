//! Who asks, decided in one place before the question is asked.

use access::Scope;

/// What this request may see. Accounts will decide it; until then the server listens to its own operator.
pub(crate) fn scope() -> Scope {
    Scope::operator()
}
