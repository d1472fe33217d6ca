//! `#[workflow(..)]`: its options and its function.

use super::{
    args::{self, Opt},
    signature::{self, Kind, Param},
};
use crate::diagnostics::{Code, Errors};
use proc_macro2::TokenStream;
use std::time::Duration;
use syn::{ItemFn, ext::IdentExt as _};

const OPTIONS: &[&str] = &["name", "timeout", "export"];

/// A workflow as written.
pub(crate) struct Workflow {
    /// The function.
    pub(crate) item: ItemFn,
    /// Its parameters.
    pub(crate) params: Vec<Param>,
    /// Its options.
    pub(crate) options: Options,
}

/// The options of a workflow.
pub(crate) struct Options {
    /// Name of the machine.
    pub(crate) name: Option<String>,
    /// Bounds an execution.
    pub(crate) timeout: Option<Duration>,
    /// Whether its expressions must have an exported form.
    pub(crate) export: bool,
}

/// Reads a workflow.
pub(crate) fn parse(attribute: TokenStream, mut item: ItemFn, errors: &mut Errors) -> Workflow {
    let options = options(attribute, errors);
    signature::must_be_async(&mut item.sig, Kind::Workflow, errors);
    signature::check(&item.sig, Kind::Workflow, errors);
    let params = signature::params(&mut item.sig, Kind::Workflow, errors);
    Workflow { item, params, options }
}

impl Workflow {
    /// The name of the machine.
    pub(crate) fn name(&self) -> String {
        self.options.name.clone().unwrap_or_else(|| self.item.sig.ident.unraw().to_string())
    }

    /// Whether its signature is sound, whatever is wrong with the rest.
    pub(crate) fn can_be_called(&self) -> bool {
        let mut errors = Errors::default();
        signature::check(&self.item.sig, Kind::Workflow, &mut errors);
        errors.is_empty()
            && self.item.sig.asyncness.is_some()
            && self.params.len() == self.item.sig.inputs.len()
    }

    /// Names of the parameters in JSON.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.params.iter().map(Param::name).collect()
    }
}

fn options(attribute: TokenStream, errors: &mut Errors) -> Options {
    let mut found = Options { name: None, timeout: None, export: true };
    let mut export = None;
    for opt in args::options(attribute, errors) {
        match opt.name.to_string().as_str() {
            "name" => {
                let value = name(&opt, errors);
                args::once(&mut found.name, &opt, value, errors);
            }
            "timeout" => {
                let value = opt.seconds(errors);
                args::once(&mut found.timeout, &opt, value, errors);
            }
            "export" => {
                let value = opt.boolean(errors);
                args::once(&mut export, &opt, value, errors);
            }
            _ => args::unknown(&opt, "`#[workflow]`", OPTIONS, errors),
        }
    }
    found.export = export.unwrap_or(true);
    found
}

fn name(opt: &Opt, errors: &mut Errors) -> Option<String> {
    let name = opt.text(errors)?;
    if let Err(problem) = args::check_name(&name) {
        errors.push(opt.value_span(), Code::Value, format!("{name:?} can't be a name: {problem}"));
    }
    Some(name)
}
