//! The account and region that ARNs are to have, as options.

use crate::catalog::Home;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct HomeArguments {
    /// The account in the ARNs; 123456789012 without it.
    #[arg(long, value_name = "ID", value_parser = account)]
    account: Option<String>,
    /// The region in the ARNs; us-east-1 without it.
    #[arg(long, value_name = "REGION", value_parser = region)]
    region: Option<String>,
}

impl HomeArguments {
    /// What was given, and the account and region of AWS's examples for what was not.
    pub(super) fn home(self) -> Home {
        let default = Home::default();
        Home {
            region: self.region.unwrap_or(default.region),
            account: self.account.unwrap_or(default.account),
        }
    }
}

fn account(text: &str) -> Result<String, &'static str> {
    let fits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err("an account has 12 digits") }
}

fn region(text: &str) -> Result<String, &'static str> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = !text.is_empty() && text.bytes().all(fits);
    if fits { Ok(text.to_owned()) } else { Err("a region is like `us-east-1`") }
}
