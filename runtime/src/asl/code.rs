//! The closed list of rules that a definition can break. Each has a page under `docs/errors`.

use super::Severity;
use std::fmt;

macro_rules! codes {
    ($($name:ident $text:literal $severity:ident $summary:literal;)*) => {
        /// A rule of the language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $summary] $name,)*
        }

        impl Code {
            /// Every rule, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number, such as `A0201`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How bad it is to break the rule.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// The rule broken, in a few words.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$name => $summary,)* }
            }
        }
    };
}

codes! {
    Json "A0101" Error "The text is not JSON.";
    DuplicateKey "A0102" Error "An object has a key twice.";
    WrongType "A0103" Error "A field has a value of the wrong type.";
    MissingField "A0104" Error "A required field is missing.";
    UnknownField "A0105" Error "A field does not exist in this place.";
    JsonPathField "A0106" Error "A JSONata state has a field of JSONPath.";
    JsonPath "A0108" Error "A JSONata machine has a state in JSONPath.";
    UnknownValue "A0109" Error "A field has a value outside its list.";
    NextOrEnd "A0110" Error "A state has not exactly one of two fields.";
    TooLarge "A0111" Error "The definition is larger than 1 MiB.";
    JsonataField "A0112" Error "A JSONPath state has a field of JSONata.";
    TwoForms "A0113" Error "A field stands beside its other form.";
    DanglingTarget "A0201" Error "A transition leads to a state that does not exist.";
    Unreachable "A0202" Error "No transition leads to a state.";
    NoTerminal "A0203" Error "A scope has no terminal state that can be reached.";
    Empty "A0204" Error "A list that needs an entry is empty.";
    StateNameLength "A0205" Error "A state's name is longer than 80 characters.";
    StateNameTwice "A0206" Error "Two states of the machine have the same name.";
    VariableName "A0301" Error "The name of a variable is not legal.";
    VariableReserved "A0302" Error "A variable is named `states`.";
    VariableHidesFunction "A0303" Warning "A variable hides a function of JSONata.";
    VariableOfOuterScope "A0304" Error "An inner scope assigns a variable of an outer one.";
    VariableUnassigned "A0305" Warning "A variable is read that is never assigned before.";
    VariableMaybeUnassigned "A0306" Warning "A variable is read that not every path assigns.";
    ResourceNotConstant "A0401" Error "A Resource is not a constant ARN.";
    Heartbeat "A0402" Error "A heartbeat is not shorter than its timeout.";
    Number "A0403" Error "A number is out of its range.";
    Condition "A0404" Error "A condition is not a boolean.";
    Timestamp "A0405" Error "A timestamp is not one.";
    Items "A0406" Error "The items of a Map are not an array.";
    InnerQueryLanguage "A0407" Error "A QueryLanguage stands where none may.";
    Brackets "A0501" Error "The brackets of an expression do not enclose the string.";
    Unparsable "A0502" Error "An expression does not parse.";
    NewerOperator "A0503" Error "An expression uses an operator newer than JSONata 2.0.6.";
    Eval "A0504" Error "An expression calls `$eval`.";
    NoContext "A0505" Error "An expression refers to a context that it does not have.";
    ResultMisplaced "A0506" Error "`$states.result` is read where there is none.";
    ErrorOutputMisplaced "A0507" Error "`$states.errorOutput` is read outside of a catcher.";
    ContextMisplaced "A0508" Error "A part of the context is read where it does not exist.";
    UnknownFunction "A0509" Warning "An expression calls a function that does not exist.";
    UnknownStatesField "A0510" Warning "`$states` has no such field.";
    StatesAll "A0601" Error "`States.ALL` does not stand alone and last.";
    ReservedErrorName "A0602" Warning "An error name of its own begins with `States.`.";
    Retrier "A0603" Error "A number of a retrier is out of its range.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
