//! A thread with a session of its own that does on a started server what nobody needs to wait for: dropping databases
//! (thousands of files) and bounding templates. What it has not done when the run ends, the next run's does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};

use postgres::{Client, Config, NoTls};

use super::database::drop_database;
use super::template;

/// Takes orders; ends when the value and its orders are gone, or the server.
pub(super) struct Janitor {
    orders: Sender<Order>,
    template_bytes: Arc<AtomicU64>,
}

enum Order {
    /// Drop the database.
    Drop(String),
    /// Have a spare empty database.
    Spare,
    /// Drop the templates that are too many.
    Bound,
    /// Say that everything before is done.
    Report(Sender<()>),
}

impl Janitor {
    pub(super) fn start(config: &Config, major: u16, template_bytes: u64) -> Self {
        let (orders, received) = channel();
        let bytes = Arc::new(AtomicU64::new(template_bytes));
        let janitor = Self { orders, template_bytes: Arc::clone(&bytes) };
        let config = config.clone();
        let work = move || {
            let Ok(mut session) = config.connect(NoTls) else {
                return;
            };
            for order in received {
                // What fails is tried again by the next run; that the server is gone is the end.
                let _ = obey(order, &mut session, &config, major, &bytes);
                if session.is_closed() {
                    return;
                }
            }
        };
        // Without the thread, orders go nowhere, and the next run has more to drop.
        let _ = std::thread::Builder::new().name("scratch-janitor".to_owned()).spawn(work);
        janitor
    }

    pub(super) fn drop_database(&self, name: String) {
        let _ = self.orders.send(Order::Drop(name));
    }

    pub(super) fn make_spare(&self) {
        let _ = self.orders.send(Order::Spare);
    }

    pub(super) fn bound_templates(&self) {
        let _ = self.orders.send(Order::Bound);
    }

    /// Waits until everything that was ordered is done.
    pub(super) fn wait(&self) {
        let (done, told) = channel();
        if self.orders.send(Order::Report(done)).is_ok() {
            let _ = told.recv();
        }
    }

    /// How much the templates take, as far as it is known.
    pub(super) fn template_bytes(&self) -> u64 {
        self.template_bytes.load(Ordering::Relaxed)
    }
}

fn obey(
    order: Order,
    session: &mut Client,
    config: &Config,
    major: u16,
    bytes: &AtomicU64,
) -> Result<(), postgres::Error> {
    match order {
        Order::Drop(name) => drop_database(session, &name, true)?,
        Order::Spare => template::make_spare(session, config, major)?,
        Order::Bound => {
            let (total, excess) = template::excess(session)?;
            bytes.store(total, Ordering::Relaxed);
            for name in excess {
                drop_database(session, &name, true)?;
            }
        }
        Order::Report(done) => {
            let _ = done.send(());
        }
    }
    Ok(())
}
