//! The same way to a server for programs that do many things at once, and the one cancelling a statement.

use super::connect::Target;
#[cfg(feature = "tls")]
use super::connect::TlsMode;
#[cfg(feature = "tls")]
use super::tls;
use crate::engine::error::Error;
use std::future::Future;
use std::pin::Pin;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Connection, NoTls, Socket};

/// What must be polled for the session to go on; ends with it.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the server says beside its answers.
pub type Notices = Box<dyn FnMut(&tokio_postgres::error::DbError) + Send>;

impl Target {
    /// Opens a session; `notices` is told what the server says beside its answers.
    pub async fn connect_async(&self, notices: Notices) -> Result<(Client, Running), Error> {
        let config: tokio_postgres::Config = self
            .driver_text()
            .parse()
            .map_err(|_| Error::usage("the settings of the connection cannot be read"))?;
        #[cfg(feature = "tls")]
        if self.tls().mode != TlsMode::Disable {
            let (client, connection) =
                config.connect(tls::connector(self.tls())?).await.map_err(|error| self.explain(&error))?;
            return Ok((client, run(connection, notices)));
        }
        let (client, connection) = config.connect(NoTls).await.map_err(|error| self.explain(&error))?;
        Ok((client, run(connection, notices)))
    }

    /// Asks the server to end what a session is doing.
    pub async fn cancel(&self, token: CancelToken) -> Result<(), Error> {
        #[cfg(feature = "tls")]
        if self.tls().mode != TlsMode::Disable {
            return token
                .cancel_query(tls::connector(self.tls())?)
                .await
                .map_err(|error| self.explain(&error));
        }
        token.cancel_query(NoTls).await.map_err(|error| self.explain(&error))
    }
}

fn run<T>(mut connection: Connection<Socket, T>, mut notices: Notices) -> Running
where
    T: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
{
    Box::pin(async move {
        // An end or an error of the connection is seen by whoever waits for an answer.
        while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notice(notice) = message {
                notices(&notice);
            }
        }
    })
}
