//! Collects errors, so that a person sees all of their mistakes at once.

use proc_macro2::Span;
use std::cell::RefCell;
use std::fmt::Display;

/// All that is wrong so far.
#[derive(Default)]
pub(crate) struct Ctxt {
    errors: RefCell<Vec<syn::Error>>,
}

impl Ctxt {
    /// Notes a mistake on the token at fault.
    pub(crate) fn error(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Notes what syn said.
    pub(crate) fn push(&self, error: syn::Error) {
        self.errors.borrow_mut().push(error);
    }

    /// How many mistakes so far.
    pub(crate) fn count(&self) -> usize {
        self.errors.borrow().len()
    }

    /// The mistakes as one error.
    pub(crate) fn finish(self) -> Result<(), syn::Error> {
        let mut errors = self.errors.into_inner().into_iter();
        let Some(mut all) = errors.next() else {
            return Ok(());
        };
        all.extend(errors);
        Err(all)
    }
}
