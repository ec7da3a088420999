//! `minemap user`: accounts of a register, on its own machine; also while a server runs.

use std::io::BufRead;
use std::path::PathBuf;

use access::{Grant, Role};
use accounts::{Account, Accounts, AccountsError, By, Change, New, NewToken, TokenAccess, TokenLevels};
use clap::{Args, Subcommand};
use jiff::{Timestamp, ToSpan, Zoned};

use crate::StoreArgument;
use crate::exit::{Exit, Stopped};
use crate::owner_only;
use crate::writer::author;

/// Makes, changes and lists accounts, whether or not a server runs.
#[derive(Args)]
#[command(
    after_help = "Example:\n  minemap user add olena --name \"Olena K.\" --role data_entry --organisation dsns\n\n\
    A change takes effect with the next request of a server that runs. Exit codes: 0 done; 2 refused; 3 the machine\n\
    failed."
)]
pub struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Makes an account. Its first password is shown once and must be changed at the first sign-in.
    Add(Add),
    /// Lists the accounts.
    List(StoreArgument),
    /// Disables an account at once: its sessions end, its tokens are refused.
    Disable(One),
    /// Enables an account again.
    Enable(One),
    /// Grants an account a further role.
    Grant(Granted),
    /// Takes a role off an account.
    Revoke(Granted),
    /// Makes a token for a program. It is shown once.
    Token(MakeToken),
    /// Gives an account a new first password, shown once, and ends its sessions.
    Reset(Reset),
}

#[derive(Args)]
struct Add {
    /// Identifier: a–z, 0–9, '.', '_', '-', '@'.
    id: String,
    /// Name for people.
    #[arg(long, value_name = "TEXT")]
    name: String,
    #[command(flatten)]
    grant: GrantArguments,
    /// Reads the password from the first line of standard input, instead of making one.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    store: StoreArgument,
}

/// What is granted.
#[derive(Args)]
struct GrantArguments {
    /// partner, data_entry, verifier, approver or administrator.
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Role,
    /// Code of the organisation whose records it is about; every organisation's where none is given.
    #[arg(long, value_name = "CODE")]
    organisation: Option<String>,
    /// Where it may write and decide, in degrees; everywhere where none is given.
    #[arg(long, value_name = "W,S,E,N", value_parser = area, allow_hyphen_values = true)]
    area: Option<[f64; 4]>,
}

impl GrantArguments {
    fn grant(self) -> Grant {
        Grant { role: self.role, organisation: self.organisation, area: self.area }
    }
}

#[derive(Args)]
struct One {
    /// Identifier of the account.
    id: String,
    #[command(flatten)]
    store: StoreArgument,
}

#[derive(Args)]
struct Granted {
    /// Identifier of the account.
    id: String,
    #[command(flatten)]
    grant: GrantArguments,
    #[command(flatten)]
    store: StoreArgument,
}

#[derive(Args)]
struct MakeToken {
    /// Identifier of the account.
    id: String,
    /// What the token is for.
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// read or write.
    #[arg(long, default_value = "read", value_parser = token_access)]
    access: TokenAccess,
    /// public, partners or all that the account sees.
    #[arg(long, default_value = "partners", value_parser = token_levels)]
    levels: TokenLevels,
    /// Days it is good for.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,
    #[command(flatten)]
    store: StoreArgument,
}

#[derive(Args)]
struct Reset {
    /// Identifier of the account.
    id: String,
    /// Takes the second factor off as well.
    #[arg(long)]
    second_factor: bool,
    #[command(flatten)]
    store: StoreArgument,
}

fn role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| Role::ALL.map(Role::code).join(", "))
}

fn token_access(code: &str) -> Result<TokenAccess, &'static str> {
    TokenAccess::from_code(code).ok_or("read or write")
}

fn token_levels(code: &str) -> Result<TokenLevels, &'static str> {
    TokenLevels::from_code(code).ok_or("public, partners or all")
}

fn area(text: &str) -> Result<[f64; 4], String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|number| number.trim().parse()).collect();
    let numbers = numbers.ok().and_then(|numbers| numbers.try_into().ok());
    numbers.ok_or_else(|| "west,south,east,north in degrees".to_owned())
}

impl User {
    /// Does what was asked.
    pub fn run(self) -> Result<Exit, Stopped> {
        owner_only::new_files();
        let name = author();
        let by = By { account: None, name: &format!("{name} on the machine itself"), address: "" };
        match self.what {
            What::Add(add) => add.run(&by),
            What::List(store) => list(&store),
            What::Disable(one) => one.set_disabled(true, &by),
            What::Enable(one) => one.set_disabled(false, &by),
            What::Grant(granted) => granted.run(true, &by),
            What::Revoke(granted) => granted.run(false, &by),
            What::Token(make) => make.run(&by),
            What::Reset(reset) => reset.run(&by),
        }
        .map(|()| Exit::Done)
    }
}

/// The accounts of a store; a register that does not exist yet may have them already.
pub fn open(store: &StoreArgument) -> Result<Accounts, Stopped> {
    Accounts::open(&file(store)).map_err(stopped)
}

/// The accounts of a store, where there are any.
pub fn open_if_there(store: &StoreArgument) -> Result<Option<Accounts>, Stopped> {
    Accounts::open_if_there(&file(store)).map_err(stopped)
}

fn file(store: &StoreArgument) -> PathBuf {
    let path = std::fs::canonicalize(&store.store).unwrap_or_else(|_| store.store.clone());
    Accounts::file_beside(&path)
}

/// Why something about accounts was refused or failed.
pub fn stopped(error: AccountsError) -> Stopped {
    if error.is_failure() { Stopped::machine(error) } else { Stopped::usage(error) }
}

impl Add {
    fn run(self, by: &By<'_>) -> Result<(), Stopped> {
        let accounts = open(&self.store)?;
        let password = if self.password_stdin { Some(password_of_stdin()?) } else { None };
        let grants = [self.grant.grant()];
        let new = New { id: &self.id, name: &self.name, grants: &grants, password: password.as_deref() };
        let (account, first) = accounts.make(&new, by, Timestamp::now()).map_err(stopped)?;
        print_line(&described(&account));
        if let Some(first) = first {
            print_line(&format!("first password, shown once: {}", first.0));
        }
        if account.second_factor_needed() {
            print_line("the role takes effect when a second factor is set up, after the first sign-in");
        }
        Ok(())
    }
}

fn password_of_stdin() -> Result<String, Stopped> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(Stopped::machine)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn list(store: &StoreArgument) -> Result<(), Stopped> {
    let all = open_if_there(store)?
        .map(|accounts| accounts.list())
        .transpose()
        .map_err(stopped)?
        .unwrap_or_default();
    all.iter().for_each(|account| print_line(&described(account)));
    if all.is_empty() {
        print_line("no accounts");
    }
    Ok(())
}

fn described(account: &Account) -> String {
    let grants: Vec<_> = account.grants.iter().map(grant_described).collect();
    let mut more = vec![if grants.is_empty() { "nothing granted".to_owned() } else { grants.join(", ") }];
    if account.disabled {
        more.push("disabled".to_owned());
    }
    if account.second_factor {
        more.push("second factor".to_owned());
    }
    if let Some(issuer) = &account.issuer {
        more.push(format!("signs in at {issuer}"));
    }
    more.push(match account.last_sign_in_at {
        Some(at) => format!("last signed in {}", at.strftime("%Y-%m-%dT%H:%MZ")),
        None => "never signed in".to_owned(),
    });
    format!("{}  {}: {}", account.id, account.name, more.join("; "))
}

fn grant_described(grant: &Grant) -> String {
    let of =
        grant.organisation.as_deref().map_or("of every organisation".to_owned(), |code| format!("of {code}"));
    let within =
        grant.area.map(|[west, south, east, north]| format!(" within {west},{south},{east},{north}"));
    format!("{} {of}{}", grant.role.code(), within.unwrap_or_default())
}

impl One {
    fn set_disabled(self, disabled: bool, by: &By<'_>) -> Result<(), Stopped> {
        let change = Change { disabled: Some(disabled), ..Change::default() };
        let account = open(&self.store)?.change(&self.id, &change, by, Timestamp::now()).map_err(stopped)?;
        print_line(&described(&account));
        Ok(())
    }
}

impl Granted {
    fn run(self, is_given: bool, by: &By<'_>) -> Result<(), Stopped> {
        let accounts = open(&self.store)?;
        let (mut grants, grant) = (accounts.account(&self.id).map_err(stopped)?.grants, self.grant.grant());
        let before = grants.len();
        grants.retain(|known| *known != grant);
        if !is_given && grants.len() == before {
            return Err(Stopped::usage(format!("{} has no grant {}", self.id, grant_described(&grant))));
        }
        if is_given {
            grants.push(grant);
        }
        let change = Change { grants: Some(grants), ..Change::default() };
        let account = accounts.change(&self.id, &change, by, Timestamp::now()).map_err(stopped)?;
        print_line(&described(&account));
        Ok(())
    }
}

impl MakeToken {
    fn run(self, by: &By<'_>) -> Result<(), Stopped> {
        let today = Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date();
        let expires_on = today.checked_add(i64::from(self.days).days()).map_err(Stopped::usage)?;
        let (access, levels) = (self.access, self.levels);
        // Whoever can write the file needs no proof of who he is.
        let new = NewToken { name: &self.name, access, levels, expires_on, second_factor: true };
        let accounts = open(&self.store)?;
        let (token, text) = accounts.make_token(&self.id, &new, by, Timestamp::now()).map_err(stopped)?;
        print_line(&format!(
            "token {} of {}, until {expires_on}, shown once:\n{text}",
            token.id, token.account
        ));
        Ok(())
    }
}

impl Reset {
    fn run(self, by: &By<'_>) -> Result<(), Stopped> {
        let (accounts, now) = (open(&self.store)?, Timestamp::now());
        if self.second_factor {
            accounts.reset_second_factor(&self.id, by, now).map_err(stopped)?;
            print_line(&format!("the second factor of {} is taken off", self.id));
        }
        let first = accounts.reset_password(&self.id, by, now).map_err(stopped)?;
        print_line(&format!("first password of {}, shown once: {}", self.id, first.0));
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "what was done is the command's output")]
fn print_line(text: &str) {
    println!("{text}");
}
