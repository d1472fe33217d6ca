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
    NoForm "A0110" Error "None of several fields is there, one of which must be.";
    TooLarge "A0111" Error "The definition is larger than 1 MiB.";
    JsonataField "A0112" Error "A JSONPath state has a field of JSONata.";
    TwoForms "A0113" Error "Two fields stand together that exclude each other.";
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
    VariableOfLaterOuter "A0307" Warning "An inner scope assigns a variable that the outer one assigns later.";
    VariableBeyondChild "A0308" Error "A child of a distributed Map reads a variable from outside.";
    StatesInJsonPath "A0309" Warning "A state in JSONPath reads `$states`.";
    ResourceNotConstant "A0401" Error "A Resource is not a constant ARN.";
    Heartbeat "A0402" Error "A heartbeat is not shorter than its timeout.";
    Number "A0403" Error "A number is out of its range.";
    Condition "A0404" Error "A condition is not a boolean.";
    Timestamp "A0405" Error "A timestamp is not one.";
    Items "A0406" Error "The items of a Map are not an array.";
    InnerQueryLanguage "A0407" Error "A QueryLanguage stands where none may.";
    UnknownPattern "A0408" Error "A service does not offer this way of being called.";
    UnknownIntegration "A0409" Warning "A service or an action is not known.";
    MissingArgument "A0410" Error "A call lacks an argument that its service needs.";
    ZeroSeconds "A0411" Warning "A duration of 0 seconds is accepted and says nothing.";
    DistributedOnly "A0412" Error "A field of a distributed Map stands in an inline one.";
    NoEffect "A0413" Warning "A field has no effect in this place.";
    Label "A0414" Error "A label is too long or has a character that none may have.";
    LabelTwice "A0415" Error "Two Maps have the same label.";
    ExecutionType "A0416" Error "`ExecutionType` belongs to a distributed Map, which needs it.";
    ReaderConfig "A0417" Error "The settings of a reader, batcher or writer do not fit together.";
    Credentials "A0418" Error "Credentials name no role, or stand where none are used.";
    Express "A0419" Error "An express machine has what only a standard one can do.";
    Operand "A0420" Error "A comparison has an operand of another kind.";
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
    OuterBlanks "A0511" Warning "Text around its brackets makes an expression a constant.";
    DollarKey "A0512" Warning "A key ends in `.$`, which means nothing in JSONata.";
    StatesAll "A0601" Error "`States.ALL` does not stand alone and last.";
    ReservedErrorName "A0602" Warning "An error name of its own begins with `States.`.";
    Retrier "A0603" Error "A number of a retrier is out of its range.";
    ErrorNameTwice "A0604" Warning "An error name stands in an earlier entry already.";
    MaxDelay "A0605" Warning "The longest delay of a retrier is not longer than its first.";
    ErrorOfChild "A0606" Warning "An error of a child execution is named where it has another name.";
    Path "A0701" Error "A path does not parse.";
    ReferencePath "A0702" Error "A path must name one place.";
    PathOrFunction "A0703" Error "The value of a `.$` key is neither a path nor a function.";
    UnknownIntrinsic "A0704" Error "There is no intrinsic function of that name.";
    IntrinsicArguments "A0705" Error "An intrinsic function has the wrong arguments.";
    NoDollar "A0706" Warning "A value looks like a path, and its key does not end in `.$`.";
    NoPath "A0707" Warning "A value looks like a path, and its field takes a constant.";
    StaticResult "A0708" Warning "The Result of a Pass looks like a path, and is a constant.";
    UnknownContext "A0709" Warning "The context object has no such field.";
    KeyTwice "A0710" Warning "A key stands with `.$` and without.";
}

impl Code {
    /// Whether a finding is shown at the key of what its pointer names, not at the value.
    pub(super) fn is_about_the_key(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::StateNameLength
                | Self::StateNameTwice
                | Self::VariableName
                | Self::VariableReserved
                | Self::VariableHidesFunction
                | Self::VariableOfOuterScope
                | Self::VariableOfLaterOuter
                | Self::DistributedOnly
                | Self::NoEffect
                | Self::DollarKey
                | Self::KeyTwice
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
