//! What serde's attributes say about names in JSON.

use crate::diagnostics::{Code, Errors};
use proc_macro2::TokenStream;
use syn::{Attribute, ext::IdentExt as _};

use super::args::{self, Opt, Value};

/// The serde options of an item, a variant or a field.
pub(crate) struct SerdeAttrs {
    options: Vec<Opt>,
}

impl SerdeAttrs {
    /// Reads them. What serde itself reports is not reported here.
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
        let tokens = lists.filter_map(|attribute| attribute.parse_args::<TokenStream>().ok());
        let mut ignored = Errors::default();
        let options = tokens.flat_map(|tokens| args::options(tokens, &mut ignored)).collect();
        Self { options }
    }

    /// The option of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Opt> {
        self.options.iter().find(|opt| opt.name == name)
    }

    /// Other names that serde takes for a field.
    pub(crate) fn aliases(&self) -> Vec<String> {
        let aliases = self.options.iter().filter(|opt| opt.name == "alias");
        aliases.filter_map(|opt| opt.text(&mut Errors::default())).collect()
    }

    /// Whether one of these options stands there.
    pub(crate) fn any(&self, names: &[&str]) -> Option<&Opt> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The text of an option, which may be written once for each direction.
    pub(crate) fn text(&self, name: &str, errors: &mut Errors) -> Option<String> {
        let opt = self.get(name)?;
        let Value::List(tokens, _) = &opt.value else {
            return opt.text(&mut Errors::default());
        };
        let mut both = args::options(tokens.clone(), &mut Errors::default())
            .into_iter()
            .filter_map(|opt| opt.text(&mut Errors::default()));
        match (both.next(), both.next()) {
            (Some(one), Some(other)) if one == other => Some(one),
            _ => {
                errors
                    .push(
                        &opt.name,
                        Code::Data,
                        format!("`{name}` must be the same in both directions"),
                    )
                    .help(format!("write `{name} = \"..\"`: what is saved is read again"));
                None
            }
        }
    }

    /// The JSON name of a field or variant.
    pub(crate) fn name(&self, ident: &syn::Ident, rule: Rule, errors: &mut Errors) -> String {
        self.text("rename", errors).unwrap_or_else(|| rule.apply(&ident.unraw().to_string()))
    }

    /// The rule under this option, or the one from outside.
    pub(crate) fn rule(&self, option: &str, outer: Case, errors: &mut Errors) -> Case {
        self.text(option, errors).and_then(|text| Case::parse(&text)).unwrap_or(outer)
    }
}

/// How names are written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    AsWritten,
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// A rule, and what kind of name it is applied to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// To a variant, written in `PascalCase`.
    Variant(Case),
    /// To a field, written in `snake_case`.
    Field(Case),
}

impl Case {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            // serde reports what it does not know
            _ => return None,
        })
    }
}

impl Rule {
    /// The name in JSON, as serde has it.
    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Variant(case) => variant(case, name),
            Self::Field(case) => field(case, name),
        }
    }
}

fn variant(case: Case, name: &str) -> String {
    match case {
        Case::AsWritten | Case::Pascal => name.to_owned(),
        Case::Lower => name.to_ascii_lowercase(),
        Case::Upper => name.to_ascii_uppercase(),
        Case::Camel => first(name, char::to_ascii_lowercase),
        Case::Snake => snake(name),
        Case::ScreamingSnake => snake(name).to_ascii_uppercase(),
        Case::Kebab => snake(name).replace('_', "-"),
        Case::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
    }
}

fn field(case: Case, name: &str) -> String {
    match case {
        Case::AsWritten | Case::Lower | Case::Snake => name.to_owned(),
        Case::Upper | Case::ScreamingSnake => name.to_ascii_uppercase(),
        Case::Pascal => pascal(name),
        Case::Camel => first(&pascal(name), char::to_ascii_lowercase),
        Case::Kebab => name.replace('_', "-"),
        Case::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
    }
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.char_indices() {
        if at > 0 && c.is_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn pascal(name: &str) -> String {
    name.split('_').map(|word| first(word, char::to_ascii_uppercase)).collect()
}

fn first(word: &str, change: fn(&char) -> char) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| change(&c)).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that serde 1.0.229 gives.
    #[test]
    fn names_are_those_of_serde() {
        let cases = [
            (Case::Lower, "verytasty", "very_tasty"),
            (Case::Upper, "VERYTASTY", "VERY_TASTY"),
            (Case::Pascal, "VeryTasty", "VeryTasty"),
            (Case::Camel, "veryTasty", "veryTasty"),
            (Case::Snake, "very_tasty", "very_tasty"),
            (Case::ScreamingSnake, "VERY_TASTY", "VERY_TASTY"),
            (Case::Kebab, "very-tasty", "very-tasty"),
            (Case::ScreamingKebab, "VERY-TASTY", "VERY-TASTY"),
        ];
        for (case, of_variant, of_field) in cases {
            assert_eq!(Rule::Variant(case).apply("VeryTasty"), of_variant);
            assert_eq!(Rule::Field(case).apply("very_tasty"), of_field);
        }
        assert_eq!(Rule::Field(Case::Camel).apply("id_2"), "id2");
        assert_eq!(Rule::Field(Case::Camel).apply("_x"), "x");
    }
}
