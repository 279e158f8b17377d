//! `auth.*`

mod get_jwt;

pub(super) use raas_api::auth::GetJwt;
