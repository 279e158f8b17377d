//! People: what roles allow, accounts and groups, scopes, tokens and sessions, and who did what.

mod accounts;
mod audit;
mod beyond;
mod permissions;
pub(crate) mod scopes;
mod sign_in;
mod streams;

use raas_client::{Client, Credentials, Options};
use raas_db::account::{self, Account};

use crate::support::{PASSWORD, Server};

/// An account with this role, signed in. Its name is the role's.
pub(crate) async fn signed_in_as(server: &Server, role: &str) -> Client {
    let account = Account {
        password_hash: Some(raas_server::auth::hash(PASSWORD.to_owned()).await.unwrap()),
        roles: vec![role.to_owned()],
        ..Account::new(Server::uuid(), role, server.now())
    };
    assert!(account::insert(&server.db.db().client().await.unwrap(), &account).await.unwrap());
    client(server, role, PASSWORD)
}

/// Somebody's hands.
fn client(server: &Server, username: &str, password: &str) -> Client {
    let credentials = Credentials::Password { username: username.to_owned(), password: password.to_owned() };
    Client::new(Options::new(&server.url, credentials)).unwrap()
}
