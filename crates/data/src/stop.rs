//! A way to ask long work to stop. Work asks at every batch of rows; there is no thread to be ended.

use std::fmt;
use std::sync::Arc;

use crate::DataError;

/// Says whether work should stop; by default never.
#[derive(Clone, Default)]
pub struct Stop(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Stop {
    /// Stops when `asked` says so. It is called often, from any thread.
    pub fn when(asked: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(asked)))
    }

    /// Fails when the work should stop.
    ///
    /// # Errors
    /// [`DataError::Cancelled`].
    pub fn check(&self) -> Result<(), DataError> {
        match &self.0 {
            Some(asked) if asked() => Err(DataError::Cancelled),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.0.is_some()).finish()
    }
}
