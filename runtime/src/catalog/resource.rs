//! ARNs that come from outside: which resource they name, or why they name none.

use super::arn;

/// Where machines that are made at run time live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The region.
    pub region: String,
    /// The account, 12 digits.
    pub account: String,
}

impl Default for Home {
    /// Where workflows of a binary live: an execution has one ARN, whoever started it.
    fn default() -> Self {
        let machine = arn::machine_arn("");
        let mut parts = machine.split(':').skip(3).map(str::to_owned);
        let (region, account) = (parts.next(), parts.next());
        Self { region: region.unwrap_or_default(), account: account.unwrap_or_default() }
    }
}

impl Home {
    /// The ARN of a state machine that lives here.
    pub fn machine(&self, name: &str) -> String {
        self.arn("states", "stateMachine", name)
    }

    /// The ARN of what a service has here.
    pub fn arn(&self, service: &str, kind: &str, name: &str) -> String {
        let partition = match self.region.split('-').next() {
            Some("cn") => "aws-cn",
            _ if self.region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        format!("arn:{partition}:{service}:{}:{}:{kind}:{name}", self.region, self.account)
    }
}

/// What an ARN of Step Functions names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A state machine, or a version or alias of one.
    Machine {
        /// Its ARN, without version or alias.
        machine: String,
        /// The version or alias.
        qualifier: Option<Qualifier>,
    },
    /// An execution of a standard state machine.
    Execution {
        /// ARN of the machine.
        machine: String,
        /// Name of the execution.
        name: String,
    },
    /// An execution of an express state machine.
    Express {
        /// ARN of the machine.
        machine: String,
        /// Name of the execution, `:`, its id.
        name: String,
    },
    /// A Map Run.
    MapRun {
        /// ARN of the machine that its executions belong to, with its label.
        machine: String,
    },
    /// Something else.
    Other {
        /// The type: `activity`, ...
        kind: String,
    },
}

/// What follows the name of a machine in its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Qualifier {
    /// A published version.
    Version(u64),
    /// An alias.
    Alias(String),
}

impl Resource {
    /// Reads an ARN.
    ///
    /// # Errors
    ///
    /// Why it is not one, in AWS's words.
    pub fn parse(arn: &str) -> Result<Self, String> {
        let mut parts = arn.splitn(7, ':');
        let [Some("arn"), Some(partition), Some("states")] =
            [parts.next(), parts.next(), parts.next()]
        else {
            return Err(format!("Invalid ARN prefix: {arn}"));
        };
        if partition != "aws" && !partition.starts_with("aws-") {
            return Err(format!("Invalid ARN prefix: {arn}"));
        }
        let incomplete = || format!("Invalid ARN: {arn}");
        let rest = [parts.next(), parts.next(), parts.next(), parts.next()];
        let [Some(region), Some(account), Some(kind), Some(names)] = rest else {
            return Err(incomplete());
        };
        if region.is_empty() || account.is_empty() || names.is_empty() {
            return Err(incomplete());
        }
        let machine =
            |name: &str| format!("arn:{partition}:states:{region}:{account}:stateMachine:{name}");
        Ok(match kind {
            "stateMachine" => {
                let (name, qualifier) = match names.split_once(':') {
                    Some((name, qualifier)) => (name, Some(Qualifier::parse(qualifier))),
                    None => (names, None),
                };
                Self::Machine { machine: machine(name), qualifier }
            }
            "execution" => {
                let (of, name) = names.split_once(':').ok_or_else(incomplete)?;
                Self::Execution { machine: machine(of), name: name.to_owned() }
            }
            "express" => {
                let (of, name) = names.split_once(':').ok_or_else(incomplete)?;
                Self::Express { machine: machine(of), name: name.to_owned() }
            }
            "mapRun" => {
                let (of, _id) = names.split_once(':').ok_or_else(incomplete)?;
                Self::MapRun { machine: machine(of) }
            }
            other => Self::Other { kind: other.to_owned() },
        })
    }

    /// The type in the ARN.
    pub fn kind(&self) -> &str {
        match self {
            Self::Machine { .. } => "stateMachine",
            Self::Execution { .. } => "execution",
            Self::Express { .. } => "express",
            Self::MapRun { .. } => "mapRun",
            Self::Other { kind } => kind,
        }
    }
}

impl Qualifier {
    fn parse(text: &str) -> Self {
        match text.parse() {
            Ok(version) => Self::Version(version),
            Err(_) => Self::Alias(text.to_owned()),
        }
    }
}

/// The ARN of an execution of a machine, by the machine's ARN. The name of an express execution has
/// two parts.
pub fn execution_of(machine: &str, name: &str) -> String {
    let kind = if name.contains(':') { ":express:" } else { ":execution:" };
    format!("{}:{name}", machine.replacen(":stateMachine:", kind, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

    #[track_caller]
    fn check(arn: &str, expected: &Resource) {
        assert_eq!(Resource::parse(arn).as_ref(), Ok(expected), "{arn}");
    }

    fn machine(qualifier: Option<Qualifier>) -> Resource {
        Resource::Machine { machine: MACHINE.to_owned(), qualifier }
    }

    #[test]
    fn an_arn_names_a_machine_a_version_or_an_alias() {
        check(MACHINE, &machine(None));
        check(&format!("{MACHINE}:12"), &machine(Some(Qualifier::Version(12))));
        check(&format!("{MACHINE}:live"), &machine(Some(Qualifier::Alias("live".to_owned()))));
    }

    #[test]
    fn an_arn_names_an_execution_of_a_machine() {
        let name = "e.1".to_owned();
        check(
            &execution_of(MACHINE, "e.1"),
            &Resource::Execution { machine: MACHINE.to_owned(), name },
        );
    }

    #[test]
    fn an_arn_names_an_express_execution_by_its_name_and_id() {
        let (machine, name) = (MACHINE.to_owned(), "e:1".to_owned());
        let arn = "arn:aws:states:us-east-1:123456789012:express:m:e:1";
        assert_eq!(execution_of(&machine, &name), arn);
        check(arn, &Resource::Express { machine, name });
    }

    #[test]
    fn an_arn_names_a_map_run_by_label_and_id() {
        let machine = format!("{MACHINE}/each");
        check(
            "arn:aws:states:us-east-1:123456789012:mapRun:m/each:1",
            &Resource::MapRun { machine: machine.clone() },
        );
        let name = "1".to_owned();
        check(&execution_of(&machine, "1"), &Resource::Execution { machine, name });
    }

    #[test]
    fn other_types_are_kept_by_name() {
        check(
            "arn:aws:states:us-east-1:123456789012:activity:a",
            &Resource::Other { kind: "activity".to_owned() },
        );
    }

    #[test]
    fn what_is_no_arn_is_refused_in_awss_words() {
        for wrong in ["", "m", "arn:aws:lambda:r:1:function:f", "arn:x:states:r:1:execution:m:e"] {
            assert_eq!(Resource::parse(wrong), Err(format!("Invalid ARN prefix: {wrong}")));
        }
        for short in
            ["arn:aws:states", "arn:aws:states:r:1:stateMachine", "arn:aws:states:r:1:execution:m"]
        {
            assert_eq!(Resource::parse(short), Err(format!("Invalid ARN: {short}")), "{short}");
        }
    }

    #[test]
    fn machines_live_in_the_partition_of_their_region() {
        let home = Home::default();
        assert_eq!(home.machine("m"), MACHINE);
        let china = Home { region: "cn-north-1".to_owned(), account: "000000000000".to_owned() };
        assert_eq!(china.machine("m"), "arn:aws-cn:states:cn-north-1:000000000000:stateMachine:m");
    }
}
