//! A state machine in a file, with the doubles that answer its tasks: read, and put into an engine.

use super::{
    Exit,
    check::{Checked, refused},
    error::Error,
    history,
    out::Out,
    plural, render,
    text::decode,
};
use crate::{
    asl::{Definition, Diagnostic, MachineType},
    catalog,
    program::Interpreter,
    service::{
        self, Answers, Builder, Description, Engine, Exception, Unanswered,
        executions::{ListExecutions, Of},
    },
};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// Executions of a Map Run that are listed at a time.
const AT_A_TIME: usize = 1_000;

/// What ends the names of definitions.
const ENDINGS: [&str; 2] = [".asl.json", ".json"];

/// A machine that is run from its file.
#[derive(Debug)]
pub(super) struct Machine {
    /// What it is called in the database.
    pub(super) name: String,
    /// Its file, as the command names it.
    pub(super) file: String,
    definition: Definition,
    doubles: Option<Doubles>,
}

/// A file of doubles.
#[derive(Debug)]
struct Doubles {
    place: String,
    text: String,
    test_case: Option<String>,
}

impl Machine {
    /// Reads a definition that can be run. Nothing is changed by that.
    pub(super) fn read(file: &Path, name: Option<&str>, out: Out) -> Result<Self, Error> {
        let name = match name {
            Some(name) => name.to_owned(),
            None => name_of(file),
        };
        if let Err(service::Error::InvalidName { why, .. }) = service::check_name(&name) {
            return Err(Error::usage(format!("`{name}` can't name a machine: {why}"))
                .help("--machine gives it another name"));
        }
        let checked = checked(file, MachineType::Standard)?;
        let (errors, warnings): (Vec<_>, Vec<_>) =
            checked.found.into_iter().partition(Diagnostic::is_error);
        let file = checked.name;
        let Some(definition) = checked.definition.filter(|_| errors.is_empty()) else {
            return Err(refused(Exit::Usage, (&file, "it can't be run"), &checked.text, &errors));
        };
        if let Err(error) = Interpreter::new(definition.clone()) {
            return Err(Error::usage(format!("{file} can't be run: {error}")));
        }
        if !warnings.is_empty() {
            out.note(&format!("{file} has {}: see `check`", plural(warnings.len(), "warning")));
        }
        Ok(Self { name, file, definition, doubles: None })
    }

    /// Has its tasks answered from a file.
    pub(super) fn doubles(
        self,
        file: Option<&PathBuf>,
        test_case: Option<String>,
    ) -> Result<Self, Error> {
        let doubles = file.map(|file| {
            let (place, text) = read(file)?;
            Ok::<_, Error>(Doubles { place, text, test_case })
        });
        Ok(Self { doubles: doubles.transpose()?, ..self })
    }

    /// Whether an execution can begin that has not begun: its doubles are right, and it does not
    /// come to a task without one whatever it does.
    pub(super) fn check(&self) -> Result<(), Error> {
        let answers = self.answers(&self.definition)?;
        let missing = answers.impasse(&self.definition);
        let Some(first) = missing.first() else { return Ok(()) };
        let mut message = format!("nothing answers a task that `{}` can't do without:", self.name);
        for Unanswered { state, resource } in &missing {
            let _ = write!(message, "\n  `{state}` asks for {resource}");
        }
        let entry = format!("{{\"{}\": {{\"result\": ..}}}}", first.state);
        let help = match &self.doubles {
            Some(Doubles { place, .. }) => {
                format!("nothing is called on AWS from here: write {entry} into {place}")
            }
            None => format!(
                "nothing is called on AWS from here: give --doubles FILE with {entry}, by state or \
                 by Resource"
            ),
        };
        Err(Error::usage(message).help(help))
    }

    /// Puts the machine and its doubles into an engine: as they are for a new execution, as they fit
    /// what a `pending` one began with.
    pub(super) async fn put_into(
        &self,
        builder: Builder,
        reading: &Engine,
        pending: Option<&Description>,
        out: Out,
    ) -> Result<Builder, Error> {
        let builder = builder.definition(self.name.clone(), self.definition.clone());
        let Some(found) = pending else {
            let answers = self.answers(&self.definition)?;
            let states: Vec<_> =
                answers.unanswered().iter().map(|it| format!("`{}`", it.state)).collect();
            if !states.is_empty() {
                let states = states.join(", ");
                out.note(&format!("no double for {states}: an execution that comes there waits"));
            }
            return Ok(builder.answers(answers));
        };
        if catalog::hash(&self.definition.to_text()) == found.hash {
            let answers = self.answers(&self.definition)?;
            return Ok(builder.answers(resuming(answers, reading, &found.arn).await?));
        }
        let stored = reading.definition_of_execution(&found.arn).await.map_err(unreadable)?;
        let (definition, _) = Definition::parse(&stored.revision.definition);
        // What can't be read can't be run either, and that is told by the engine.
        let definition = definition.as_ref().unwrap_or(&self.definition);
        let answers = self.answers(definition)?;
        Ok(builder.answers(resuming(answers, reading, &found.arn).await?))
    }

    fn answers(&self, definition: &Definition) -> Result<Answers, Error> {
        let Some(Doubles { place, text, test_case }) = &self.doubles else {
            return Ok(Answers::none(definition));
        };
        let answers = Answers::parse(text, &self.name, test_case.as_deref(), definition);
        answers.map_err(|bad| {
            let all = || bad.mistakes.iter();
            let shown = all().map(|mistake| render::mistake(text, place, mistake)).collect();
            let data = all().map(|mistake| render::mistake_as_json(text, mistake)).collect();
            let count = plural(bad.mistakes.len(), "error");
            Error::usage(format!("{place} has {count}")).findings(shown, data)
        })
    }
}

/// Has answers go on where an execution stands, and those of its Map Runs.
async fn resuming(mut answers: Answers, reading: &Engine, of: &str) -> Result<Answers, Error> {
    let mut executions = vec![of.to_owned()];
    while let Some(arn) = executions.pop() {
        answers = answers.resuming(&arn, &history::events(reading, &arn).await?);
        for run in reading.map_runs(&arn).await.map_err(unreadable)? {
            let mut after = None;
            loop {
                let of = Of::MapRun(run.arn.clone());
                let asked = ListExecutions { of, state: None, limit: AT_A_TIME, after };
                let listed = reading.list_executions(asked).await.map_err(unreadable)?;
                executions.extend(listed.executions.into_iter().map(|it| it.arn));
                after = listed.next;
                if after.is_none() {
                    break;
                }
            }
        }
    }
    Ok(answers)
}

fn unreadable(exception: Exception) -> Error {
    match exception {
        Exception::Engine(error) => error.into(),
        other => Error::new(Exit::Setup, other.to_string()),
    }
}

/// The name of the machine in a file.
fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let bare = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    bare.unwrap_or(&name).to_owned()
}

/// What a word on the command line means: a file of a definition means its machine.
pub(super) fn meant(word: String) -> String {
    if ENDINGS.iter().any(|ending| word.ends_with(ending)) {
        name_of(Path::new(&word))
    } else {
        word
    }
}

/// Reads and checks a definition.
pub(super) fn checked(file: &Path, kind: MachineType) -> Result<Checked, Error> {
    let (place, text) = read(file)?;
    Ok(Checked::new(place, text, kind))
}

/// The text of a file, and what to call the file.
fn read(file: &Path) -> Result<(String, String), Error> {
    let place = file.display().to_string();
    let bytes = std::fs::read(file)
        .map_err(|error| Error::usage(format!("cannot read {place}: {error}")))?;
    let text = decode(&bytes, &place)?;
    Ok((place, text))
}

#[cfg(test)]
mod tests {
    use super::{meant, name_of};
    use std::path::Path;

    #[test]
    fn a_machine_is_called_as_its_file() {
        let check = |file: &str, expected: &str| assert_eq!(name_of(Path::new(file)), expected);
        check("order.asl.json", "order");
        check("../machines/order.v2.json", "order.v2");
        check("order.txt", "order.txt");
        assert_eq!(meant("machines/order.asl.json".to_owned()), "order");
        assert_eq!(meant("order/o-1".to_owned()), "order/o-1");
    }
}
