//! Copies of pieces: the native form takes one where the source moves a piece out of a local that may
//! still change, so that the local stays whole and can be stored.

/// What can be copied out of a local.
#[diagnostic::on_unimplemented(
    message = "a piece of type `{Self}` can't be moved out of a variable that changes in a workflow",
    label = "it would have to be cloned here",
    note = "derive `Clone` for it, or take it out with `std::mem::take`, or don't make the variable `mut`"
)]
pub trait Piece: Sized {
    /// The copy.
    #[must_use]
    fn __piece(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Piece for T {
    fn __piece(&self) -> Self {
        self.clone()
    }
}

/// A copy of a whole local that a pattern takes apart.
pub fn piece<T: Piece>(place: &T) -> T {
    place.__piece()
}
