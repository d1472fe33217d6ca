//! Which operation generated code calls: method lookup finds the checked one where the types have
//! it, else one that is never called, since what is missing is reported elsewhere: by the plain
//! operator that stands beside it, or by the exported form.

use super::{CheckedAdd, CheckedCast, CheckedDiv, CheckedMul, CheckedNeg, CheckedRem, CheckedSub};
use super::{Take, Violation};
use std::{
    iter::{self, Sum},
    marker::PhantomData,
};

/// Operands of an operation.
#[derive(Debug)]
pub struct Operands<L, R = ()>(pub L, pub R);

fn missing() -> ! {
    Violation::new("an operation without an exported form was reached").unwind()
}

macro_rules! operations {
    ($($checked:ident $via:ident $method:ident, $via_assign:ident $assign:ident;)*) => {
        $(
            #[doc = concat!("Operands that have a checked `", stringify!($method), "`.")]
            pub trait $via<O> {
                /// The result, or a [`Violation`].
                fn $method(self) -> O;
            }

            #[diagnostic::do_not_recommend]
            impl<L: $checked<R, O>, R, O> $via<O> for Operands<L, R> {
                #[inline]
                fn $method(self) -> O {
                    super::$method(self.0, self.1)
                }
            }

            #[doc = concat!("Operands that have a checked `", stringify!($assign), "`.")]
            pub trait $via_assign {
                /// Assigns the result, or unwinds with a [`Violation`].
                fn $assign(self);
            }

            #[diagnostic::do_not_recommend]
            impl<L: $checked<R, L> + Take, R> $via_assign for Operands<&mut L, R> {
                #[inline]
                fn $assign(self) {
                    super::$assign(self.0, self.1);
                }
            }
        )*

        /// Any other operands.
        pub trait ViaNoOperation: Sized {
            $(
                /// Never called.
                fn $method<O>(self) -> O {
                    missing()
                }

                /// Never called.
                fn $assign(self) {
                    missing()
                }
            )*

            /// Never called.
            fn neg<O>(self) -> O {
                missing()
            }

            /// Never called.
            fn cast<T>(self) -> T {
                missing()
            }

            /// Never called.
            fn total<T>(self) -> T {
                missing()
            }
        }

        impl<L, R> ViaNoOperation for &Operands<L, R> {}
    };
}

operations! {
    CheckedAdd ViaAdd add, ViaAddAssign add_assign;
    CheckedSub ViaSub sub, ViaSubAssign sub_assign;
    CheckedMul ViaMul mul, ViaMulAssign mul_assign;
    CheckedDiv ViaDiv div, ViaDivAssign div_assign;
    CheckedRem ViaRem rem, ViaRemAssign rem_assign;
}

/// An operand that has a checked negation.
pub trait ViaNeg<O> {
    /// The result, or a [`Violation`].
    fn neg(self) -> O;
}

#[diagnostic::do_not_recommend]
impl<L: CheckedNeg<O>, O> ViaNeg<O> for Operands<L> {
    #[inline]
    fn neg(self) -> O {
        super::neg(self.0)
    }
}

/// An operand that has a checked `as`.
pub trait ViaCast<T> {
    /// The result, or a [`Violation`].
    fn cast(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<L: CheckedCast<T>, T> ViaCast<T> for Operands<L> {
    #[inline]
    fn cast(self) -> T {
        super::cast(self.0)
    }
}

/// What iterates over things that have a checked `+`.
pub trait ViaTotal<T> {
    /// The sum, or a [`Violation`].
    fn total(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<I: Iterator, T: Sum<I::Item> + CheckedAdd<I::Item, T>> ViaTotal<T>
    for Operands<I, PhantomData<T>>
{
    #[inline]
    fn total(self) -> T {
        self.0.fold(iter::empty().sum(), super::add)
    }
}

/// Everything that method lookup needs.
pub mod lookup {
    pub use super::super::{ViaHold as _, ViaNoHold as _};
    pub use super::{
        ViaAdd as _, ViaAddAssign as _, ViaCast as _, ViaDiv as _, ViaDivAssign as _, ViaMul as _,
        ViaMulAssign as _, ViaNeg as _, ViaNoOperation as _, ViaRem as _, ViaRemAssign as _,
        ViaSub as _, ViaSubAssign as _, ViaTotal as _,
    };
}
