//! A target as text, and the parts of it that can be shown.

use super::Target;
#[cfg(feature = "async")]
use super::TlsMode;
use postgres::config::{ChannelBinding, Host, LoadBalanceHosts, SslNegotiation, TargetSessionAttrs};

impl Target {
    /// As key=value text, for libpq's programs (psql, pg_dump) and for [`Target::new`]; what variables filled in is in it.
    /// Holds the password.
    pub fn conninfo(&self) -> String {
        let (cert, key) = self.tls.identity.clone().unzip();
        let ours = [
            ("sslmode", Some(self.tls.mode.name().to_owned())),
            ("sslrootcert", self.tls.root.clone()),
            ("sslcert", cert),
            ("sslkey", key),
            ("dbname", self.config.get_dbname().map(ToOwned::to_owned)),
        ];
        joined(self.driver_pairs().into_iter().chain(ours))
    }

    /// The same for the driver, which reads TLS settings of its own only.
    #[cfg(feature = "async")]
    pub(in crate::engine::postgres) fn driver_text(&self) -> String {
        let mode = match self.tls.mode {
            TlsMode::Disable => "disable",
            TlsMode::Prefer => "prefer",
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => "require",
        };
        let name = self.config.get_application_name().map(ToOwned::to_owned);
        let ours = [
            ("sslmode", Some(mode.to_owned())),
            ("application_name", name),
            ("keepalives_idle", Some("30".to_owned())),
            ("dbname", self.config.get_dbname().map(ToOwned::to_owned)),
        ];
        joined(self.driver_pairs().into_iter().chain(ours))
    }

    fn driver_pairs(&self) -> [(&'static str, Option<String>); 11] {
        let config = &self.config;
        let list = |texts: Vec<String>| Some(texts.join(",")).filter(|text| !text.is_empty());
        let ports = config.get_ports().iter().map(ToString::to_string).collect();
        let direct = config.get_ssl_negotiation() == SslNegotiation::Direct;
        let balance = config.get_load_balance_hosts() == LoadBalanceHosts::Random;
        [
            ("host", list(config.get_hosts().iter().map(name).collect())),
            ("hostaddr", list(config.get_hostaddrs().iter().map(ToString::to_string).collect())),
            ("port", list(ports).or_else(|| Some("5432".to_owned()))),
            ("user", config.get_user().map(ToOwned::to_owned)),
            ("password", config.get_password().map(|bytes| String::from_utf8_lossy(bytes).into_owned())),
            ("options", config.get_options().map(ToOwned::to_owned)),
            ("connect_timeout", config.get_connect_timeout().map(|time| time.as_secs().to_string())),
            ("target_session_attrs", attributes(config.get_target_session_attrs()).map(ToOwned::to_owned)),
            ("channel_binding", binding(config.get_channel_binding()).map(ToOwned::to_owned)),
            ("load_balance_hosts", balance.then(|| "random".to_owned())),
            ("sslnegotiation", direct.then(|| "direct".to_owned())),
        ]
    }

    /// What is wanted of TLS.
    #[cfg(all(feature = "async", feature = "tls"))]
    pub(in crate::engine::postgres) fn tls(&self) -> &super::Tls {
        &self.tls
    }

    /// Whether the server is this machine: a unix socket, or an address of the loopback.
    pub fn is_local(&self) -> bool {
        let address = |address: &std::net::IpAddr| address.is_loopback();
        let addresses = self.config.get_hostaddrs();
        let host = |host: &Host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
            #[cfg(unix)]
            Host::Unix(_) => true,
        };
        if addresses.is_empty() {
            self.config.get_hosts().iter().all(host)
        } else {
            addresses.iter().all(address)
        }
    }

    /// The hosts, as they were given.
    pub fn host(&self) -> String {
        let hosts: Vec<String> = self.config.get_hosts().iter().map(name).collect();
        if hosts.is_empty() {
            let addresses = self.config.get_hostaddrs().iter().map(ToString::to_string);
            return addresses.collect::<Vec<_>>().join(",");
        }
        hosts.join(",")
    }

    /// The first port.
    pub fn port(&self) -> u16 {
        self.config.get_ports().first().copied().unwrap_or(5432)
    }
}

fn name(host: &Host) -> String {
    match host {
        Host::Tcp(host) => host.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

fn joined(pairs: impl Iterator<Item = (&'static str, Option<String>)>) -> String {
    pairs.filter_map(|(key, value)| Some(pair(key, &value?))).collect::<Vec<_>>().join(" ")
}

/// One setting of a key=value string.
pub(super) fn pair(key: &str, value: &str) -> String {
    format!("{key}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// As `target_session_attrs` has it, unless it is what is taken without.
fn attributes(attributes: TargetSessionAttrs) -> Option<&'static str> {
    match attributes {
        TargetSessionAttrs::ReadWrite => Some("read-write"),
        TargetSessionAttrs::ReadOnly => Some("read-only"),
        TargetSessionAttrs::Any | _ => None,
    }
}

/// As `channel_binding` has it, unless it is what is taken without.
fn binding(binding: ChannelBinding) -> Option<&'static str> {
    match binding {
        ChannelBinding::Disable => Some("disable"),
        ChannelBinding::Require => Some("require"),
        ChannelBinding::Prefer | _ => None,
    }
}
